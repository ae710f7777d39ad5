# SPDX-License-Identifier: GPL-2.0-or-later
"""Stride and halo of a network, measured by running it.

Two tiles of one random scene with different origins are compared where both have scores. If they agree beyond a rim,
bit for bit or up to rounding, the network is local, the distance of the origins is a multiple of its stride, and the
rim is the halo. That is up to a stride less than the reach of one changed pixel, because cores begin on the stride. If
they agree nowhere, the network sees the whole tile (or beyond a quarter of a fixed one): seams are bounded, not
absent, and the log has the bound. Only an exact halo lets the tile size be chosen by it, as the result does not depend
on it.

A halo that the definition declares is checked before tiles become larger than declared. Of the sizes that a network
takes, the one with the least time for a kept pixel is chosen.

Findings are cached by the hash of the weights. A probe that takes too long or finds nothing leaves a quarter of the
tile as halo and 32 as stride, as the log states.
"""

from __future__ import annotations

from .found import LARGEST_STRIDE, find_probe
from .noise import noise_scenes
from .probe import SECONDS, Probe, Probing
from .sizes import TileSize, find_size, memory_class
from .tile_size import tile_size_for
from .weights_hash import files_sha256

__all__ = [
    "LARGEST_STRIDE",
    "SECONDS",
    "Probe",
    "Probing",
    "TileSize",
    "files_sha256",
    "find_probe",
    "find_size",
    "memory_class",
    "noise_scenes",
    "tile_size_for",
]
