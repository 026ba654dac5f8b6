"""Write docs/report*.png: what the HTML report of the demo looks like in a browser, at its top and at a model."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "fixtures" / "demo-support-assistant"


def main() -> int:
    """Write the picture; returns the exit code."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        report = Path(scratch) / "report.html"
        subprocess.run([sys.executable, "-m", "caveat", "check", "--as-of", "2026-11-22", "-o", f"html={report}"], cwd=DEMO,
                       stdout=subprocess.DEVNULL, check=False)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1180, "height": 900}, color_scheme="light")
        page.goto(report.as_uri())
        page.screenshot(path=ROOT / "docs" / "report.png")
        page.goto(f"{report.as_uri()}#p1-m2")
        page.screenshot(path=ROOT / "docs" / "report-model.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
