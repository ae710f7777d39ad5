# SPDX-License-Identifier: GPL-2.0-or-later
"""The JSON forms of INPUT and MODEL, and paths into data stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import (
    DataStorePathError,
    DataStoreSettingError,
    DataStoreUnknownError,
    ReferenceFormError,
)
from classify_pixels.inference.raster import GdalInput
from classify_pixels.plugin_support.sources.data_stores import SETTINGS_GROUP, VARIABLE, data_stores, resolve_store_path
from classify_pixels.plugin_support.sources.image_service import ImageService
from classify_pixels.plugin_support.sources.references import (
    ITEM,
    SERVICE,
    URI,
    URL,
    Reference,
    is_model_definition,
    read_reference,
)
from classify_pixels.plugin_support.sources.resolve import raster_place, resolve_model, resolve_raster

pytestmark = pytest.mark.usefixtures("plugin")

SERVICE_URL = "https://server.example/server/rest/services/Hosted/test/ImageServer"
STORES = {"scenes": "/data/scenes/", "bucket": "/vsis3/bucket/prefix"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("scene.tif", Reference(URI, "scene.tif")),
        ("  /vsis3/bucket/scene.tif ", Reference(URI, "/vsis3/bucket/scene.tif")),
        ("NETCDF:scene.nc:band", Reference(URI, "NETCDF:scene.nc:band")),
        ("https://example.org/scene.tif", Reference(URL, "https://example.org/scene.tif")),
        (Path("scene.tif"), Reference(URI, "scene.tif")),
        ({"uri": "a.tif"}, Reference(URI, "a.tif")),
        ({"url": SERVICE_URL}, Reference(URL, SERVICE_URL)),
        ({"itemId": "abc"}, Reference(ITEM, "abc")),
        ({"uri": "a.tif", "url": SERVICE_URL}, Reference(URL, SERVICE_URL)),
        ({"uri": "a.tif", "url": SERVICE_URL, "itemId": "abc"}, Reference(ITEM, "abc")),
        ({"itemId": "", "url": None, "uri": "a.tif"}, Reference(URI, "a.tif")),
        (
            {
                "serviceProperties": {"name": "t", "serviceUrl": SERVICE_URL},
                "itemProperties": {"itemId": "abc"},
            },
            Reference(SERVICE, SERVICE_URL),
        ),
        ({"itemProperties": {"itemId": "abc"}}, Reference(ITEM, "abc")),
        (
            {"url": SERVICE_URL, "serviceToken": "t", "renderingRule": {"rasterFunction": "NDVI"}},
            Reference(URL, SERVICE_URL, "t", (("renderingRule", '{"rasterFunction": "NDVI"}'),)),
        ),
    ],
)
def test_every_form_is_read_as_mapping_and_as_text(value: Any, expected: Reference) -> None:
    assert read_reference(value) == expected
    if isinstance(value, dict):
        assert read_reference(" " + json.dumps(value)) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"path": "a.tif", "id": 4}, "none of its keys (id, path)"),
        ({}, "none of its keys (none)"),
        ({"uri": 5}, "none of its keys (uri)"),
        ("{uri: a.tif}", "it is not JSON"),
        ('{"uri": "a.tif", "uri": "b.tif"}', "it has the key uri twice"),
        ("", "it is empty"),
        (None, "it is empty"),
    ],
)
def test_an_unknown_form_is_named(value: Any, reason: str) -> None:
    with pytest.raises(ReferenceFormError) as error:
        read_reference(value)
    assert reason in str(error.value)


def test_a_token_is_not_shown_in_the_error() -> None:
    with pytest.raises(ReferenceFormError) as error:
        read_reference({"serviceToken": "secret", "path": "a"})
    assert "secret" not in str(error.value)


def test_a_definition_is_told_from_a_reference() -> None:
    assert is_model_definition({"ModelFile": "a.onnx", "Framework": "ONNX"})
    assert is_model_definition({"Classes": []})
    assert not is_model_definition({"uri": "a.emd"})
    assert not is_model_definition("a.emd")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/rasterStores/scenes/A/B/C.tif", "/data/scenes/A/B/C.tif"),
        ("/fileShares/scenes/a.dlpk", "/data/scenes/a.dlpk"),
        ("/cloudStores/bucket/A//./b.tif", "/vsis3/bucket/prefix/A/b.tif"),
        ("/cloudstores/bucket", "/vsis3/bucket/prefix"),
        (r"\cloudStores\bucket\A\b.tif", "/vsis3/bucket/prefix/A/b.tif"),
        ("/data/rasterStores/scenes/a.tif", "/data/rasterStores/scenes/a.tif"),
        ("scene.tif", "scene.tif"),
        (r"\\server\share\model.emd", r"\\server\share\model.emd"),
    ],
)
def test_a_path_into_a_store_becomes_its_place(path: str, place: str) -> None:
    assert resolve_store_path(path, STORES) == place


def test_an_unknown_store_lists_the_known_ones() -> None:
    with pytest.raises(DataStoreUnknownError, match="other is unknown; known stores: bucket, scenes"):
        resolve_store_path("/rasterStores/other/a.tif", STORES)
    with pytest.raises(DataStoreUnknownError, match="known stores: none"):
        resolve_store_path("/rasterStores/other/a.tif", {})


@pytest.mark.parametrize(
    "path", ["/rasterStores/scenes/../x.tif", r"\rasterStores\scenes\a\..\..\x", "/fileShares/scenes/.."]
)
def test_no_path_leaves_its_store(path: str) -> None:
    with pytest.raises(DataStorePathError):
        resolve_store_path(path, STORES)


def test_stores_come_from_the_settings_and_the_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    from qgis.core import QgsSettings

    settings = QgsSettings()
    settings.setValue(f"{SETTINGS_GROUP}/scenes", "/from/settings")
    settings.setValue(f"{SETTINGS_GROUP}/other", "/other")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert data_stores() == {"scenes": "/from/settings", "other": "/other"}
    monkeypatch.setenv(VARIABLE, '{"scenes": "/from/variable"}')
    assert data_stores() == {"scenes": "/from/variable", "other": "/other"}
    settings.remove(SETTINGS_GROUP)
    assert data_stores() == {"scenes": "/from/variable"}


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}'])
def test_a_variable_that_is_no_object_of_texts_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(DataStoreSettingError, match=VARIABLE):
        data_stores()


def test_places_of_rasters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps(STORES))
    assert resolve_raster("/cloudStores/bucket/a.tif", tmp_path) == GdalInput("/vsis3/bucket/prefix/a.tif")
    assert resolve_raster({"uri": "a.tif"}, tmp_path) == GdalInput("a.tif")
    over_http = resolve_raster({"url": "https://example.org/a.tif?x=1"}, tmp_path)
    assert over_http == GdalInput("/vsicurl/https://example.org/a.tif?x=1", title="https://example.org/a.tif")
    service = raster_place(read_reference({"url": SERVICE_URL + "?token=abc"}), tmp_path)
    assert isinstance(service, ImageService)
    assert (service.url, service.access.token) == (SERVICE_URL, "abc")


def test_places_of_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps({"models": str(tmp_path)}))
    definition = {"ModelFile": "a.onnx", "Classes": []}
    assert resolve_model(definition, tmp_path) == definition
    assert resolve_model(json.dumps(definition), tmp_path) == definition
    assert resolve_model("a/model.emd", tmp_path) == "a/model.emd"
    assert resolve_model({"uri": "/rasterStores/models/A/model.emd"}, tmp_path) == f"{tmp_path}/A/model.emd"
    assert resolve_model({"uri": r"\\storage\folder\model.emd"}, tmp_path) == "//storage/folder/model.emd"
    assert resolve_model(None, tmp_path) is None
    with pytest.raises(ReferenceFormError):
        resolve_model({"path": "a.emd"}, tmp_path)
