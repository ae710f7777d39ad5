# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of this process, stopped at a row until they are let go or cancelled."""

from __future__ import annotations

from threading import Condition
from typing import Any

from classify_pixels.inference.network.classifying import TileClassifier
from classify_pixels.inference.network.runner import Block
from classify_pixels.inference.tiling import Tile


class Hold:
    """Stops each run at a row of its scene until it is let go, so that a look at it never comes too late.

    A run that is cancelled goes on by itself.
    """

    def __init__(self, row: int) -> None:
        self._row, self._changed = row, Condition()
        self._process, self._interrupt = TileClassifier.process, TileClassifier.interrupt
        # A classifier is a run's own.
        self._stopped: list[TileClassifier] = []
        self._free: list[TileClassifier] = []
        hold = self

        def process(classifier: TileClassifier, tiles: list[Tile], blocks: list[Block]) -> list[Any]:
            hold._stop(classifier, tiles)
            return hold._process(classifier, tiles, blocks)

        def interrupt(classifier: TileClassifier) -> None:
            hold._let_go([classifier])
            hold._interrupt(classifier)

        TileClassifier.process, TileClassifier.interrupt = process, interrupt  # type: ignore[method-assign]

    @property
    def holds(self) -> bool:
        """Is a run stopped?"""
        with self._changed:
            return any(not self._is_free(stopped) for stopped in self._stopped)

    def let_go(self) -> None:
        """Lets the runs go on that are stopped now."""
        self._let_go(self._stopped)

    def end(self) -> None:
        """Lets all runs go on, and stops none from now on."""
        TileClassifier.process, TileClassifier.interrupt = self._process, self._interrupt  # type: ignore[method-assign]
        self.let_go()

    def _stop(self, classifier: TileClassifier, tiles: list[Tile]) -> None:
        if tiles[0].core.y >= self._row:
            with self._changed:
                self._stopped.append(classifier)
                self._changed.wait_for(lambda: self._is_free(classifier))

    def _let_go(self, classifiers: list[TileClassifier]) -> None:
        with self._changed:
            self._free.extend(classifiers)
            self._changed.notify_all()

    def _is_free(self, classifier: TileClassifier) -> bool:
        return any(classifier is free for free in self._free)
