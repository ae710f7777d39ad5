# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions and packages as they are written: valid in Esri's documented format, and the same bytes each time."""

from __future__ import annotations

import json
import math
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models import (
    DefinitionParts,
    ModelClass,
    ModelReference,
    Normalization,
    emd_document,
    open_model,
    parse_emd,
    write_emd,
)
from classify_pixels.inference.models.package_writing import definition_document, emd_text, write_dlpk, write_zip
from classify_pixels.inference.phrase import printable
from tests.unit.test_emd import definitions, normalizations

ROOT = Path(__file__).resolve().parents[2]
STATISTICS = [f"{kind}_{what}_values" for kind in ("band", "scaled") for what in ("min", "max", "mean", "std")]

texts = st.text(max_size=12).map(printable).map(str.strip)
colors = st.tuples(*[st.integers(0, 255)] * 3)


@st.composite
def parts(draw: Any) -> DefinitionParts:
    numbers = st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True)
    names = st.lists(texts.filter(bool), min_size=1, max_size=6, unique=True)
    bands = tuple(draw(numbers | names))
    values = draw(st.lists(st.integers(0, 2**31 - 2), min_size=1, max_size=6, unique=True))
    return DefinitionParts(
        name=draw(texts.filter(bool)),
        classes=tuple(ModelClass(value, draw(texts), draw(colors)) for value in values),
        bands=bands,
        normalization=draw(st.none() | normalizations(bands)),
        tile=draw(st.tuples(st.integers(1, 4096), st.integers(1, 4096))),
        padding=draw(st.none() | st.integers(0, 100)),
        description=draw(texts),
        version=draw(texts),
    )


def assert_is_esris(document: dict[str, Any]) -> None:
    """Checks a definition against what the format's documentation says of each key, without our own reader."""
    assert isinstance(document["Framework"], str)
    assert document["ModelType"] == "ImageClassification"
    assert re.fullmatch(r"[^/\\:]+", document["ModelFile"])
    assert all(type(document[key]) is int and document[key] > 0 for key in ("ImageHeight", "ImageWidth"))
    bands = document["ExtractBands"]
    assert bands
    assert all((type(band) is int and band >= 0) or (isinstance(band, str) and band) for band in bands)
    values = [c["Value"] for c in document["Classes"]]
    assert values
    assert len(set(values)) == len(values)
    for entry in document["Classes"]:
        assert set(entry) == {"Value", "Name", "Color"}
        assert type(entry["Value"]) is int
        assert isinstance(entry["Name"], str)
        assert len(entry["Color"]) == 3
        assert all(type(part) is int and 0 <= part <= 255 for part in entry["Color"])
    assert all(isinstance(document.get(key, ""), str) for key in ("ModelName", "Description", "Version"))
    assert type(document.get("Padding", 0)) is int
    if "NormalizationStats" in document:
        assert_are_esris_statistics(document["NormalizationStats"], bands)


def assert_are_esris_statistics(stats: dict[str, Any], bands: list[Any]) -> None:
    """There are eight arrays, each null or with a value for every band of the raster that ExtractBands numbers."""
    assert sorted(stats) == sorted(STATISTICS)
    named = any(isinstance(band, str) for band in bands)
    least = len(bands) if named else max(bands) + 1
    for values in stats.values():
        assert values is None or (len(values) >= least and all(math.isfinite(value) for value in values))


@given(parts())
def test_a_definition_is_one_that_the_format_allows(given_parts: DefinitionParts) -> None:
    text = emd_text(definition_document(given_parts, "network.onnx"))
    assert text.isascii()
    assert_is_esris(json.loads(text))


@given(parts())
def test_a_package_is_read_back_as_what_was_said(said: DefinitionParts) -> None:
    document = definition_document(said, "network.onnx")
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "model.dlpk"
        write_dlpk(package, {"model.emd": emd_text(document).encode("ascii"), "network.onnx": b"weights"})
        model = open_model(ModelReference(path=package), Path(folder) / "cache")
        assert model.weights.read_bytes() == b"weights"
    found = model.definition
    assert found is not None
    assert (found.name, found.weights, found.framework) == (said.name, "network.onnx", "ONNX")
    assert (found.classes, found.bands, found.normalization) == (said.classes, said.bands, said.normalization)
    assert ((found.tile_height, found.tile_width), found.padding) == (said.tile, said.padding)
    assert (found.description, found.version, found.ignored) == (said.description, said.version, ())


@given(definitions())
def test_any_definition_survives_a_package(definition: Any) -> None:
    """Its weights get the name of a plain file here, because others are looked for elsewhere."""
    document = {**write_emd(definition), "ModelFile": "network.onnx", "Framework": "ONNX"}
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "model.dlpk"
        write_dlpk(package, {"model.emd": emd_text(document).encode("ascii"), "network.onnx": b"weights"})
        assert open_model(ModelReference(path=package), Path(folder) / "cache").definition == parse_emd(document, "m")


def test_an_existing_definition_keeps_what_nobody_says_anew() -> None:
    base = {
        "Framework": "arcgis.learn.models._inferencing", "ModelConfiguration": "_unet", "ModelFile": "old.pth",
        "ImageHeight": 400, "ImageWidth": 400, "ExtractBands": [0, 1, 2],
        "Classes": [{"Value": 1, "Name": "a", "Color": [1, 2, 3]}], "ModelParameters": {"backbone": "resnet34"},
    }  # fmt: skip
    document = definition_document(DefinitionParts(name="new", tile=(64, 64), base=base), "new.pth")
    assert document == {
        **base, "ModelType": "ImageClassification", "ModelName": "new", "ModelFile": "new.pth",
        "ImageHeight": 64, "ImageWidth": 64,
    }  # fmt: skip
    assert base["ModelFile"] == "old.pth"


def test_statistics_follow_the_bands_of_an_existing_definition() -> None:
    stats = Normalization((0.0, 0.0), (1.0, 10.0), (0.5, 5.0), (1.0, 2.0))
    document = definition_document(DefinitionParts(normalization=stats, base={"ExtractBands": [3, 1]}), "n.onnx")
    written = document["NormalizationStats"]
    assert [written["band_max_values"][band] for band in (3, 1)] == [1.0, 10.0]
    assert_are_esris_statistics(written, [3, 1])


@pytest.mark.parametrize(
    ("weights", "framework"), [("n.onnx", "ONNX"), ("n.PT", "PyTorch"), ("n.pth", "PyTorch"), ("n.pb", "TensorFlow")]
)
def test_the_framework_is_that_of_the_file(weights: str, framework: str) -> None:
    assert definition_document(DefinitionParts(), weights)["Framework"] == framework


def test_a_definition_of_esris_stays_as_it_is() -> None:
    assert emd_document({"ModelFile": "a.onnx", "Odd": 1}, "m") == {"ModelFile": "a.onnx", "Odd": 1}


# --- the archive --------------------------------------------------------------------------------------


def test_the_same_content_gives_the_same_bytes_from_memory_and_from_files(tmp_path: Path) -> None:
    content = bytes(range(256)) * 500
    file = tmp_path / "network.onnx"
    file.write_bytes(content)
    write_dlpk(tmp_path / "a.dlpk", {"m.emd": b"{}", "network.onnx": content})
    file.touch()
    write_dlpk(tmp_path / "b.dlpk", {"m.emd": b"{}", "network.onnx": file})
    assert (tmp_path / "a.dlpk").read_bytes() == (tmp_path / "b.dlpk").read_bytes()


def test_the_archive_is_plain_and_holds_no_time_of_day(tmp_path: Path) -> None:
    package = tmp_path / "a.dlpk"
    write_dlpk(package, {"m.emd": b"{}" * 100, "network.onnx": b"weights" * 100})
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        for member in archive.infolist():
            assert "/" not in member.filename
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.compress_type == zipfile.ZIP_DEFLATED
            assert member.external_attr >> 16 == 0o100644
            assert member.compress_size < member.file_size
        assert archive.namelist() == ["m.emd", "network.onnx"]


def test_members_may_be_stored_as_they_are(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {"a": b"weights" * 100}, zipfile.ZIP_STORED)
    assert b"weights" * 100 in (tmp_path / "a.zip").read_bytes()


def test_the_sample_package_is_what_the_plugin_writes(sample: Path, tmp_path: Path) -> None:
    names = ("landsat7_landcover.emd", "landsat7_landcover.onnx")
    write_dlpk(tmp_path / "a.dlpk", {name: sample / name for name in names})
    written, shipped = (zipfile.ZipFile(p) for p in (tmp_path / "a.dlpk", sample / "landsat7_landcover.dlpk"))
    with written, shipped:
        assert [(m.filename, m.CRC, m.date_time) for m in written.infolist()] == [
            (m.filename, m.CRC, m.date_time) for m in shipped.infolist()
        ]
