"""Build hook: the wheel carries the rules checked, indexed and compiled into one file, so that a check parses no YAML."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    """Put `compiled.pack` beside the rules of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the rules, unless the install is editable and reads them where they are."""
        if version == "editable":
            return
        sys.path.insert(0, os.path.join(self.root, "src"))
        try:
            from caveat.catalogue import compiled_pack
            from caveat.pack import written

            compiled = written(compiled_pack(os.path.join(self.root, "rules")))
        finally:
            sys.path.pop(0)
        self.scratch = tempfile.TemporaryDirectory()
        path = os.path.join(self.scratch.name, "compiled.pack")
        with open(path, "wb") as file:
            file.write(compiled)
        build_data["force_include"][path] = "caveat/_rules/compiled.pack"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled for the build."""
        if hasattr(self, "scratch"):
            self.scratch.cleanup()
