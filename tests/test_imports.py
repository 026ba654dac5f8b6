"""A check imports only what it needs: the hook answers in a blink because heavy libraries stay unloaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UNWANTED = frozenset({
    "asyncio", "html.parser", "importlib.metadata", "jinja2", "jsonschema", "license_expression", "pydantic", "rich", "spdx_tools",
    "tomllib",
})
MANIFEST = """\
version: 1
project: small
mau: {at_most: 2_000_000}
models:
  - meta-llama/Llama-3.3-70B-Instruct
  - {id: acme/tuned, license: apache-2.0, base: [{id: mistralai/Mistral-7B-v0.3, relation: fine-tune}]}
"""
RUN = """\
import sys
from caveat.cli.main import main
try:
    main(["check", "--format", sys.argv[1]])
except SystemExit as ended:
    print(ended.code, *sorted(sys.modules), file=sys.stderr)
"""


def imported(folder: Path, form: str) -> tuple[str, set[str]]:
    """Return the exit code of a check in a folder and the modules that it imported."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    run = subprocess.run([sys.executable, "-c", RUN, form], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    code, *modules = run.stderr.split()
    return code, set(modules)


def test_a_check_imports_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "caveat.yaml").write_text(MANIFEST, encoding="utf-8")
    imported(tmp_path, "text")  # the first check in a checkout compiles the rules, and pydantic checks them
    for form in ("text", "json"):
        code, modules = imported(tmp_path, form)
        assert code == "3"
        assert not modules & UNWANTED
        assert "caveat.resolve" in modules
