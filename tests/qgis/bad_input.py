# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters with one error, in an otherwise correct folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..networks import class_definition, pointwise_network
from .command import classify_plainly
from .scenes import TILE, VALUES, snapshot, write_definition, write_raster


@dataclass(frozen=True)
class Bad:
    """Parameters that replace good ones, and required words of the message."""

    parameters: Mapping[str, Any]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Workshop:
    """A folder with a good raster, a good model and an older result; cases add their bad things."""

    folder: Path
    definition: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> dict[str, Any]:
        """Parameters that work, with names relative to the folder."""
        return {"INPUT": "good.tif", "MODEL": "good.emd", "OUTPUT": "out.tif"}

    def write_model(self, name: str = "bad.emd", **keys: Any) -> str:
        """Writes the good definition with other keys; None takes a key away."""
        document = {key: value for key, value in {**self.definition, **keys}.items() if value is not None}
        write_definition(self.folder / name, document)
        return name

    def bad_model(self, *words: str, **keys: Any) -> Bad:
        """Returns the case of a definition with these keys."""
        return Bad({"MODEL": self.write_model(**keys)}, words)


def open_workshop(folder: Path) -> Workshop:
    """Returns a fresh workshop in a folder."""
    pixels = np.random.default_rng(1).integers(1, 200, (2, 40, 50), np.uint8)
    write_raster(folder / "good.tif", pixels, names=("red", "green"))
    network = pointwise_network(folder / "good.onnx", bands=2, channels=len(VALUES))
    definition = class_definition(network, bands=2, values=VALUES, tile=TILE)
    write_definition(folder / "good.emd", definition)
    for name in ("out.tif", "out.qml", "out.tif.aux.xml"):
        (folder / name).write_bytes(b"an older result")
    return Workshop(folder, definition)


Case = Callable[[Workshop], Bad]


class Cases(list[Case]):
    """A list of cases; as a decorator it adds one."""

    def __call__(self, make: Case) -> Case:
        """Adds a case."""
        self.append(make)
        return make


def assert_refused(workshop: Workshop, bad: Bad, run: Callable[..., Any]) -> None:
    """Fails unless a run refuses the parameters with the words of the case, and leaves the folder alone."""
    from qgis.core import QgsProcessingException

    from .log import Log

    before, log = snapshot(workshop.folder), Log()
    with pytest.raises(QgsProcessingException) as caught:
        run(log, **{**workshop.good, **bad.parameters})
    for said in bad.words:
        assert said in str(caught.value)
    assert "Traceback" not in "\n".join([str(caught.value), *log.lines, *log.warnings, *log.errors])
    assert snapshot(workshop.folder) == before


def assert_command_refused(workshop: Workshop, bad: Bad) -> None:
    """Does the same for the command line, which starts QGIS each time: the sentence, exit code 1, and no change."""
    before = snapshot(workshop.folder)
    finished = classify_plainly(workshop.folder, **{**workshop.good, **bad.parameters})
    assert finished.code == 1, finished.stdout + finished.stderr
    for said in bad.words:
        assert said in finished.stderr, finished.stderr
    assert "Traceback" not in finished.stdout + finished.stderr
    assert snapshot(workshop.folder) == before
