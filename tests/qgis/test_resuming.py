# SPDX-License-Identifier: GPL-2.0-or-later
"""Remains of a cancelled run: finished strips beside a file, nothing of a temporary layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingUtils, QgsProject

from classify_pixels.processing_provider.destinations import is_temporary

from .command import ALGORITHM
from .scenes import Scene, read_pixels, write_raster

pytestmark = pytest.mark.usefixtures("plugin")


class Cancelling(QgsProcessingFeedback):
    """Cancels at a share of the work, in percent; keeps the sentences of the log."""

    def __init__(self, at: float) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.progressChanged.connect(lambda progress: self.cancel() if progress >= at else None)

    def pushInfo(self, text: str) -> None:  # noqa: N802
        self.lines.append(text)

    def pushWarning(self, text: str) -> None:  # noqa: N802
        self.lines.append(text)


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """A raster of four strips."""
    (tmp_path / "in").mkdir()
    pixels = np.random.default_rng(8).integers(1, 200, (2, 2048, 64), np.uint8)
    return write_raster(tmp_path / "in" / "tall.tif", pixels)


def run(raster: Path, scene: Scene, output: str, at: float) -> Cancelling:
    import processing

    feedback = Cancelling(at)
    parameters = {
        "INPUT": str(raster), "MODEL": str(scene.model), "OUTPUT": output, "MODEL_ARGUMENTS": "tile_size 64",
        "PARALLEL_PROCESSING_FACTOR": "1",
    }  # fmt: skip
    if at > 100:
        processing.run(ALGORITHM, parameters, feedback=feedback)
    else:
        with pytest.raises(QgsProcessingException, match="The classification was cancelled"):
            processing.run(ALGORITHM, parameters, feedback=feedback)
    return feedback


def strips_in(folder: Path) -> set[Path]:
    return set(folder.rglob(".*.strips"))


def test_a_file_is_gone_on_with(raster: Path, scene: Scene, project: QgsProject, tmp_path: Path) -> None:
    run(raster, scene, str(tmp_path / "whole.tif"), at=101)
    output = tmp_path / "out.tif"
    told = run(raster, scene, str(output), at=60).lines
    assert any("Progress is saved" in line for line in told)
    assert strips_in(tmp_path) == {tmp_path / ".out.tif.strips"}
    told = run(raster, scene, str(output), at=101).lines
    assert any("Resuming" in line for line in told)
    np.testing.assert_array_equal(read_pixels(output), read_pixels(tmp_path / "whole.tif"))
    assert not strips_in(tmp_path)


@pytest.mark.parametrize("form", ["TEMPORARY_OUTPUT", "path"])
def test_nothing_stays_of_a_temporary_layer(form: str, raster: Path, scene: Scene, project: QgsProject) -> None:
    folder = Path(QgsProcessingUtils.tempFolder())
    before = strips_in(folder)
    output = form if form != "path" else QgsProcessingUtils.generateTempFilename("map.tif")
    told = run(raster, scene, output, at=60).lines
    assert strips_in(folder) == before
    assert not any("Progress is saved" in line for line in told)


def test_what_is_temporary(tmp_path: Path) -> None:
    folder = QgsProcessingUtils.tempFolder()
    assert is_temporary(QgsProcessingUtils.generateTempFilename("map.tif"))
    assert is_temporary(f"{folder}/../{Path(folder).name}/map.tif")
    assert not is_temporary(str(tmp_path / "map.tif"))
    assert not is_temporary(f"{folder}.tif")
