# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that are packed: tried first, completed by what they say themselves, and read back."""

from __future__ import annotations

import json
import math
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.describe.model_description import Measure
from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    InputNumbersError,
    ModelKeyError,
    NetworkMismatchError,
    OutputFolderError,
    OutputIsInputError,
    OutputNotReplacedError,
    PackageMemberError,
    PackageOutputError,
    PackagePartMissingError,
    RuntimeMissingError,
    WeightsUnreadableError,
)
from classify_pixels.inference.models import (
    DefinitionParts,
    ModelClass,
    ModelReference,
    Normalization,
    normalize,
    open_model,
    parse_emd,
    read_class_table,
    write_emd,
)
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.package_model import PackagedModel, PackageRequest, package_model
from tests.networks import channels_last_network, class_definition, pointwise_network, traced_pooling_network
from tests.onnx_graphs import external_network, with_metadata
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder, classify, names_in

CLASSES = read_class_table([[1, "Water", "#4169e1"], [4, "Forest", "#006400"], [7, "Bare", ""]])
PARTS = DefinitionParts(classes=CLASSES)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    folder = tmp_path / "networks"
    folder.mkdir()
    return pointwise_network(folder / "net.onnx", bands=2, channels=3)


@pytest.fixture
def request_(network: Path, tmp_path: Path) -> PackageRequest:
    (tmp_path / "out").mkdir()
    return PackageRequest(network, tmp_path / "out" / "model.dlpk", PARTS)


def pack(request: PackageRequest, progress: Recorder | None = None) -> PackagedModel:
    return package_model(request, None, progress or Recorder())


def reopened(request: PackageRequest, path: Path | None = None) -> Any:
    model = open_model(ModelReference(path=path or request.output), request.output.parent / "cache")
    assert model.definition is not None
    return model


def assert_refused(request: PackageRequest, error: type[ClassifyPixelsError], match: str | None = None) -> None:
    before = names_in(request.output.parent) if request.output.parent.is_dir() else []
    with pytest.raises(error, match=match):
        pack(request)
    assert (names_in(request.output.parent) if request.output.parent.is_dir() else []) == before


def test_the_network_says_its_bands_and_the_tile_is_the_usual_one(request_: PackageRequest) -> None:
    packed = pack(request_)
    found = reopened(request_).definition
    assert (found.bands, found.tile_height, found.tile_width) == ((0, 1), 256, 256)
    assert (found.classes, found.name, found.weights) == (CLASSES, "net", "net.onnx")
    assert names_in(request_.output.parent) == ["cache", "model.dlpk"]
    assert packed.description.runs is True
    assert packed.description.source == str(request_.output)
    assert packed.description.definition == found


def test_a_network_of_a_fixed_size_says_its_tile(request_: PackageRequest, tmp_path: Path) -> None:
    fixed = pointwise_network(tmp_path / "fixed.onnx", bands=2, channels=3, size=48)
    pack(replace(request_, weights=fixed))
    assert reopened(request_).definition.tile_height == 48


def test_a_network_with_its_channels_last_is_packed(request_: PackageRequest, tmp_path: Path) -> None:
    last = channels_last_network(tmp_path / "last.onnx", bands=2, channels=3)
    pack(replace(request_, weights=last))
    assert reopened(request_).definition.bands == (0, 1)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("location", ["net.onnx.data", "parts/weights.bin"])
def test_tensors_beside_an_onnx_come_along(
    location: str, named: bool, request_: PackageRequest, tmp_path: Path
) -> None:
    """PyTorch exports them so."""
    network = tmp_path / "exported" / "net.onnx"
    matrix = external_network(network, location, channels=3)
    (network.parent / location).parent.mkdir(exist_ok=True)
    (network.parent / location).write_bytes(matrix.tobytes())
    pack(replace(request_, weights=network, files=(network.parent / location,) if named else ()))
    model = reopened(request_)
    assert sorted(zipfile.ZipFile(request_.output).namelist()) == sorted(["model.emd", "net.onnx", location])
    assert (model.weights.parent / location).read_bytes() == matrix.tobytes()


def test_torchscript_is_packed(request_: PackageRequest, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    script = traced_pooling_network(tmp_path / "script.pt", bands=2, channels=3)
    packed = pack(replace(request_, weights=script, parts=replace(PARTS, tile=(64, 64))))
    assert packed.document["Framework"] == "PyTorch"
    assert packed.description.network is not None
    assert "PyTorch" in packed.description.network.device


def test_the_same_request_gives_the_same_bytes(request_: PackageRequest) -> None:
    pack(request_)
    first = request_.output.read_bytes()
    pack(request_)
    assert request_.output.read_bytes() == first


def test_a_package_classifies_as_its_network_does(request_: PackageRequest, tmp_path: Path) -> None:
    from osgeo import gdal

    from tests.unit.rasters import write_raster

    pixels = np.random.default_rng(1).integers(1, 200, (2, 40, 50), np.uint8)
    raster = write_raster(tmp_path / "scene.tif", pixels.astype(np.float32))
    emd = tmp_path / "net.emd"
    document = class_definition(request_.weights, 2, [1, 4, 7], 256)
    emd.write_text(json.dumps(document), encoding="utf-8")
    pack(request_)
    maps = []
    for model in (request_.output, emd):
        output = tmp_path / f"{model.stem}.tif"
        classify(raster, model, output)
        maps.append(gdal.Open(str(output)).ReadAsArray())
    np.testing.assert_array_equal(*maps)
    assert len(np.unique(maps[0])) > 1


def test_values_are_scaled_and_normalised(request_: PackageRequest) -> None:
    pack(replace(request_, scale=(0.01,), mean=(0.5, 0.25), std=(0.1, 0.2)))
    stats = reopened(request_).definition.normalization
    pixels = np.array([50.0, 75.0], np.float32).reshape(1, 2, 1, 1)
    expected = (pixels.ravel() * 0.01 - [0.5, 0.25]) / [0.1, 0.2]
    np.testing.assert_allclose(normalize(pixels, stats).ravel(), expected, atol=1e-5)


def test_without_numbers_nothing_is_normalised(request_: PackageRequest) -> None:
    pack(request_)
    assert reopened(request_).definition.normalization is None


DEEPNESS = {
    "model_type": '"Segmentor"', "class_names": '{"0": "Land", "1": "Water", "2": "Ice"}', "resolution": "2850",
    "tile_size": "32", "tiles_overlap": "25", "standardization_mean": "[0.2, 0.4]",
    "standardization_std": "[0.1, 0.3]", "seg_thresh": "0.7",
}  # fmt: skip


def test_a_package_classifies_as_its_bare_network_that_describes_itself(
    request_: PackageRequest, tmp_path: Path
) -> None:
    with_metadata(request_.weights, **DEEPNESS)
    pixels = np.random.default_rng(5).integers(0, 255, (2, 70, 90)).astype(np.uint8)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    said = pack(replace(request_, parts=DefinitionParts()))
    assert (said.document["Framework"], said.document["ModelName"]) == ("ONNX", "net")
    assert said.description.halo == Measure((4,), "definition")
    maps, names = [], []
    for model in (request_.weights, request_.output):
        result = classify(raster, model, tmp_path / f"{model.stem}.tif")
        maps.append(read_raster(tmp_path / f"{model.stem}.tif"))
        names.append([(c.legend_class.name, c.pixels) for c in result.classes])
    np.testing.assert_array_equal(*maps)
    assert names[0] == names[1]
    assert {name for name, pixels in names[0] if pixels} >= {"Land", "Water"}


def test_what_is_given_beats_what_the_network_says_of_itself(request_: PackageRequest) -> None:
    with_metadata(request_.weights, **DEEPNESS)
    pack(replace(request_, parts=replace(PARTS, bands=(4, 1), tile=(64, 64), name="Mine")))
    found = reopened(request_).definition
    assert (found.name, found.bands, found.classes, found.tile_height) == ("Mine", (4, 1), CLASSES, 64)
    assert (found.normalization.mean, found.normalization.std) == ((0.2, 0.4), (0.1, 0.3))
    pack(replace(request_, parts=PARTS, scale=(0.01,)))
    scaled = Normalization((0.0,) * 2, (100.0,) * 2, (0.0,) * 2, (1.0,) * 2)
    assert reopened(request_).definition.normalization == scaled
    assert_refused(replace(request_, parts=replace(PARTS, bands=(0,))), NetworkMismatchError, "takes 2 bands")


def test_further_files_are_packed(request_: PackageRequest, tmp_path: Path) -> None:
    licence = tmp_path / "LICENSE.txt"
    licence.write_text("free", encoding="utf-8")
    pack(replace(request_, files=(licence,)))
    assert (reopened(request_).weights.parent / "LICENSE.txt").read_text(encoding="utf-8") == "free"


@pytest.mark.parametrize("folder", ["out", "networks"])
def test_the_definition_by_itself_finds_the_network(folder: str, request_: PackageRequest, tmp_path: Path) -> None:
    emd = tmp_path / folder / "model.emd"
    pack(replace(request_, emd_output=emd))
    assert reopened(request_, emd).weights.samefile(request_.weights)
    assert json.loads(emd.read_text(encoding="ascii"))["ModelFile"] == (
        "net.onnx" if folder == "networks" else "../networks/net.onnx"
    )


def test_a_background_channel_needs_no_class(request_: PackageRequest) -> None:
    packed = pack(replace(request_, parts=DefinitionParts(classes=CLASSES[:2])))
    assert [c.value for c in packed.description.classes] == [1, 4]


def test_an_existing_definition_is_completed(request_: PackageRequest) -> None:
    base = class_definition(Path("old.onnx"), 2, [5, 6, 8], 64, Odd="kept")
    packed = pack(replace(request_, parts=DefinitionParts(name="New", base=base)))
    found = reopened(request_).definition
    assert ([c.value for c in found.classes], found.tile_height, found.name) == ([5, 6, 8], 64, "New")
    assert (packed.document["Odd"], packed.document["ModelFile"]) == ("kept", "net.onnx")


def test_limits_of_an_existing_definition_stay_until_other_numbers_are_given(request_: PackageRequest) -> None:
    stats = Normalization((0.0,) * 2, (10.0,) * 2, (0.0,) * 2, (1.0,) * 2, (0.0, 1.0), (5.0, math.inf))
    base = class_definition(Path("old.onnx"), 2, [5, 6, 8], 64)
    base = write_emd(replace(parse_emd(base, "old"), normalization=stats, stride=2))
    pack(replace(request_, parts=DefinitionParts(base=base)))
    assert reopened(request_).definition.normalization == stats
    pack(replace(request_, parts=DefinitionParts(base=base), scale=(0.5,)))
    found = reopened(request_).definition
    assert (found.normalization.lowest, found.normalization.maximum, found.stride) == ((), (2.0, 2.0), 2)


# --- what is refused, before anything is written ------------------------------------------------------


@pytest.mark.parametrize("count", [1, 5])
def test_classes_that_do_not_fit_the_channels(count: int, request_: PackageRequest) -> None:
    classes = tuple(ModelClass(value, str(value), (0, 0, 0)) for value in range(1, count + 1))
    assert_refused(replace(request_, parts=DefinitionParts(classes=classes)), NetworkMismatchError, "3 channels for")


def test_bands_that_do_not_fit_the_network(request_: PackageRequest) -> None:
    assert_refused(replace(request_, parts=replace(PARTS, bands=(0, 1, 2))), NetworkMismatchError, "takes 2 bands")


def test_classes_of_the_same_value(request_: PackageRequest) -> None:
    parts = DefinitionParts(classes=(CLASSES[0], replace(CLASSES[1], value=1), CLASSES[2]))
    assert_refused(replace(request_, parts=parts), ModelKeyError, "distinct values")


def test_no_classes(request_: PackageRequest) -> None:
    assert_refused(replace(request_, parts=DefinitionParts()), PackagePartMissingError, "lacks classes. Set CLASSES")


def test_a_network_that_does_not_tell_its_bands(request_: PackageRequest, tmp_path: Path) -> None:
    from tests.networks import identity_network

    free = identity_network(tmp_path / "free.onnx", bands="c")
    assert_refused(replace(request_, weights=free), PackagePartMissingError, "lacks bands. Set BANDS")


@pytest.mark.parametrize("numbers", [{"mean": (1.0, 2.0, 3.0)}, {"scale": (0.0,)}])
def test_numbers_that_do_not_fit_the_bands(numbers: dict[str, Any], request_: PackageRequest) -> None:
    assert_refused(replace(request_, **numbers), InputNumbersError)


def test_a_standard_deviation_of_0(request_: PackageRequest) -> None:
    assert_refused(replace(request_, std=(0.0,)), ModelKeyError, "scaled_std_values")


def test_a_damaged_network(request_: PackageRequest) -> None:
    request_.weights.write_bytes(b"no network")
    assert_refused(request_, WeightsUnreadableError)
    assert_refused(replace(request_, parts=replace(PARTS, bands=(0, 1), tile=(64, 64))), WeightsUnreadableError)


def test_an_existing_package_outlives_a_failure(request_: PackageRequest) -> None:
    pack(request_)
    before = request_.output.read_bytes()
    assert_refused(replace(request_, parts=DefinitionParts(classes=CLASSES[:1])), NetworkMismatchError)
    assert request_.output.read_bytes() == before


@pytest.mark.parametrize("refused", ["model.dlpk", "model.emd"])
def test_package_and_definition_get_their_names_together_or_not_at_all(
    refused: str, request_: PackageRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "beside"
    folder.mkdir()
    asked = replace(request_, output=request_.output.with_name("model.dlpk"), emd_output=folder / "model.emd")
    pack(asked)
    before = {path: path.read_bytes() for path in (asked.output, folder / "model.emd")}
    rename = os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target).name == refused and Path(target) in before:
            raise PermissionError(13, "in use")
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    changed = replace(asked, parts=replace(PARTS, name="Another name"))
    assert_refused(changed, OutputNotReplacedError, "in use")
    assert {path: path.read_bytes() for path in before} == before
    assert names_in(folder) == ["model.emd"]
    assert names_in(asked.output.parent) == ["model.dlpk"]
    monkeypatch.setattr(os, "replace", rename)
    pack(changed)
    assert all(path.read_bytes() != content for path, content in before.items())


def test_outputs_of_another_kind_or_place(request_: PackageRequest, tmp_path: Path) -> None:
    out = request_.output.parent
    assert_refused(replace(request_, output=out / "model.zip"), PackageOutputError, r"must end in \.dlpk")
    assert_refused(replace(request_, emd_output=out / "model.json"), PackageOutputError, r"must end in \.emd")
    assert_refused(replace(request_, output=tmp_path / "none" / "model.dlpk"), OutputFolderError, "does not exist")
    (out / "folder.dlpk").mkdir()
    assert_refused(replace(request_, output=out / "folder.dlpk"), OutputFolderError, "is a folder")


def test_an_output_that_is_an_input(request_: PackageRequest) -> None:
    pack(request_)
    assert_refused(replace(request_, files=(request_.output,)), OutputIsInputError)


def test_files_that_cannot_be_packed(request_: PackageRequest, tmp_path: Path) -> None:
    twin = tmp_path / "NET.onnx"
    twin.write_bytes(b"other")
    assert_refused(replace(request_, files=(twin,)), PackageMemberError, "another file with that name")
    assert_refused(replace(request_, files=(tmp_path / "absent.txt",)), PackageMemberError, "does not exist")
    assert_refused(replace(request_, weights=tmp_path / "absent.onnx"), PackageMemberError, "does not exist")


# --- where the library is missing ---------------------------------------------------------------------


def test_without_the_runtime_the_package_is_written_and_the_user_warned(
    request_: PackageRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    progress = Recorder()
    packed = pack(replace(request_, parts=replace(PARTS, bands=(0, 1), tile=(64, 64))), progress)
    assert packed.description.runs is False
    (values,) = progress.said(Caution.PACKED_UNTRIED)
    assert isinstance(values["reason"], RuntimeMissingError)
    assert reopened(request_).definition.classes == CLASSES


def test_without_the_runtime_the_bands_have_to_be_given(
    request_: PackageRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert_refused(request_, PackagePartMissingError, "lacks bands")
