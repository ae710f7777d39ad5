# SPDX-License-Identifier: GPL-2.0-or-later
"""Events of a run: facts in fields, and sentences for a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Union

from .errors import ClassifyPixelsError
from .notices import Caution, Note
from .phrase import Phrase


class Event:
    """Base of all events: untranslated sentences for a log, and a rank."""

    is_warning: ClassVar[bool] = False

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The sentences for the log, in their order."""
        return ()


@dataclass(frozen=True)
class Progressed(Event):
    """The finished share of the work, 0 to 1."""

    fraction: float


@dataclass(frozen=True)
class PolygonsProgressed(Event):
    """The finished share of the polygons, 0 to 1, which are made after all strips."""

    fraction: float


@dataclass(frozen=True)
class RunStarted(Event):
    """A run is about to compute its tiles; lengths are in pixels, `tile` is (height, width)."""

    model: str
    classes: int
    device: str
    workers: int
    columns: int
    rows: int
    tiles: int
    tile: tuple[int, int]
    halo: int
    stride: int
    batch: int
    halo_reason: Phrase
    stride_reason: Phrase

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Model, device, size, tiles, and the reasons for halo and stride."""
        height, width = self.tile
        tiles = {"count": self.tiles, "width": width, "height": height, "halo": self.halo, "stride": self.stride}
        reasons = {"padding_reason": self.halo_reason, "stride_reason": self.stride_reason}
        return (
            Phrase(Note.MODEL, {"name": self.model, "count": self.classes}),
            Phrase(Note.DEVICE, {"device": self.device, "workers": self.workers}),
            Phrase(Note.SIZE, {"columns": self.columns, "rows": self.rows}),
            Phrase(Note.TILES, {**tiles, "batch": self.batch}),
            Phrase(Note.TILE_REASONS, {"padding": self.halo, "stride": self.stride, **reasons}),
        )


@dataclass(frozen=True)
class StripsResumed(Event):
    """An earlier run of the same request finished `count` strips."""

    count: int

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """One sentence."""
        return (Phrase(Note.RESUMED, {"count": self.count}),)


@dataclass(frozen=True)
class StripsKept(Event):
    """A run ended early; `count` finished strips stay in a folder for the next one."""

    count: int
    folder: Path
    is_warning: ClassVar[bool] = True

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """One sentence."""
        return (Phrase(Caution.STRIPS_KEPT, {"count": self.count, "folder": self.folder}),)


@dataclass(frozen=True)
class ItemStarted(Event):
    """A raster of a collection is next; `index` counts from 1."""

    index: int
    count: int
    raster: str

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """One sentence."""
        return (Phrase(Note.ITEM, {"index": self.index, "count": self.count, "raster": self.raster}),)


@dataclass(frozen=True)
class ItemSkipped(Event):
    """A raster of a collection has nothing to classify; the error holds the reason."""

    error: ClassifyPixelsError

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The error's sentence."""
        return (Phrase(self.error.sentence, self.error.values),)


@dataclass(frozen=True)
class ItemFailed(ItemSkipped):
    """A raster of a collection could not be classified."""

    is_warning: ClassVar[bool] = True


@dataclass(frozen=True)
class Noted(Event):
    """A sentence for the log, and the values for its braces."""

    kind: Note
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The sentence."""
        return (Phrase(self.kind, self.values),)


@dataclass(frozen=True)
class Warned(Event):
    """A warning for the user, and the values for its braces."""

    kind: Caution
    values: dict[str, Any] = field(default_factory=dict)
    is_warning: ClassVar[bool] = True

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The sentence."""
        return (Phrase(self.kind, self.values),)


# A sentence on an input.
Remark = Union[Noted, Warned]
