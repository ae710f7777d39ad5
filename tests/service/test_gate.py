# SPDX-License-Identifier: GPL-2.0-or-later
"""The gate: what a reference of a caller may name, and what not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ClassifyPixelsError
from classify_pixels.service.closed_gdal import opened_image
from classify_pixels.service.errors import ParameterRefusedError, ReferenceRefusedError
from classify_pixels.service.gate import Address, Gate
from classify_pixels.service.submission import read_submission
from tests.unit.rasters import build_vrt, write_raster

from .conftest import Stores, inputs


@pytest.mark.parametrize(
    "reference",
    [
        "/rasterStores/data/scene.tif",
        "/fileShares/data/scene.tif",
        "/cloudStores/data//./scene.tif",
        "\\rasterStores\\data\\scene.tif",
        {"uri": "/rasterStores/data/scene.tif"},
        '{"uri": "/rasterStores/data/scene.tif", "name": "x"}',
    ],
)
def test_a_file_in_a_store_passes_in_every_form(reference: Any, stores: Stores) -> None:
    assert stores.gate.place_of("inputRaster", reference) == (stores.folder / "scene.tif").resolve()


def test_a_link_inside_a_store_passes_and_one_out_of_it_does_not(stores: Stores) -> None:
    (stores.folder / "inner.tif").symlink_to(stores.folder / "scene.tif")
    (stores.folder / "outer.tif").symlink_to(stores.outside / "secret.tif")
    (stores.folder / "folder").symlink_to(stores.outside)
    gate = stores.gate
    assert gate.path_of("x", "/rasterStores/data/inner.tif") == (stores.folder / "scene.tif").resolve()
    for uri in ("/rasterStores/data/outer.tif", "/rasterStores/data/folder/secret.tif"):
        with pytest.raises(ReferenceRefusedError) as outer:
            gate.path_of("x", uri)
        with pytest.raises(ReferenceRefusedError) as missing:
            gate.path_of("x", uri.replace(".tif", ".none"))
        assert str(outer.value).replace(".tif", "") == str(missing.value).replace(".none", "").replace(".tif", "")


PARAMETERS = ("inputRaster", "model", "snapRaster", "mask", "cellSize", "ModelFile")


def with_reference(parameter: str, reference: Any) -> dict[str, Any]:
    if parameter in ("inputRaster", "model"):
        return inputs(**{parameter: reference})
    if parameter == "ModelFile":
        return inputs(
            model=json.dumps({"ModelFile": reference, "Framework": "ONNX", "ModelType": "ImageClassification"})
        )
    return inputs(context=json.dumps({parameter: reference}))


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize(
    "reference",
    [
        "/etc/hostname",
        "/vsicurl/http://127.0.0.1/a.tif",
        "http://127.0.0.1/a.tif",
        "/rasterStores/data/../outside/secret.tif",
    ],
)
def test_every_parameter_passes_the_same_gate(parameter: str, reference: str, stores: Stores) -> None:
    with pytest.raises(ReferenceRefusedError) as caught:
        read_submission(with_reference(parameter, reference), stores.gate)
    assert caught.value.values["parameter"] == parameter


@pytest.mark.parametrize("parameter", ["snapRaster", "mask", "cellSize"])
@pytest.mark.parametrize("key", ["uri", "url", "itemId"])
def test_references_of_the_context_pass_it_in_every_form(parameter: str, key: str, stores: Stores) -> None:
    for value in ("/etc/hostname", "http://169.254.169.254/a.tif", "0123456789abcdef"):
        with pytest.raises(ReferenceRefusedError):
            read_submission(with_reference(parameter, {key: value}), stores.gate)


def test_a_list_passes_it_entry_by_entry(stores: Stores) -> None:
    for value in ("/rasterStores/data/scene.tif;/etc/hostname", '["/rasterStores/data/scene.tif", "/etc/hostname"]'):
        with pytest.raises(ReferenceRefusedError):
            read_submission(inputs(inputRaster=value), stores.gate)


def test_files_that_name_other_files_are_refused(stores: Stores) -> None:
    build_vrt(stores.folder / "mosaic.vrt", stores.outside / "secret.tif")
    (stores.folder / "disguised.tif").write_bytes((stores.folder / "mosaic.vrt").read_bytes())
    (stores.folder / "item.json").write_text(json.dumps({"type": "Feature", "stac_version": "1.0.0"}))
    for name in ("mosaic.vrt", "disguised.tif", "item.json"):
        with pytest.raises(ReferenceRefusedError):
            read_submission(inputs(inputRaster=f"/rasterStores/data/{name}"), stores.gate)


@pytest.mark.parametrize(
    "suffix", [".ovr", ".msk", ".aux.xml", ".OVR", ".Msk", ".AUX.XML", ".ovr.msk", ".msk.ovr.ovr", ".msk.msk.aux.xml"]
)
def test_side_files_that_name_other_files_are_refused(suffix: str, stores: Stores) -> None:
    side = stores.folder / f"scene.tif{suffix}"
    if suffix.lower().endswith(".aux.xml"):
        named = f'<MDI key="OVERVIEW_FILE">{stores.outside}/secret.tif</MDI>'
        side.write_text(f'<PAMDataset><Metadata domain="OVERVIEWS">{named}</Metadata></PAMDataset>')
    else:
        build_vrt(side, stores.outside / "secret.tif")
    with pytest.raises(ReferenceRefusedError):
        read_submission(inputs(), stores.gate)


def test_character_references_hide_no_name_of_a_file(stores: Stores) -> None:
    side = stores.folder / "scene.tif.msk.aux.xml"
    for key in ("OVERVIEW&#95;FILE", "OVERVIEW&#x5f;FILE", "&#79;VERVIEW_FILE"):
        named = f'<MDI key="{key}">{stores.outside}/secret.tif</MDI>'
        side.write_text(f'<PAMDataset><Metadata domain="OVERVIEWS">{named}</Metadata></PAMDataset>')
        with pytest.raises(ReferenceRefusedError):
            read_submission(inputs(), stores.gate)


@pytest.mark.parametrize("suffix", ["", ".msk", ".ovr"])
def test_metadata_within_a_tiff_name_no_file(suffix: str, stores: Stores) -> None:
    path = write_raster(stores.folder / f"scene.tif{suffix}", np.ones((1, 96, 96), np.uint8))
    opened_image("inputRaster", stores.folder / "scene.tif", stores.gate)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadataItem("OVERVIEW_FILE", str(stores.outside / "secret.tif"), "OVERVIEWS")
    del dataset
    assert not list(stores.folder.glob("*.aux.xml"))
    with pytest.raises(ParameterRefusedError):
        opened_image("inputRaster", stores.folder / "scene.tif", stores.gate)


def test_a_folder_gives_its_images_alone(stores: Stores) -> None:
    folder = stores.folder / "scenes"
    folder.mkdir()
    with pytest.raises(ReferenceRefusedError):
        stores.gate.images_in("x", folder)
    first = write_raster(folder / "a.tif", stores.pixels)
    (folder / "notes.txt").write_text("no image")
    assert stores.gate.images_in("x", folder) == (first,)
    (folder / "b.tif").symlink_to(stores.outside / "secret.tif")
    with pytest.raises(ReferenceRefusedError):
        stores.gate.images_in("x", folder)


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/a.tif", "http://data.example:8080/a.tif", "http://data.example.evil.org/a.tif",
        "http://user@data.example/a.tif", "http://data.example\\@evil.org/a.tif", "ftp://data.example/a.tif",
        "http://[::1]/a.tif", "http://data.example /a.tif", "http://data.example\r\nHost: x/a.tif", "http:///a.tif",
        "http://data.example:99999/a.tif", "file:///etc/hostname", "https://",
    ],
)  # fmt: skip
def test_addresses_are_on_named_hosts_only(url: str) -> None:
    with pytest.raises(ClassifyPixelsError):
        Gate({}, frozenset({"data.example"})).check_address("x", url)


def test_named_hosts_are_named_with_their_port() -> None:
    gate = Gate({}, frozenset({"data.example", "data.example:8080"}))
    for url in ("http://data.example/a.tif", "https://DATA.example:443/a.tif?b=c", "http://data.example:8080/a.tif"):
        assert gate.check_address("x", url) == Address(url)
    with pytest.raises(ReferenceRefusedError):
        gate.place_of("x", {"url": "http://data.example/arcgis/rest/services/a/ImageServer"})


def test_folders_of_stores_are_not_shown(stores: Stores) -> None:
    text = f"The raster {stores.folder.resolve()}/scene.tif cannot be read"
    assert stores.gate.shown(text) == "The raster /rasterStores/data/scene.tif cannot be read"


def test_a_definition_in_json_is_read_with_its_network_in_a_store(stores: Stores) -> None:
    definition = {**json.loads((stores.folder / "model.emd").read_text()), "ModelFile": "/fileShares/data/network.onnx"}
    found = read_submission(inputs(model=json.dumps(definition)), stores.gate)
    assert found.model == Path(stores.folder / "network.onnx").resolve()
    assert found.definition == definition
