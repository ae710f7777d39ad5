# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the rooms of the inference importable one by one, for hosts without GDAL."""

from __future__ import annotations

import sys
from types import ModuleType

import benchmarks.package

NETWORK = f"{benchmarks.package.NAME}.inference.network"

# What opens a network for a run imports the raster room, and that one GDAL. Its own __init__ is not run.
if NETWORK not in sys.modules:
    rooms = ModuleType(NETWORK)
    rooms.__path__ = [str(benchmarks.package.ROOT / "inference" / "network")]
    sys.modules[NETWORK] = rooms
