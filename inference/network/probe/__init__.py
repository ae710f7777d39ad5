# SPDX-License-Identifier: GPL-2.0-or-later
"""What is seen of a network by running it: how its tiles must lie, and how far it looks."""

from __future__ import annotations

from .found import LARGEST_STRIDE, find_probe
from .noise import noise_scenes
from .probe import SECONDS, Probe, Probing
from .tile_size import tile_size_for

__all__ = ["LARGEST_STRIDE", "SECONDS", "Probe", "Probing", "find_probe", "noise_scenes", "tile_size_for"]
