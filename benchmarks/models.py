# SPDX-License-Identifier: GPL-2.0-or-later
"""Published models and the paths of their networks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import benchmarks.package
from benchmarks.measure import NotMeasuredError
from classify_pixels.inference.models import Model, open_model, read_model_reference

MODELS = benchmarks.package.ROOT / "build" / "models"
SCRIPT = benchmarks.package.ROOT / "scripts" / "package_cloud_model.py"
SAMPLE = benchmarks.package.ROOT / "resources" / "sample" / "landsat7_landcover.emd"


def cloud_model() -> Path:
    """Returns ukis-csmask for six bands, a network for tiles of 256 pixels, downloaded from PyPI once."""
    package = MODELS / "ukis_csmask_6b_l1c.dlpk"
    if not package.is_file():
        done = subprocess.run([sys.executable, str(SCRIPT), str(MODELS)], capture_output=True, text=True)
        if done.returncode:
            raise NotMeasuredError(f"the cloud network could not be fetched: {done.stderr.strip()[-200:]}")
    return package


def opened(model: Path, folder: Path) -> Model:
    """Returns the definition and the weights of a model; a package is unpacked below the folder."""
    return open_model(read_model_reference(model), folder / "cache")
