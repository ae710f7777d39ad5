# SPDX-License-Identifier: GPL-2.0-or-later
"""The model definition as a Python raster function reads it: a file whose ModelFile leads to the weights."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import ModelUnreadableError
from ...models.json_text import read_json


class FunctionDefinition:
    """The .emd itself, or a copy that names the weights where they are, which `close` removes.

    Functions join folder and ModelFile by themselves. Definitions that were written on Windows (`.\\model.pt`, or a
    whole path) lead them nowhere on other systems, and on another machine.
    """

    def __init__(self, path: Path, weights: Path | None) -> None:
        self.path = path
        self._undone = ExitStack()
        try:
            document = read_json(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise ModelUnreadableError(model=path, reason=error.strerror or error) from error
        named = str(document.get("ModelFile") or "")
        if weights is None or os.path.isfile(os.path.join(path.parent, named)):
            return
        folder = self._undone.enter_context(TemporaryDirectory(prefix="classify-pixels-"))
        self.path = Path(folder) / path.name
        self.path.write_text(json.dumps({**document, "ModelFile": str(weights.resolve())}), encoding="ascii")

    def close(self) -> None:
        """Removes what was written."""
        self._undone.close()
