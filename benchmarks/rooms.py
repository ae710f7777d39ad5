# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the rooms of the inference importable one by one, for hosts that have no GDAL."""

from __future__ import annotations

import sys
from types import ModuleType

import benchmarks.package

NAME = f"{benchmarks.package.NAME}.inference"

# The inference as a whole imports its raster room, and that one GDAL; so its own __init__ is not run.
if NAME not in sys.modules:
    rooms = ModuleType(NAME)
    rooms.__path__ = [str(benchmarks.package.ROOT / "inference")]
    sys.modules[NAME] = rooms
