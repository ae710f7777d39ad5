# SPDX-License-Identifier: GPL-2.0-or-later
"""NODATA_RULE from QGIS: the same for files, layers, services and on the command line, reported in the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProject, QgsRasterLayer, QgsRasterRange

from classify_pixels.plugin_support.sources.layer_source import LayerSource

from ..servers.image_service import ImageServiceServer
from .command import classify, needs_qgis_process
from .log import Log
from .scenes import Scene, read_pixels, write_raster

Run = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("plugin")

RULES = ("ANY", "ALL")


@pytest.fixture
def run(plugin: Any, scene: Scene, tmp_path: Path) -> Run:
    import processing

    def classify_here(**parameters: Any) -> str:
        log = Log()
        values = {"MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif"), **parameters}
        processing.run("deeplearning:classifypixels", values, feedback=log)
        return "\n".join(log.lines)

    return classify_here


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """Two bands, each without some pixels of the other one."""
    pixels = np.random.default_rng(6).integers(1, 200, (2, 60, 70), np.uint8)
    pixels[0, 10:20] = pixels[1, :, 30:40] = 0
    return write_raster(tmp_path / "partly.tif", pixels, no_data=0, options=["PHOTOMETRIC=MINISBLACK"])


def bands_of(raster: Path) -> np.ndarray:
    """The valid values of the bands in GDAL's masks."""
    dataset = gdal.Open(str(raster))
    return np.stack([dataset.GetRasterBand(n).GetMaskBand().ReadAsArray() != 0 for n in (1, 2)])


def assert_rule(rule: str, valid: np.ndarray, log: str, output: Path) -> None:
    every, some = valid.all(axis=0), valid.any(axis=0)
    np.testing.assert_array_equal(read_pixels(output) != 255, every if rule == "ANY" else some)
    assert f"NoData rule {rule}:" in log
    assert f"The NoData rule {rule} affected {np.count_nonzero(some & ~every)} pixels" in log


@pytest.mark.parametrize("rule", RULES)
def test_a_file_and_its_layer(rule: str, run: Run, raster: Path, project: QgsProject, tmp_path: Path) -> None:
    layer = QgsRasterLayer(str(raster), "partly")
    project.addMapLayer(layer)
    for value in (str(raster), layer, layer.id()):
        assert_rule(rule, bands_of(raster), run(INPUT=value, NODATA_RULE=rule), tmp_path / "out.tif")


@pytest.mark.parametrize("size", [None, "5"])
@pytest.mark.parametrize("rule", RULES)
def test_no_data_that_the_user_set_on_a_layer(
    rule: str, size: str | None, run: Run, raster: Path, project: QgsProject, tmp_path: Path
) -> None:
    layer = QgsRasterLayer(str(raster), "partly")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(50, 60)])
    layer.dataProvider().setUserNoDataValue(2, [QgsRasterRange(7, 7)])
    project.addMapLayer(layer)
    first, second = gdal.Open(str(raster)).ReadAsArray()
    valid = bands_of(raster) & np.stack([(first < 50) | (first > 60), second != 7])
    if size:
        valid = valid.repeat(2, 1).repeat(2, 2)
    log = run(INPUT=layer, NODATA_RULE=rule, CELL_SIZE=size, RESAMPLING="nearest")
    assert_rule(rule, valid, log, tmp_path / "out.tif")


@pytest.mark.parametrize("size", [None, "5"])
@pytest.mark.parametrize("rule", RULES)
def test_an_image_service(rule: str, size: str | None, run: Run, raster: Path, tmp_path: Path) -> None:
    valid = bands_of(raster)
    if size:
        valid = valid.repeat(2, 1).repeat(2, 2)
    with ImageServiceServer(raster) as server:
        log = run(INPUT={"url": server.service}, NODATA_RULE=rule, CELL_SIZE=size, RESAMPLING="nearest")
        # The service must keep the other bands unchanged, so that the rule can judge them.
        assert {export["noDataInterpretation"] for export in server.exports} == {"esriNoDataMatchAll"}
    assert_rule(rule, valid, log, tmp_path / "out.tif")


def test_a_layer_that_qgis_reads_tells_its_bands_apart(raster: Path) -> None:
    source = LayerSource(QgsRasterLayer(str(raster), "partly"))
    np.testing.assert_array_equal(source.read_bands(source.grid.window)[1], bands_of(raster))


def test_a_layers_rounded_no_data_is_compared_as_gdal_does(tmp_path: Path) -> None:
    pixels = np.ones((6, 7), np.float32)
    pixels[2:4] = np.finfo(np.float32).min
    dataset = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "far.tif"), 7, 6, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((0, 1, 0, 6, 0, -1))
    dataset.GetRasterBand(1).SetNoDataValue(-3.4e38)
    dataset.GetRasterBand(1).WriteArray(pixels)
    dataset = None
    source = LayerSource(QgsRasterLayer(str(tmp_path / "far.tif"), "far"))
    np.testing.assert_array_equal(source.read(source.grid.window)[1], pixels == 1)


def test_auto_takes_the_picture_as_a_whole(run: Run, raster: Path, tmp_path: Path) -> None:
    assert_rule("ANY", bands_of(raster), run(INPUT=str(raster)), tmp_path / "out.tif")
    picture = tmp_path / "picture.tif"
    gdal.Translate(str(picture), str(raster), bandList=[1, 2, 1], creationOptions=["PHOTOMETRIC=RGB"])
    assert_rule("ALL", bands_of(raster), run(INPUT=str(picture), BAND_MAPPING="1,2"), tmp_path / "out.tif")


def test_another_rule_is_named(run: Run, raster: Path) -> None:
    with pytest.raises(QgsProcessingException, match="NODATA_RULE has the value MOST"):
        run(INPUT=str(raster), NODATA_RULE="MOST")


@needs_qgis_process
@pytest.mark.parametrize("rule", RULES)
def test_the_command_line(rule: str, plugin: Any, scene: Scene, raster: Path, tmp_path: Path) -> None:
    classify(tmp_path, INPUT=raster, MODEL=scene.model, NODATA_RULE=rule.lower(), OUTPUT="out.tif")
    valid = bands_of(raster)
    expected = valid.all(axis=0) if rule == "ANY" else valid.any(axis=0)
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif") != 255, expected)
