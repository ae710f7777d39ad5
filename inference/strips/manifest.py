# SPDX-License-Identifier: GPL-2.0-or-later
"""What the strips of a run were made of, so that a run that goes on makes the others alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..network import PreparedModel
from ..tiling import TileShape


@dataclass(frozen=True)
class Manifest:
    """The fingerprint of a request, and the tiles and the batch that were chosen for it."""

    fingerprint: str
    shape: TileShape
    batch_size: int

    def document(self) -> dict[str, Any]:
        """Returns the manifest as JSON."""
        return asdict(self)

    def fits(self, prepared: PreparedModel) -> PreparedModel:
        """Returns the model with the tiles and the batch of this manifest."""
        return replace(prepared, shape=self.shape, batch_size=self.batch_size)


def read_manifest(document: Mapping[str, Any] | None) -> Manifest | None:
    """Returns the manifest of an earlier run, None where there is none that can be read."""
    try:
        values = dict(document or {})
        return Manifest(str(values["fingerprint"]), TileShape(**values["shape"]), int(values["batch_size"]))
    except (KeyError, TypeError, ValueError):
        return None
