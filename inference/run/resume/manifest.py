# SPDX-License-Identifier: GPL-2.0-or-later
"""What the strips of a run were made of, so that a run that goes on makes the others alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ...network import PreparedModel
from ...tiling import TileShape
from .sealed_file import is_whole


@dataclass(frozen=True)
class Manifest:
    """The key of a request, and the tiles and the batch that were chosen for it."""

    request_key: str
    shape: TileShape
    batch_size: int

    def document(self) -> dict[str, Any]:
        """Returns the manifest as JSON."""
        return asdict(self)

    def fits(self, prepared: PreparedModel) -> PreparedModel:
        """Returns the model with the tiles and the batch of this manifest."""
        return replace(prepared, shape=self.shape, batch_size=self.batch_size)


def read_manifest(document: Mapping[str, Any]) -> Manifest | None:
    """Returns the manifest of an earlier run, None where there is none that can be read."""
    try:
        shape = TileShape(**document["shape"])
        manifest = Manifest(document["request_key"], shape, document["batch_size"])
    except (KeyError, TypeError):
        return None
    numbers = ((shape.height, 1), (shape.width, 1), (shape.stride, 1), (shape.halo, 0), (shape.margin, 0))
    sound = all(is_whole(number, least) for number, least in (*numbers, (manifest.batch_size, 1)))
    return manifest if sound and isinstance(shape.fixed, bool) and isinstance(manifest.request_key, str) else None
