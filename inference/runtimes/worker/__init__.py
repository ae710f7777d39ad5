# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a network or a raster function in a process of its own, whose end is not the end of QGIS."""

from __future__ import annotations

from .client import WorkerBackend
from .interpreter import child_environment, find_interpreter

__all__ = ["WorkerBackend", "child_environment", "find_interpreter"]
