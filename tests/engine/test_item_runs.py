# SPDX-License-Identifier: GPL-2.0-or-later
"""Each raster of a collection classified by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from classify_pixels.inference import RunCancelledError
from classify_pixels.inference.errors import (
    ArgumentUnknownError,
    ExtentMissesRasterError,
    ItemFailuresError,
    ItemsCancelledError,
    ModelUnreadableError,
    OutputFolderError,
    OutputIsInputError,
)
from classify_pixels.inference.events import ItemFailed, ItemStarted
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import Extent, PolygonMask, RasterFormat
from classify_pixels.inference.raster.collection import Collection, read_collection
from classify_pixels.inference.run.items import classify_items, results_folder, results_vrt
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import REQUEST_KEY
from tests.networks import class_definition, identity_network
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, wkt, write_raster
from tests.unit.runs import Recorder, classify, names_in


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    """The brighter one of two bands names the class, 3 or 5."""
    network = identity_network(tmp_path / "network.onnx", 2)
    return class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    folder = tmp_path / "scenes"
    folder.mkdir()
    for number, name in enumerate("abc"):
        transform = (TRANSFORM[0] + 300 * number, *TRANSFORM[1:])
        write_raster(folder / f"{name}.tif", random_pixels(2, 20, 30, seed=number), transform=transform)
    return folder


def collect(value: Any) -> Collection:
    collection = read_collection(value, separately=True)
    assert collection is not None
    return collection


def run(value: Any, model: dict[str, Any], output: Path, progress: Recorder | None = None, **more: Any) -> Any:
    arguments, scores, form = (
        read_arguments(more.pop("arguments", None)),
        more.pop("scores", None),
        more.pop("form", RasterFormat()),
    )
    collection = value if isinstance(value, Collection) else collect(value)
    environment = Environment(cache=output.parent / "cache", **more)
    reference = ModelReference(document=model)
    request = ClassificationRequest(
        collection.items[0], reference, output, arguments, environment, probability_output=scores, form=form
    )
    return classify_items(collection, request, progress or Recorder())


def test_a_later_run_is_not_stopped_by_the_styles_of_the_first(
    scenes: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    """The VRT of all results has the name of their folder, and a raster may have it as well."""
    (scenes / "a.tif").rename(scenes / "out.tif")
    for missing in ("", "b.tif", "out.tif"):
        if missing:
            (tmp_path / "out" / missing).unlink()
        run(scenes, model, tmp_path / "out")
        assert {"b.qml", "c.qml", "out.qml", "b.tif", "c.tif", "out.tif", "out.vrt"} <= {*names_in(tmp_path / "out")}


def test_every_item_gets_a_result_of_its_own(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    before = names_in(scenes)
    results = run(scenes, model, tmp_path / "out")
    assert names_in(scenes) == before
    assert [result.output.name for result in results] == ["a.tif", "b.tif", "c.tif"]
    for result in results:
        alone = tmp_path / "alone.tif"
        classify(scenes / result.output.name, model, alone)
        np.testing.assert_array_equal(read_raster(result.output), read_raster(alone))
        assert result.classification is not None
        assert result.error is None
    sidecars = [f"{name}.{suffix}" for name in "abc" for suffix in ("qml", "tif", "tif.aux.xml")]
    assert names_in(tmp_path / "out") == sorted([*sidecars, "out.qml", "out.vrt"])


def test_the_vrt_holds_all_results_with_their_classes(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(scenes, model, out)
    out.rename(tmp_path / "moved")
    vrt = gdal.Open(str(tmp_path / "moved" / "out.vrt"))
    one = gdal.Open(str(tmp_path / "moved" / "a.tif"))
    parts = [read_raster(tmp_path / "moved" / f"{name}.tif") for name in "abc"]
    band, own = vrt.GetRasterBand(1), one.GetRasterBand(1)
    np.testing.assert_array_equal(band.ReadAsArray(), np.concatenate(parts, axis=1))
    assert band.GetNoDataValue() == own.GetNoDataValue()
    assert band.GetCategoryNames() == own.GetCategoryNames()
    assert band.GetDescription() == own.GetDescription()
    assert band.GetColorTable().GetColorEntry(5) == own.GetColorTable().GetColorEntry(5)
    assert (tmp_path / "moved" / "out.qml").read_text() == (tmp_path / "moved" / "a.qml").read_text()


def test_the_vrt_keeps_the_epoch_of_coordinates(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    for path in scenes.iterdir():
        dataset = gdal.Open(str(path), gdal.GA_Update)
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(9000)
        reference.SetCoordinateEpoch(2021.3)
        dataset.SetSpatialRef(reference)
    dataset = None
    run(scenes, model, tmp_path / "out")
    assert gdal.Open(str(tmp_path / "out" / "out.vrt")).GetSpatialRef().GetCoordinateEpoch() == 2021.3


def test_a_failing_item_does_not_stop_the_others(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    (scenes / "b.tif").write_bytes(b"II*\0nothing")
    write_raster(scenes / "d.tif", random_pixels(1, 5, 5))
    progress = Recorder()
    items = [str(scenes / f"{name}.tif") for name in "abcd"]
    with pytest.raises(ItemFailuresError) as caught:
        run(items, model, tmp_path / "out", progress)
    assert caught.value.values["failed"] == 2
    assert caught.value.values["count"] == 4
    assert "b.tif cannot be read" in str(caught.value)
    assert len([failed for failed in progress.all_of(ItemFailed) if "b.tif cannot be read" in str(failed.error)]) == 1
    assert {"a.tif", "c.tif", "out.vrt"} <= set(names_in(tmp_path / "out"))
    assert not {"b.tif", "d.tif"} & set(names_in(tmp_path / "out"))
    assert gdal.Open(str(tmp_path / "out" / "out.vrt")).RasterXSize == 90


def test_no_folder_stays_where_all_items_fail(tmp_path: Path, model: dict[str, Any]) -> None:
    with pytest.raises(ItemFailuresError, match="2 of 2 rasters failed"):
        run([str(tmp_path / "x.tif"), str(tmp_path / "y.tif")], model, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_fails_every_item_is_told_once(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    progress = Recorder()
    with pytest.raises(ArgumentUnknownError):
        run(scenes, model, tmp_path / "out", progress, arguments={"nonsense": "1"})
    items = collect(scenes)
    missing = ModelReference(path=tmp_path / "missing.emd")
    request = ClassificationRequest(items.items[0], missing, tmp_path / "out")
    with pytest.raises(ModelUnreadableError):
        classify_items(items, request, progress)
    assert not progress.warnings
    assert not (tmp_path / "out").exists()


def test_progress_is_shared_evenly(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    (scenes / "b.tif").write_bytes(b"II*\0nothing")
    progress = Recorder()
    with pytest.raises(ItemFailuresError):
        run([str(scenes / f"{name}.tif") for name in "abc"], model, tmp_path / "out", progress)
    assert progress.fractions == sorted(progress.fractions)
    assert {round(fraction, 9) for fraction in progress.fractions} >= {0.333333333, 0.666666667, 1.0}
    assert [(item.index, item.count) for item in progress.all_of(ItemStarted)] == [(1, 3), (2, 3), (3, 3)]


def test_a_cancelled_run_keeps_what_is_complete(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    counted = Recorder()
    run(scenes, model, tmp_path / "first", counted)
    second = next(i for i, fraction in enumerate(counted.fractions, start=1) if fraction > 0.4)
    with pytest.raises(ItemsCancelledError, match="after 1 of 3 rasters"):
        run(scenes, model, tmp_path / "out", Recorder(cancel_after=second))
    assert names_in(tmp_path / "out") == [".b.tif.strips", "a.qml", "a.tif", "a.tif.aux.xml"]


def test_a_run_that_is_cancelled_at_once_leaves_nothing(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    progress = Recorder()
    progress.cancelled = True
    with pytest.raises(RunCancelledError) as caught:
        run(scenes, model, tmp_path / "out", progress)
    assert type(caught.value) is RunCancelledError
    assert not (tmp_path / "out").exists()


def test_results_without_a_common_crs_have_no_vrt(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    write_raster(scenes / "d.tif", random_pixels(2, 5, 5), epsg=32634)
    progress = Recorder()
    assert len(run(scenes, model, tmp_path / "out", progress)) == 4
    assert "out.vrt" not in names_in(tmp_path / "out")
    assert progress.said(Caution.NO_COMMON_CRS) == [{}]


def test_a_style_beside_the_vrt_that_somebody_else_wrote_stays(
    scenes: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    out, style = tmp_path / "out", tmp_path / "out" / "out.qml"
    out.mkdir()
    style.write_text("mine")
    run(scenes, model, out)
    assert style.read_text() == "mine"
    write_raster(scenes / "d.tif", random_pixels(2, 5, 5), epsg=32634)
    run(scenes, model, out)
    assert style.read_text() == "mine"
    assert "out.vrt" not in names_in(out)


def test_a_link_in_the_place_of_the_vrt_is_not_followed(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    out.mkdir()
    mine.write_text("mine")
    (out / "out.vrt").symlink_to(mine)
    run(scenes, model, out)
    assert mine.read_text() == "mine"
    assert not (out / "out.vrt").is_symlink()
    assert not [name for name in names_in(out) if name.startswith(".")]


def test_a_result_never_overwrites_an_item(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in scenes.iterdir()}
    with pytest.raises(OutputIsInputError, match="a.tif"):
        run(scenes, model, scenes)
    gdal.Translate(str(tmp_path / "a.img"), str(scenes / "a.tif"), format="HFA")
    with pytest.raises(OutputIsInputError, match="a.tif"):
        run([str(tmp_path / "a.img"), str(scenes / "a.tif")], model, scenes)
    assert {path: path.read_bytes() for path in scenes.iterdir()} == before


def test_the_vrt_never_overwrites_the_one_that_is_read(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "all"
    out.mkdir()
    names = [str(scenes / f"{name}.tif") for name in "abc"]
    gdal.BuildVRT(str(out / "all.vrt"), names).FlushCache()
    gdal.BuildVRT(str(tmp_path / "outer.vrt"), [str(out / "all.vrt"), names[0]]).FlushCache()
    with pytest.raises(OutputIsInputError, match="all.vrt"):
        run(tmp_path / "outer.vrt", model, out)


def test_a_second_run_replaces_the_first(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    run(scenes, model, tmp_path / "out")
    before = names_in(tmp_path / "out")
    run(scenes, model, tmp_path / "out")
    assert names_in(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("transform", "crs", "known"),
    [(TRANSFORM, wkt(3857), True), (TRANSFORM, 'LOCAL_CS["site",UNIT["metre",1]]', False), (None, "", False)],
    ids=["mercator", "building site", "no place"],
)
def test_a_result_that_stays_tells_the_areas_that_it_told_first(
    transform: Any, crs: str, known: bool, model: dict[str, Any], tmp_path: Path
) -> None:
    """Classes without a pixel have an area of 0 where areas are known, and none where they are not."""
    pixels = np.stack([np.full((20, 30), 9, np.uint8), np.zeros((20, 30), np.uint8)])
    (tmp_path / "scenes").mkdir()
    path = write_raster(tmp_path / "scenes" / "a.tif", pixels, transform=transform, epsg=None)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetProjection(crs)
    dataset = None
    progress = Recorder()
    told = []
    for _ in range(2):
        (result,) = run(tmp_path / "scenes", model, tmp_path / "out", progress)
        told.append([(count.pixels, count.area) for count in result.classification.classes])
    assert progress.said(Note.KEPT_RESULT)
    assert [pixels for pixels, _ in told[0]] == [600, 0]
    assert told[1] == told[0]
    assert [area is not None for _, area in told[0]] == [known, known]


@pytest.mark.parametrize("what", ["classes", "scores", "both"])
def test_a_result_that_lost_the_crs_beside_it_is_made_again(what: str, model: dict[str, Any], tmp_path: Path) -> None:
    """A GeoTIFF of older GDAL has no words for arc seconds; of scores, nothing else lies beside the file."""
    seconds = wkt(4326).replace('UNIT["degree",0.0174532925199433', 'UNIT["arc-second",4.84813681109536E-06')
    (tmp_path / "scenes").mkdir()
    transform = (36_000.0, 1.0, 0.0, 180_000.0, 0.0, -1.0)
    write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=transform, epsg=None)
    view = gdal.Translate(str(tmp_path / "scenes" / "a.vrt"), str(tmp_path / "scene.tif"), format="VRT")
    view.SetProjection(seconds)
    view = None
    arguments = {"return_probability_raster": "true"} if what == "scores" else {}
    more = {"arguments": arguments, "scores": tmp_path / "scores" if what == "both" else None}
    run(tmp_path / "scenes", model, tmp_path / "out", **more)
    made = tmp_path / ("scores" if what == "both" else "out") / "a.tif"
    assert gdal.Open(str(made)).GetSpatialRef().GetAngularUnits() == pytest.approx(4.84813681109536e-06)
    Path(f"{made}.aux.xml").unlink(missing_ok=True)
    if gdal.Open(str(made)).GetSpatialRef().GetAngularUnits() == pytest.approx(4.84813681109536e-06):
        pytest.skip("a GeoTIFF of this GDAL holds arc seconds")
    run(tmp_path / "scenes", model, tmp_path / "out", **more)
    assert gdal.Open(str(made)).GetSpatialRef().GetAngularUnits() == pytest.approx(4.84813681109536e-06)


def test_items_outside_the_extent_are_left_out(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    x, y = TRANSFORM[0], TRANSFORM[3]
    extent = Extent((x + 250, y - 100, x + 350, y))
    results = run(scenes, model, tmp_path / "out", extent=extent)
    assert [result.classification is not None for result in results] == [True, True, False]
    assert gdal.Open(str(tmp_path / "out" / "out.vrt")).RasterXSize == 10
    with pytest.raises(ExtentMissesRasterError):
        run(scenes, model, tmp_path / "none", extent=Extent((0, 0, 1, 1)))
    assert not (tmp_path / "none").exists()


def test_equal_names_do_not_collide(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    write_raster(tmp_path / "more" / "a.tif", random_pixels(2, 5, 5))
    results = run([str(scenes / "a.tif"), str(tmp_path / "more" / "a.tif")], model, tmp_path / "out")
    assert [result.output.name for result in results] == ["a.tif", "a_2.tif"]


def test_an_item_called_as_the_folder_has_its_own_style(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    run(scenes, model, tmp_path / "a")
    assert {"a.tif", "a.vrt", "a.qml"} <= set(names_in(tmp_path / "a"))


@pytest.mark.parametrize("name", ["out", "out.tif", "out.TIFF", "out.vrt"])
def test_the_output_may_be_given_as_a_file(name: str, tmp_path: Path) -> None:
    assert results_folder(tmp_path / name) == tmp_path / "out"
    assert results_vrt(tmp_path / name) == tmp_path / "out" / "out.vrt"


def test_a_folder_that_cannot_be_made_is_told(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OutputFolderError):
        run(scenes, model, tmp_path / "missing" / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputFolderError):
        run(scenes, model, tmp_path / "file")


def test_scores_of_each_item_go_to_a_file_of_its_own(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    run(scenes, model, tmp_path / "out", scores=tmp_path / "scores.tif")
    assert names_in(tmp_path / "scores") == ["a.tif", "b.tif", "c.tif", "scores.vrt"]
    for name in ("a", "b", "c"):
        scores = gdal.Open(str(tmp_path / "scores" / f"{name}.tif"))
        largest = scores.ReadAsArray().argmax(axis=0)
        np.testing.assert_array_equal(np.array([3, 5])[largest], read_raster(tmp_path / "out" / f"{name}.tif"))


def test_a_failed_item_keeps_no_raster_open(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    far = Extent((0.0, 0.0, 1.0, 1.0))
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(ExtentMissesRasterError):
        run(scenes, model, tmp_path / "out", extent=far)
    assert not before or len(os.listdir("/proc/self/fd")) <= before + 1


def times_of(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*.tif"))}


def kept(progress: Recorder) -> list[str]:
    return [str(values["output"]) for values in progress.said(Note.KEPT_RESULT)]


def test_a_run_that_was_cancelled_is_gone_on_with(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    counted = Recorder()
    whole = run(scenes, model, tmp_path / "first", counted)
    second = next(i for i, fraction in enumerate(counted.fractions, start=1) if fraction > 0.4)
    out = tmp_path / "out"
    with pytest.raises(ItemsCancelledError):
        run(scenes, model, out, Recorder(cancel_after=second))
    before = times_of(out)
    progress = Recorder()
    results = run(scenes, model, out, progress)
    assert kept(progress) == [str(out / "a.tif")]
    assert times_of(out)["a.tif"] == before["a.tif"]
    assert names_in(out) == [name.replace("first", "out") for name in names_in(tmp_path / "first")]
    for first, again in zip(whole, results):
        assert again.classification.classes == first.classification.classes
        assert again.classification.no_data == first.classification.no_data
        np.testing.assert_array_equal(read_raster(again.output), read_raster(first.output))
    np.testing.assert_array_equal(read_raster(out / "out.vrt"), read_raster(tmp_path / "first" / "first.vrt"))


@pytest.mark.parametrize("change", ["arguments", "raster", "mask", "compression", "damage", "scores"])
def test_only_results_of_an_equal_run_stay(change: str, scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    out, scores = tmp_path / "out", tmp_path / "scores"
    run(scenes, model, out, scores=scores)
    again: dict[str, Any] = {"scores": scores}
    expected = ["b", "c"]
    if change == "arguments":
        again["arguments"], expected = {"predict_background": "true"}, []
    elif change == "raster":
        write_raster(scenes / "a.tif", random_pixels(2, 20, 30, seed=9))
    elif change == "mask":
        ring = ((0, 0), (0, 9e6), (9e6, 9e6), (9e6, 0), (0, 0))
        text = "POLYGON((" + ",".join(f"{x} {y}" for x, y in ring) + "))"
        again["mask"], expected = PolygonMask((bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb()),)), []
    elif change == "compression":
        again["form"], expected = RasterFormat(options=(("COMPRESS", "LZW"),)), []
    elif change == "damage":
        (out / "a.tif").write_bytes((out / "a.tif").read_bytes()[:200])
    else:
        (scores / "a.tif").unlink()
    progress = Recorder()
    run(scenes, model, out, progress, **again)
    assert kept(progress) == [str(out / f"{name}.tif") for name in expected]
    assert names_in(scores)[0] == "a.tif"


def test_a_single_run_is_always_made_anew(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for _ in range(2):
        progress = Recorder()
        classify(scenes / "a.tif", model, tmp_path / "out" / "a.tif", progress=progress)
        assert not kept(progress)
    assert REQUEST_KEY not in gdal.Open(str(tmp_path / "out" / "a.tif")).GetMetadata()
