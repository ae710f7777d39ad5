# SPDX-License-Identifier: GPL-2.0-or-later
"""Model references: a file, or the definition itself as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelUnreadableError
from ..phrase import Phrase
from .emd.emd_file import read_emd_text


@dataclass(frozen=True)
class ModelReference:
    """A model file (.emd, .dlpk, or weights), or a definition as JSON.

    The files that a definition in JSON names are those in `folder`, where one is given.
    """

    path: Path | None = None
    document: Mapping[str, Any] | None = None
    folder: Path | None = None


def read_model_reference(value: object) -> ModelReference:
    """Returns the reference for a path, a JSON text or a mapping."""
    if isinstance(value, str) and value.strip().startswith("{"):
        value = read_emd_text(value, model="(JSON)")
    if isinstance(value, Mapping):
        return ModelReference(document=value)
    if not value or not isinstance(value, (str, Path)):
        raise ModelUnreadableError(model=value or "(none)", reason=Phrase("no model is set"))
    return ModelReference(path=Path(value))
