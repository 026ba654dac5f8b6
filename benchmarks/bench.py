"""Measure whole processes: a bare interpreter, its usual imports, and a check of 20 models.

The programs take turns (A B C A B C …), so that a slow moment of the machine falls on all of them; the median counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

IDS = (
    "meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.2-3B-Instruct", "meta-llama/Llama-3.2-11B-Vision-Instruct",
    "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Meta-Llama-3-8B-Instruct", "meta-llama/Llama-2-13b-hf",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct", "mistralai/Mistral-7B-Instruct-v0.3", "mistralai/Pixtral-12B-2409",
    "mistralai/Devstral-Small-2507", "mistralai/Magistral-Small-2506", "mistralai/Voxtral-Mini-3B-2507",
)
HEAD = """\
version: 1
project: benchmark
organization: {name: Acme, kind: company, domicile: US, litigation: none, restricted_party: false}
mau: {at_most: 2_000_000}
purpose: commercial
end_users: third-parties
region: [US, GB]
intended_use: [customer-support, translation]
ai_disclosure: disclosed
distribution: [hosted-service]
status: planned
models:
"""


class Spent(NamedTuple):
    """What one process cost, in seconds."""

    wall: float
    cpu: float


def manifest() -> str:
    """Return a manifest of 20 models: known ones and fine-tunes of them."""
    known = [f"  - {name}\n" for name in IDS]
    ours = [f"  - {{id: acme/Llama-{number}, base: [{{id: {name}, relation: fine-tune}}], safeguards: {{altered: false}}}}\n"
            for number, name in enumerate(IDS[: 20 - len(IDS)])]
    return HEAD + "".join(known + ours)


def spent(command: list[str], folder: Path, environment: dict[str, str]) -> Spent:
    """Run a command and return what it cost; its output is thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=31, help="runs of each program (default: 31)")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has caveat (default: this one)")
    options = parser.parse_args()
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED")}
    programs = {
        "python -c pass": [options.python, "-c", "pass"],
        "import click, pydantic, yaml": [options.python, "-c", "import click, pydantic, yaml"],
        "caveat check, 20 models": [options.python, "-m", "caveat", "check", "--as-of", "2026-11-22"],
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "caveat.yaml").write_text(manifest(), encoding="utf-8")
        for command in programs.values():
            spent(command, folder, environment)
        times: dict[str, list[Spent]] = {name: [] for name in programs}
        for _ in range(options.runs):
            for name, command in programs.items():
                times[name].append(spent(command, folder, environment))
    show(times)


def show(times: dict[str, list[Spent]]) -> None:
    """Print medians, and each program as a multiple of the first one."""
    wall = {name: statistics.median(one.wall for one in runs) for name, runs in times.items()}
    cpu = {name: statistics.median(one.cpu for one in runs) for name, runs in times.items()}
    first = next(iter(times))
    print(f"{'median of ' + str(len(times[first])) + ' runs':<32}{'wall':>10}{'':>8}{'user+sys':>12}")
    for name in times:
        print(f"{name:<32}{wall[name] * 1000:>7.0f} ms{wall[name] / wall[first]:>7.1f}x{cpu[name] * 1000:>9.0f} ms"
              f"{cpu[name] / cpu[first]:>7.1f}x")


if __name__ == "__main__":
    main()
