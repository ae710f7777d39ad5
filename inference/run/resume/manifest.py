# SPDX-License-Identifier: GPL-2.0-or-later
"""The manifest of a run's strips, so that another process can make the missing ones alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ...network import PreparedModel
from ...tiling import StripSize, TileShape
from .sealed_file import is_whole, sealed


@dataclass(frozen=True)
class Manifest:
    """The keys of a request and of its network, and the chosen tiles, batch and strips.

    `version` is that of the plugin.
    """

    request_key: str
    network_key: str
    shape: TileShape
    batch_size: int
    strip: StripSize
    version: str

    def document(self) -> dict[str, Any]:
        """Returns the manifest as a JSON object."""
        return asdict(self)

    def fits(self, prepared: PreparedModel) -> PreparedModel:
        """Returns the model with the tiles and the batch of this manifest."""
        return replace(prepared, shape=self.shape, batch_size=self.batch_size)


def manifest_digest(manifest: Manifest) -> str:
    """Returns the SHA-256 of a manifest, which the records of its strips carry."""
    return sealed(manifest.document())[1]


def read_manifest(document: Mapping[str, Any]) -> Manifest | None:
    """Returns the manifest of an earlier run; None if there is none or it is not valid."""
    try:
        shape, strip = TileShape(**document["shape"]), StripSize(**document["strip"])
        texts = document["request_key"], document["network_key"], document["version"]
        manifest = Manifest(*texts[:2], shape, document["batch_size"], strip, texts[2])
    except (KeyError, TypeError):
        return None
    sizes = (shape.height, shape.width, shape.stride, strip.height, strip.width, manifest.batch_size)
    sound = all(is_whole(size, 1) for size in sizes) and all(map(is_whole, (shape.halo, shape.margin, shape.rest)))
    flags = isinstance(shape.fixed, bool) and isinstance(shape.exact, bool)
    return manifest if sound and flags and all(isinstance(text, str) for text in texts) else None
