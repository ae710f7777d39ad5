# SPDX-License-Identifier: GPL-2.0-or-later
"""What is seen of a network by running it: how its tiles must lie, and how far it looks."""

from __future__ import annotations

from .found import find_probe
from .probe import SECONDS, Probe, Probing
from .tile_size import tile_size_for

__all__ = ["SECONDS", "Probe", "Probing", "find_probe", "tile_size_for"]
