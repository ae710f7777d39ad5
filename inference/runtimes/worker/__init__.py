# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a network or a raster function in a separate process, whose end does not end QGIS.

Frames are files that both processes map, in memory if the system has such a folder. Python's shared memory would start
a process through `sys.executable`, which inside QGIS is QGIS. Messages are JSON; standard output belongs to the
network, which may print. A thread of the worker reads continuously, so that the worker ends with QGIS even during a
call.
"""

from __future__ import annotations

from .client import WorkerBackend
from .interpreter import child_environment, find_interpreter

__all__ = ["WorkerBackend", "child_environment", "find_interpreter"]
