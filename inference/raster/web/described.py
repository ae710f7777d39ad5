# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters of servers that any process can open."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..read.source import RasterSource


class WebInput(ABC):
    """A raster of a server by plain values, without a secret: a frozen value.

    It holds a text of its own for each run: the content of a server may change unnoticed, so no run takes over the
    strips of another one.
    """

    @abstractmethod
    def open(self) -> RasterSource:
        """Returns the raster, which the caller closes; raises if its server describes it in another way than before."""
