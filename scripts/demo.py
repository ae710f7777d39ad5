# SPDX-License-Identifier: GPL-2.0-or-later
"""Classifies the sample scene with the real qgis_process, prints the classes and draws the map."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from map_image import draw_map

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "sample"
FOLDER = ROOT / "build" / "demo"


def main() -> int:
    """Runs the demo; returns the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    results = classify(SAMPLE / "landsat7_olinda.tif", SAMPLE / "landsat7_landcover.emd", FOLDER / "classified.tif")
    taken = time.monotonic() - started
    print(table(json.loads(results["CLASSES"])))
    print(f"\nDevice: {results['DEVICE']}")
    print(f"Time: {results['SECONDS']:.1f} s, {taken:.1f} s with the start of QGIS")
    draw_map(FOLDER / "classified.tif", FOLDER / "classified.png", "Land cover of Olinda, Landsat 7")
    for name in ("classified.tif", "classified.png"):
        print(f"Written: {(FOLDER / name).relative_to(ROOT)}")
    return 0


def classify(raster: Path, model: Path, output: Path) -> dict[str, Any]:
    """Runs the algorithm through qgis_process; returns its outputs."""
    parameters = [f"INPUT={raster}", f"MODEL={model}", f"OUTPUT={output}"]
    command = [str(ROOT / "scripts" / "qgis_process"), "--json", "run", "deeplearning:classifypixels", "--"]
    done = subprocess.run([*command, *parameters], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return dict(answer["results"])


def table(classes: list[dict[str, Any]]) -> str:
    """Returns the classes as lines of text."""
    total = sum(item["pixels"] for item in classes) or 1
    lines = [f"{'value':>5}  {'class':<20} {'pixels':>10} {'area (km2)':>11} {'share':>7}"]
    lines += [
        f"{item['value']:>5}  {item['name']:<20} {item['pixels']:>10,} {item['area'] / 1e6:>11.2f} "
        f"{item['pixels'] / total:>7.1%}"
        for item in classes
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
