# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the rooms of the inference importable one by one, for hosts without GDAL."""

from __future__ import annotations

import sys
from types import ModuleType

import benchmarks.package

INFERENCE = f"{benchmarks.package.NAME}.inference"

# The inference as a whole imports its raster room, and that one GDAL; so does what opens a network for a run. Their
# own __init__ is not run.
FOLDERS = {INFERENCE: "inference", f"{INFERENCE}.network": "inference/network"}

for name, folder in FOLDERS.items():
    if name not in sys.modules:
        rooms = ModuleType(name)
        rooms.__path__ = [str(benchmarks.package.ROOT / folder)]
        sys.modules[name] = rooms
