# SPDX-License-Identifier: GPL-2.0-or-later
"""The model definition for a Python raster function: a file whose ModelFile resolves to the weights."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ...errors import ModelUnreadableError
from ...models.json_text import read_json


def readable_definition(path: Path, weights: Path | None, folder: Path) -> Path:
    """Returns the .emd itself, or a copy in the folder with the absolute path of the weights.

    Functions join the definition's folder and ModelFile. Definitions written on Windows (`.\\model.pt`, or a whole
    path) lead nowhere then on other systems, and on another machine.
    """
    try:
        document = read_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ModelUnreadableError(model=path, reason=error.strerror or error) from error
    named = str(document.get("ModelFile") or "")
    if weights is None or os.path.isfile(os.path.join(path.parent, named)):
        return path
    copy = folder / path.name
    copy.write_text(json.dumps({**document, "ModelFile": str(weights.resolve())}), encoding="ascii")
    return copy
