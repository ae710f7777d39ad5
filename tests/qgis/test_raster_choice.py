# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages of the dialog and the panel about a raster before the run: files, folders, lists, layers of web services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProject, QgsRasterDataProvider, QgsRasterLayer

from classify_pixels.inference.bands import BandMapping, choose_bands
from classify_pixels.inference.errors import ClassifyPixelsError
from classify_pixels.inference.raster import GridRequest
from classify_pixels.plugin_support.sources.layers import open_layer
from classify_pixels.ui.dialog.model_answer import Answer, Question, answer_to
from classify_pixels.ui.dialog.model_card import card_html
from classify_pixels.ui.dialog.raster_choice import RasterChoice, SeenRaster, look_at, raster_choice

from ..networks import class_definition
from ..servers import ImageServiceServer, TileServer
from ..servers.tiles import SIZE
from .scenes import Scene, write_definition, write_raster

pytestmark = pytest.mark.usefixtures("plugin")


@pytest.fixture
def context(project: QgsProject) -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(project)
    return context


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a raster of two bands, one of three, and a text."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    write_raster(folder / "a.tif", np.ones((2, 20, 20), np.uint8), names=["nir", "red"])
    write_raster(folder / "b.tif", np.ones((3, 20, 20), np.uint8))
    (folder / "read.txt").write_text("none")
    return folder


def seen(value: Any, context: QgsProcessingContext) -> SeenRaster:
    choice = raster_choice(value, context)
    assert choice is not None
    return look_at(choice)


def ask(scene: Scene, tmp_path: Path, bands: list[Any], choice: RasterChoice | None, mapping: str = "") -> Answer:
    """Returns the answer for a model with these bands."""
    definition = class_definition(scene.network, bands=len(bands), values=(1, 4, 7), tile=64)
    model = write_definition(tmp_path / "asked.emd", {**definition, "ExtractBands": bands})
    return answer_to(Question(str(model), choice, mapping, tmp_path / "packages", tmp_path / "downloads"))


# --- files, folders, lists -----------------------------------------------------------------------------


def test_folder_is_known_by_its_first_raster_and_says_so(folder: Path, context: QgsProcessingContext) -> None:
    found = seen(str(folder), context)
    assert (found.name, [band.name for band in found.bands], found.is_first) == ("a.tif", ["nir", "red"], True)


@pytest.mark.parametrize("form", ["{a};{b}", '["{a}", "{b}"]'])
def test_list_is_known_by_its_first_raster(form: str, folder: Path, context: QgsProcessingContext) -> None:
    found = seen(form.format_map({"a": folder / "b.tif", "b": folder / "a.tif"}), context)
    assert (found.name, len(found.bands), found.is_first) == ("b.tif", 3, True)


def test_list_may_begin_with_a_layer_of_the_project(
    folder: Path, context: QgsProcessingContext, project: QgsProject
) -> None:
    layer = QgsRasterLayer(str(folder / "b.tif"), "Three bands")
    project.addMapLayer(layer)
    found = seen(f"{layer.id()};{folder / 'a.tif'}", context)
    assert (found.name, len(found.bands), found.is_first) == ("Three bands", 3, True)


def test_single_raster_stands_for_itself(folder: Path, context: QgsProcessingContext) -> None:
    for value in (str(folder / "a.tif"), json.dumps([str(folder / "a.tif")])):
        found = seen(value, context)
        assert (found.name, found.is_first) == ("a.tif", False)


@pytest.mark.parametrize(
    "value",
    [
        *("", "  ", "[]", "[1]", '[{"itemId": "x"}, "a.tif"]', '{"url": "x"}', "http://127.0.0.1:9/a.tif"),
        *("wms://type=xyz&url=http://127.0.0.1:9/{x}/{y}/{z}", "http://127.0.0.1:9/a.tif;b.tif", None, 3),
    ],
)
def test_nothing_is_said_of_what_only_a_run_looks_at(value: Any, context: QgsProcessingContext) -> None:
    assert raster_choice(value, context) is None


def test_layer_that_needs_a_sign_in_is_left_to_the_run(context: QgsProcessingContext) -> None:
    layer = QgsRasterLayer("/vsicurl/http://127.0.0.1:9/a.tif authcfg='abc1234'", "Guarded", "gdal")
    assert raster_choice(layer, context) is None


def test_unknown_store_and_empty_folder_are_told_as_a_run_does(
    scene: Scene, tmp_path: Path, context: QgsProcessingContext
) -> None:
    (tmp_path / "empty").mkdir()
    for value, sentence in (("/rasterStores/nowhere/a.tif", "nowhere"), (str(tmp_path / "empty"), "no raster")):
        answer = ask(scene, tmp_path, [1], raster_choice(value, context))
        assert sentence in answer.warning


def test_card_warns_of_a_folder_whose_first_raster_lacks_bands(
    scene: Scene, tmp_path: Path, folder: Path, context: QgsProcessingContext
) -> None:
    answer = ask(scene, tmp_path, ["red", "swir"], raster_choice(str(folder), context))
    card = card_html(answer)
    assert "Problem with the raster" in card
    assert "first of several rasters: a.tif" in card
    good = ask(scene, tmp_path, ["red", "nir"], raster_choice(str(folder), context))
    assert good.warning == ""
    assert [choice.band.number for _, choice in good.guesses] == [2, 1]
    assert good.note.endswith("first of several rasters: a.tif.")
    assert ask(scene, tmp_path, ["red"], raster_choice(str(folder / "a.tif"), context)).note == ""


# --- layers of web services ----------------------------------------------------------------------------


def test_web_map_has_red_green_and_blue_as_in_the_run(
    scene: Scene, tmp_path: Path, context: QgsProcessingContext, project: QgsProject
) -> None:
    with TileServer(np.zeros((4, SIZE, SIZE), np.uint8)) as server:
        layer = QgsRasterLayer(server.xyz, "Web map", "wms")
        project.addMapLayer(layer)
        asked = len(server.requests)
        choice = raster_choice(layer.id(), context)
        assert len(server.requests) == asked
    assert choice is not None
    assert [(band.number, band.name) for band in look_at(choice).bands] == [(1, "Red"), (2, "Green"), (3, "Blue")]
    assert ask(scene, tmp_path, ["red", "green", "blue"], choice).warning == ""
    assert "Web map" in ask(scene, tmp_path, ["red", "nir"], choice).warning
    assert ask(scene, tmp_path, ["red", "nir"], choice, "nir=2").warning == ""


def test_computed_layer_has_the_bands_of_the_run(folder: Path, context: QgsProcessingContext) -> None:
    source = QgsRasterDataProvider.VirtualRasterInputLayers()
    source.name, source.provider, source.uri = "numbers", "gdal", str(folder / "a.tif")
    base = QgsRasterLayer(source.uri, "base")
    parameters = QgsRasterDataProvider.VirtualRasterParameters()
    parameters.crs, parameters.extent = base.crs(), base.extent()
    parameters.width, parameters.height = base.width(), base.height()
    parameters.formula, parameters.rInputLayers = '"numbers@1" + 1', [source]
    uri = QgsRasterDataProvider.encodeVirtualRasterProviderUri(parameters)
    layer = QgsRasterLayer(uri, "Computed", "virtualraster")
    assert seen(layer, context).bands == open_layer(layer, GridRequest()).bands


def test_image_service_is_left_to_the_run_which_asks_for_its_bands(folder: Path, context: QgsProcessingContext) -> None:
    with ImageServiceServer(folder / "a.tif") as server:
        source = f"crs='EPSG:32633' format='PNG32' layer='0' url='{server.service}'"
        layer = QgsRasterLayer(source, "Service", "arcgismapserver")
        assert layer.isValid()
        assert raster_choice(layer, context) is None


def test_drawn_map_has_the_colours_too(context: QgsProcessingContext) -> None:
    with TileServer(np.zeros((4, SIZE, SIZE), np.uint8)) as server:
        layer = QgsRasterLayer(server.wms, "Web map", "wms")
        assert [band.name for band in seen(layer, context).bands] == ["Red", "Green", "Blue"]


def test_warning_is_the_one_that_the_run_gives(scene: Scene, tmp_path: Path, folder: Path) -> None:
    choice = raster_choice(str(folder / "a.tif"), QgsProcessingContext())
    answer = ask(scene, tmp_path, ["red", "swir"], choice)
    assert choice is not None
    assert answer.description is not None
    with pytest.raises(ClassifyPixelsError) as told:
        choose_bands(answer.description.definition, look_at(choice).bands, BandMapping(), "a.tif")
    assert answer.warning == str(told.value)
