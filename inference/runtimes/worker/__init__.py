# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a network or a raster function in a separate process, whose crash does not affect QGIS."""

from __future__ import annotations

from .client import WorkerBackend
from .interpreter import child_environment, find_interpreter

__all__ = ["WorkerBackend", "child_environment", "find_interpreter"]
