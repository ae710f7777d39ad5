# SPDX-License-Identifier: GPL-2.0-or-later
"""Names and stores of inputs and outputs, model arguments, band values, and the files that a run writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from ..networks import pointwise_weights
from .command import ALGORITHM, classify, classify_plainly, needs_qgis_process, qgis_process, words
from .scenes import VALUES, Scene, assert_is_map_of, read_no_data, read_pixels, write_definition, write_raster

Run = Callable[..., dict[str, Any]]
STORES = "CLASSIFY_PIXELS_DATA_STORES"


@pytest.fixture
def stores(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The stores of the scene and of results, in the environment variable."""
    places = {"scenes": str(scene.folder), "default": str(tmp_path), "results": str(tmp_path)}
    monkeypatch.setenv(STORES, json.dumps(places))
    return places


# --- the model ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["reference", "reference as text", "backslashes", "definition", "definition as text", "network"]
)
def test_every_form_of_the_model(form: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    forms: dict[str, Any] = {
        "reference": {"uri": str(scene.model)},
        "reference as text": json.dumps({"uri": str(scene.model)}),
        "backslashes": str(scene.model).replace("/", "\\"),
        "definition": scene.definition,
        "definition as text": json.dumps(scene.definition),
    }
    if form == "network":
        run_scene(MODEL=str(scene.network))
        matrix, _ = pointwise_weights(bands=2, channels=len(VALUES), seed=3)
        assert len(set(read_pixels(tmp_path / "out.tif").flat)) == len(matrix) + 1
    else:
        run_scene(MODEL=forms[form])
        assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize(
    "arguments",
    [
        {"padding": "8", "batch_size": 2}, {"padding": 8, "batch_size": "2"}, '{"padding": "8", "batch_size": 2}',
        "padding 8;batch_size 2", " padding  8 ; batch_size 2; ",
    ],
    ids=str,
)  # fmt: skip
def test_every_form_of_the_model_arguments(arguments: Any, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    outputs = run_scene(MODEL={**scene.definition, "ClassifyPixels": {"Stride": 1}}, MODEL_ARGUMENTS=arguments)
    assert outputs["PADDING"] == 8
    assert_is_map_of(tmp_path / "out.tif", scene)


# --- data stores and references ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["rasterStores", "fileShares", "cloudStores"])
def test_stores_hold_inputs_models_and_outputs(
    kind: str, run_scene: Run, stores: dict[str, str], scene: Scene, tmp_path: Path
) -> None:
    outputs = run_scene(
        INPUT=f"/{kind}/scenes/scene.tif", MODEL=f"/{kind}/scenes/model.emd", OUTPUT=f"/{kind}/results/stored.tif"
    )
    assert Path(outputs["OUTPUT"]) == tmp_path / "stored.tif"
    assert_is_map_of(tmp_path / "stored.tif", scene)


OUTPUTS: list[tuple[Any, str]] = [
    ({"uri": "/rasterStores/results/a.tif"}, "a.tif"),
    (json.dumps({"uri": "/rasterStores/results/a.tif"}), "a.tif"),
    ({"serviceProperties": {"name": "fields"}}, "fields.tif"),
    (json.dumps({"serviceProperties": {"name": "fields"}}), "fields.tif"),
    ({"outputClassifedRaster": {"serviceProperties": {"name": "misspelt"}}}, "misspelt.tif"),
    ({"outputClassifiedRaster": {"uri": "/rasterStores/default/right.tif"}}, "right.tif"),
    ({"serviceProperties": {"name": "land-cover"}}, "land-cover.tif"),
    ({"serviceProperties": {"name": "2024_fields"}}, "2024_fields.tif"),
    ({"serviceProperties": {"name": "Hosted/fields"}}, "Hosted/fields.tif"),
    ({"serviceProperties": {"name": "Prüfung 2.1"}}, "Prüfung 2.1.tif"),
    ({"uri": "/rasterStores/results/plain"}, "plain.tif"),
    ({"uri": "/cloudStores/results/new/deeper/plain"}, "new/deeper/plain.tif"),
    ({"uri": "\\rasterStores\\results\\new\\plain.tif"}, "new/plain.tif"),
    ("/fileShares/results/new/text", "new/text.tif"),
]


@pytest.mark.parametrize(("value", "name"), OUTPUTS, ids=str)
def test_every_reference_to_an_output(
    value: Any, name: str, run_scene: Run, stores: dict[str, str], scene: Scene, tmp_path: Path
) -> None:
    outputs = run_scene(OUTPUT=value)
    assert Path(outputs["OUTPUT"]) == tmp_path / name
    assert_is_map_of(tmp_path / name, scene)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"serviceProperties": {"name": "../evil"}}, "The output .* cannot be read"),
        ({"serviceProperties": {}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": ".hidden"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": "a/../b"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": "/etc/evil"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": "a\\b"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": "a\nb"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": "folder/"}}, "The output .* cannot be read"),
        ({"serviceProperties": {"name": ""}}, "The output .* cannot be read"),
        ({"uri": "/rasterStores/results/a.crf"}, "ends in .tif"),
        ({"uri": "/rasterStores/results/"}, "The output .* cannot be read"),
        ("/rasterStores/results", "The output .* cannot be read"),
        ({"path": "a.tif"}, "The output .* cannot be read"),
        ("/rasterStores/unknown/a.tif", "The data store unknown is unknown; known stores: default, results, scenes"),
        ("/rasterStores/results/../a.tif", "leaves its data store"),
        ('{"uri": ', "it is not JSON"),
    ],
    ids=str,
)
def test_an_output_that_names_no_file_is_a_sentence(
    value: Any, sentence: str, run_scene: Run, stores: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        run_scene(OUTPUT=value)
    assert "Traceback" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_service_needs_the_default_store(run_scene: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STORES, "{}")
    with pytest.raises(QgsProcessingException, match="The data store default is unknown"):
        run_scene(OUTPUT={"serviceProperties": {"name": "fields"}})


def test_a_run_that_fails_leaves_no_folder_in_a_store(run_scene: Run, stores: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="outside the raster"):
        run_scene(OUTPUT={"uri": "/rasterStores/results/new/deeper/a.tif"}, EXTENT="1,2,3,4 [EPSG:32633]")
    assert not list(tmp_path.iterdir())


def test_the_folder_of_a_path_by_itself_is_not_made(run_scene: Run, stores: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="the folder does not exist"):
        run_scene(OUTPUT=str(tmp_path / "misspelt" / "a.tif"))
    assert not list(tmp_path.iterdir())


def test_a_store_that_is_missing_is_not_made(run_scene: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STORES, json.dumps({"gone": str(tmp_path / "gone")}))
    with pytest.raises(QgsProcessingException, match="the folder does not exist"):
        run_scene(OUTPUT={"uri": "/rasterStores/gone/new/a.tif"})
    assert not list(tmp_path.iterdir())


def test_maps_of_several_rasters_in_a_new_folder_of_a_store(
    run_scene: Run, stores: dict[str, str], scene: Scene, tmp_path: Path
) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    (folder / "scene.tif").write_bytes(scene.raster.read_bytes())
    output = {"serviceProperties": {"name": "Hosted/several-maps"}}
    outputs = run_scene(INPUT=str(folder), OUTPUT=output, PROCESS_ALL_RASTER_ITEMS=True)
    assert Path(outputs["OUTPUT"]) == tmp_path / "Hosted" / "several-maps" / "several-maps.vrt"
    assert_is_map_of(tmp_path / "Hosted" / "several-maps" / "scene.tif", scene)


@pytest.mark.parametrize("form", ["definition", "text"])
@pytest.mark.parametrize("kind", ["rasterStores", "fileShares", "cloudStores"])
def test_a_definition_may_name_its_network_in_a_store(
    form: str, kind: str, run_scene: Run, stores: dict[str, str], scene: Scene, tmp_path: Path
) -> None:
    definition = {**scene.definition, "ModelFile": f"/{kind}/scenes/network.onnx"}
    run_scene(MODEL=definition if form == "definition" else json.dumps(definition))
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_a_definition_may_name_its_network_in_an_archive(
    run_scene: Run, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shutil.make_archive(str(tmp_path / "networks"), "zip", scene.folder, scene.network.name)
    monkeypatch.setenv(STORES, json.dumps({"networks": f"/vsizip/{archive}"}))
    run_scene(MODEL={**scene.definition, "ModelFile": "/cloudStores/networks/network.onnx"})
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("/rasterStores/gone/network.onnx", "The data store gone is unknown"),
        ("/rasterStores/scenes/../network.onnx", "leaves its data store"),
        ("/rasterStores/scenes/gone.onnx", "gone.onnx"),
    ],
)
def test_a_network_that_is_not_in_its_store_is_named(
    named: str, words: str, run_scene: Run, stores: dict[str, str], scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run_scene(MODEL={**scene.definition, "ModelFile": named})
    assert not list(tmp_path.iterdir())


@needs_qgis_process
def test_stores_and_references_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    parameters = {
        "INPUT": '{"uri": "/rasterStores/scenes/scene.tif"}', "MODEL": "\\fileShares\\scenes\\model.emd",
        "OUTPUT": '{"serviceProperties": {"name": "fields"}}', "MODEL_ARGUMENTS": "tile_size 32;batch_size 2",
    }  # fmt: skip
    variables = {STORES: json.dumps({"scenes": str(scene.folder), "default": str(tmp_path)})}
    done = qgis_process("--json", "run", ALGORITHM, "--", *words(parameters), folder=tmp_path, **variables)
    assert Path(done.results["OUTPUT"]) == tmp_path / "fields.tif"
    assert_is_map_of(tmp_path / "fields.tif", scene)


@needs_qgis_process
def test_a_definition_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    arguments = '{"tile_size": "32"}'
    done = classify(
        tmp_path, INPUT=scene.raster, MODEL=json.dumps(scene.definition), MODEL_ARGUMENTS=arguments, OUTPUT="out.tif"
    )
    assert done.results["TILE_SIZE"] == 32
    assert_is_map_of(tmp_path / "out.tif", scene)


# --- the values of the bands ------------------------------------------------------------------------------


def assert_same_map(first: Path, second: Path) -> None:
    np.testing.assert_array_equal(read_pixels(first), read_pixels(second))


def test_scale_and_offset_are_those_of_a_prepared_raster(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    values = gdal.Open(str(scene.raster)).ReadAsArray()
    halves = np.where(values == 0, 0, values // 2 + 1).astype(np.uint8)
    given = write_raster(tmp_path / "given.tif", halves, no_data=0)
    prepared = np.where(values == 0, 0, halves * 2 + np.array([20, 5])[:, None, None]).astype(np.uint8)
    write_raster(tmp_path / "prepared.tif", prepared, no_data=0)
    run_scene(INPUT=str(tmp_path / "prepared.tif"), OUTPUT=str(tmp_path / "expected.tif"))
    run_scene(INPUT=str(given), INPUT_SCALE="2", INPUT_OFFSET="20, 5")
    assert_same_map(tmp_path / "out.tif", tmp_path / "expected.tif")
    run_scene(INPUT=str(given), INPUT_SCALE="2,2", INPUT_OFFSET="20,5")
    assert_same_map(tmp_path / "out.tif", tmp_path / "expected.tif")


@needs_qgis_process
def test_scale_mapping_and_no_data_on_the_command_line(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    values = gdal.Open(str(scene.raster)).ReadAsArray()
    mixed = np.stack([np.full_like(values[0], 3), values[1] // 2, values[0] // 2])
    mixed[:, 60:70, 60:80] = 77
    write_raster(tmp_path / "given.tif", mixed)
    prepared = np.where(mixed == 77, 0, mixed * 2 + 1).astype(np.uint8)[[2, 1]]
    write_raster(tmp_path / "prepared.tif", prepared, no_data=0)
    done = classify(
        tmp_path, INPUT="given.tif", MODEL=scene.model, OUTPUT="out.tif", BAND_MAPPING="3,2", INPUT_SCALE="2",
        INPUT_OFFSET="1", INPUT_NODATA="77", NODATA_RULE="ANY",
    )  # fmt: skip
    done.assert_done()
    run_scene(INPUT=str(tmp_path / "prepared.tif"), OUTPUT=str(tmp_path / "expected.tif"))
    assert_same_map(tmp_path / "out.tif", tmp_path / "expected.tif")
    assert (read_pixels(tmp_path / "out.tif")[60:70, 60:80] == read_no_data(tmp_path / "out.tif")).all()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"INPUT_SCALE": "big"}, "INPUT_SCALE has the value big"),
        ({"INPUT_SCALE": "1,2,3"}, "INPUT_SCALE"),
        ({"INPUT_OFFSET": "inf"}, "INPUT_OFFSET has the value"),
        ({"BAND_MAPPING": "1,9"}, "The band mapping|needs band|band 9"),
        ({"BAND_MAPPING": "1"}, "The band mapping 1 cannot be used"),
    ],
    ids=str,
)
def test_band_values_that_cannot_be_used_are_named(
    parameters: dict[str, str], sentence: str, run_scene: Run, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        run_scene(**parameters)
    assert "Traceback" not in str(caught.value)
    assert not list(tmp_path.iterdir())


# --- the files --------------------------------------------------------------------------------------------


def structure(path: Path) -> dict[str, str]:
    return gdal.Open(str(path)).GetMetadata("IMAGE_STRUCTURE")


@pytest.mark.parametrize("name", ["DEFLATE", "LZW", "ZSTD", "PACKBITS", "deflate"])
def test_every_compression(name: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(COMPRESSION=name)
    assert structure(tmp_path / "out.tif")["COMPRESSION"] == name.upper()
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_no_compression(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(COMPRESSION="NONE")
    assert "COMPRESSION" not in structure(tmp_path / "out.tif")
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_creation_options_win_over_the_compression(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(COMPRESSION="LZW", CREATION_OPTIONS="COMPRESS=ZSTD|BLOCKXSIZE=64|BLOCKYSIZE=64")
    assert structure(tmp_path / "out.tif")["COMPRESSION"] == "ZSTD"
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert dataset.GetRasterBand(1).GetBlockSize() == [64, 64]
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_a_cloud_optimized_map(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(CREATION_OPTIONS="FORMAT=COG|BLOCKSIZE=128")
    assert structure(tmp_path / "out.tif")["LAYOUT"] == "COG"
    assert_is_map_of(tmp_path / "out.tif", scene)
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert dataset.GetRasterBand(1).GetBlockSize() == [128, 128]


@pytest.mark.parametrize(
    ("parameters", "words_"),
    [
        ({"COMPRESSION": "JPEG"}, "JPEG"),
        ({"CREATION_OPTIONS": "FORMAT=PNG"}, "PNG"),
        ({"CREATION_OPTIONS": "LZW"}, "LZW"),
    ],
)
def test_a_format_that_is_none_is_named(
    parameters: dict[str, str], words_: str, run_scene: Run, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=f"{words_}.*Write them as"):
        run_scene(**parameters)
    assert not list(tmp_path.iterdir())


def scores_of(scene: Scene) -> np.ndarray:
    """The scores (classes, height, width) by numpy, NaN in the hole."""
    pixels = gdal.Open(str(scene.raster)).ReadAsArray().astype(np.float32)
    matrix, bias = pointwise_weights(bands=2, channels=len(VALUES), seed=3)
    scores = np.tensordot(matrix, pixels, 1) + bias[:, None, None]
    scores[(slice(None), *scene.hole)] = np.nan
    return scores


@pytest.mark.parametrize("bands", [None, "CLASSES", "classes"])
def test_scores_of_all_classes(bands: Any, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    outputs = run_scene(OUTPUT_PROBABILITY=str(tmp_path / "scores.tif"), PROBABILITY_BANDS=bands)
    assert outputs["OUTPUT_PROBABILITY"] == str(tmp_path / "scores.tif")
    dataset = gdal.Open(str(tmp_path / "scores.tif"))
    np.testing.assert_allclose(dataset.ReadAsArray(), scores_of(scene), rtol=1e-4, atol=1e-3)
    assert [dataset.GetRasterBand(n + 1).GetDescription() for n in range(3)] == ["class 1", "class 4", "class 7"]
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_the_largest_scores(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(OUTPUT_PROBABILITY=str(tmp_path / "scores.tif"), PROBABILITY_BANDS="WINNER")
    found = gdal.Open(str(tmp_path / "scores.tif")).ReadAsArray()
    np.testing.assert_allclose(found, scores_of(scene).max(axis=0), rtol=1e-4, atol=1e-3)
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_scores_instead_of_the_map(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    outputs = run_scene(MODEL_ARGUMENTS="return_probability_raster true")
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    np.testing.assert_allclose(dataset.ReadAsArray(), scores_of(scene), rtol=1e-4, atol=1e-3)
    assert outputs["OUTPUT"] == str(tmp_path / "out.tif")


def test_scores_follow_the_grid_and_the_mask_of_the_map(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    mask = np.zeros((2, 90, 110), np.uint8)
    mask[:, 30:60, 20:70] = 1
    write_raster(tmp_path / "mask.tif", mask, no_data=0)
    run_scene(
        OUTPUT_PROBABILITY=str(tmp_path / "scores.tif"), CELL_SIZE="20", RESAMPLING="nearest",
        MASK=str(tmp_path / "mask.tif"), CREATION_OPTIONS="FORMAT=COG",
    )  # fmt: skip
    scores, classes = gdal.Open(str(tmp_path / "scores.tif")), read_pixels(tmp_path / "out.tif")
    assert scores.GetGeoTransform() == gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()
    values = scores.ReadAsArray()
    valid = classes != read_no_data(tmp_path / "out.tif")
    np.testing.assert_array_equal(np.isnan(values).all(axis=0), ~valid)
    np.testing.assert_array_equal(np.array(VALUES)[values[:, valid].argmax(axis=0)], classes[valid])
    assert 0 < valid.sum() <= 15 * 25


@needs_qgis_process
def test_scores_and_format_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    done = classify(
        tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif", OUTPUT_PROBABILITY="scores.tif",
        PROBABILITY_BANDS="WINNER", COMPRESSION="LZW", CREATION_OPTIONS="FORMAT=COG",
    )  # fmt: skip
    assert done.results["OUTPUT_PROBABILITY"] == "scores.tif"
    for name in ("out.tif", "scores.tif"):
        assert structure(tmp_path / name)["LAYOUT"] == "COG"
        assert structure(tmp_path / name)["COMPRESSION"] == "LZW"
    found = gdal.Open(str(tmp_path / "scores.tif")).ReadAsArray()
    np.testing.assert_allclose(found, scores_of(scene).max(axis=0), rtol=1e-4, atol=1e-3)


@needs_qgis_process
def test_outputs_that_are_one_file_are_refused_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    done = classify_plainly(
        tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif", OUTPUT_PROBABILITY="./out.tif"
    )
    assert done.code == 1
    assert "also an input or another output" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_model_beside_its_network_is_found_by_a_relative_name(
    run_scene: Run, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "models" / "sub"
    folder.mkdir(parents=True)
    (folder / "network.onnx").write_bytes(scene.network.read_bytes())
    write_definition(folder / "model.emd", {**scene.definition, "ModelFile": "network.onnx"})
    monkeypatch.chdir(tmp_path)
    run_scene(MODEL="models\\sub\\model.emd")
    assert_is_map_of(tmp_path / "out.tif", scene)
