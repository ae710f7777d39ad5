# SPDX-License-Identifier: GPL-2.0-or-later
"""Template definitions: those ArcGIS writes with training samples, and unfinished drafts."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PureWindowsPath

from ..definition import ModelDefinition
from ..keys import Keys

# Written by Export Training Data For Deep Learning to describe its rasters and tiles.
TRAINING_KEYS = frozenset({"InputRastersProps", "AllTilesStats"})
# The functions of the drafts in Esri's collection of custom models (github.com/Esri/raster-deep-learning).
DRAFT = "drafttemplate"


def is_template(definition: ModelDefinition) -> bool:
    """True for a definition of a template, whose weights do not exist."""
    return _is_template(definition.ignored, definition.inference_function)


def is_template_without_weights(keys: Keys) -> bool:
    """True for a template that names no weights."""
    return not keys.text("ModelFile") and _is_template(keys.document or {}, keys.text("InferenceFunction"))


def _is_template(names: Collection[str], function: str) -> bool:
    draft = PureWindowsPath(function).name.lower().startswith(DRAFT)
    return draft or not TRAINING_KEYS.isdisjoint(names)
