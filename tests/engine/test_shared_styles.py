# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters of one stem have one style file in QGIS: no run replaces another raster's style, or is shown with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr

from classify_pixels.inference.errors import OutputIsInputError, OutputStyleError
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder, SilentProgress, classify, names_in


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return write_raster(tmp_path / "scene.tif", random_pixels(2, 40, 50))


@pytest.fixture
def models(tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    weights = identity_network(tmp_path / "network.onnx", 2)
    first, second = (
        class_definition(weights, 2, values, 32, Padding=0, ClassifyPixels={"Stride": 1}) for values in ([3, 5], [7, 9])
    )
    return first, second


@pytest.mark.parametrize("arguments", [{}, {"return_probability_raster": "True"}], ids=["classes", "scores"])
@pytest.mark.parametrize(("first", "second"), [("a.tif", "a.tiff"), ("a.tiff", "a.tif"), ("a.tif", "a.TIF")])
def test_a_map_that_would_be_shown_with_another_ones_style_is_refused(
    first: str, second: str, arguments: dict[str, str], scene: Path, models: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    classify(scene, models[0], folder / first)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {first, f"{first}.aux.xml", "a.qml"}
    with pytest.raises(OutputStyleError, match=rf"{second}.*a\.qml.*{first}"):
        classify(scene, models[1], folder / second, arguments)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    # Its own style is replaced as ever.
    classify(scene, models[1], folder / first)
    assert 'value="7"' in (folder / "a.qml").read_text()


@pytest.mark.parametrize(("suffix", "driver"), [(".img", "HFA"), (".png", "PNG"), (".vrt", "VRT"), (".gpkg", "GPKG")])
def test_another_raster_of_the_same_name_gets_no_style(
    suffix: str, driver: str, scene: Path, models: Any, tmp_path: Path
) -> None:
    """Such as an input that lies beside its result."""
    folder = tmp_path / "out"
    first_band = gdal.Translate("", str(scene), format="MEM", bandList=[1], outputType=gdal.GDT_Byte)
    gdal.GetDriverByName(driver).CreateCopy(str(folder / f"a{suffix}"), first_band)
    for _ in range(2):
        progress = Recorder()
        classify(scene, models[0], folder / "a.tif", progress=progress)
        (said,) = progress.said(Caution.STYLE_SHARED)
        assert (said["style"], said["other"]) == ("a.qml", f"a{suffix}")
        assert "a.qml" not in names_in(folder)
    # The classes are in the raster itself.
    assert gdal.Open(str(folder / "a.tif")).GetRasterBand(1).GetDefaultRAT().GetRowCount() == 2


def test_a_replaced_map_leaves_another_rasters_world_file(scene: Path, models: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_raster(folder / "a.tiff", random_pixels(1, 10, 10))
    classify(scene, models[0], folder / "a.tif")
    (folder / "a.tfw").write_text("1\n0\n0\n-1\n0.5\n-0.5\n")
    classify(scene, models[0], folder / "a.tif")
    assert "a.tfw" in names_in(folder)
    assert "a.qml" not in names_in(folder)


@pytest.mark.parametrize("beside", ["polygons", "text", "other stem", "side files"])
def test_files_without_a_style_of_that_name_do_not_matter(
    beside: str, scene: Path, models: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    if beside == "polygons":
        ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "a.gpkg")).CreateLayer("a")
    elif beside == "text":
        for name in ("a.html", "a.json", "a.txt"):
            (folder / name).write_text("{}")
    elif beside == "other stem":
        write_raster(folder / "a.b.tif", random_pixels(1, 10, 10))
    else:
        for name in ("a.ovr", "a.tif.ovr", "a.msk"):
            write_raster(folder / name, random_pixels(1, 10, 10))
    progress = Recorder()
    classify(scene, models[0], folder / "a.tif", progress=progress)
    assert not progress.said(Caution.STYLE_SHARED)
    assert 'value="3"' in (folder / "a.qml").read_text()


def test_two_outputs_of_a_run_have_two_stems(scene: Path, models: Any, tmp_path: Path) -> None:
    request = ClassificationRequest(
        raster=GdalInput(str(scene)),
        model=ModelReference(document=models[0]),
        output=tmp_path / "out" / "a.tif",
        probability_output=tmp_path / "out" / "a.tiff",
        arguments=read_arguments(None),
        environment=Environment(cache=tmp_path / "cache"),
    )
    with pytest.raises(OutputIsInputError, match=r"a\.tiff"):
        classify_pixels(request, SilentProgress())
    assert names_in(tmp_path / "out") == []
