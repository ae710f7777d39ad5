# SPDX-License-Identifier: GPL-2.0-or-later
"""Items of a portal, and models at an address or in a store."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import AddressError, PortalItemError, PortalMissingError
from classify_pixels.inference.models import open_model, read_model_reference
from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.plugin_support.http import Access, download
from classify_pixels.plugin_support.sources import portal
from classify_pixels.plugin_support.sources.data_stores import VARIABLE as STORES_VARIABLE
from classify_pixels.plugin_support.sources.image_service import ImageServiceSource
from classify_pixels.plugin_support.sources.portal import Portal, item_of_address, portal_in_settings
from classify_pixels.plugin_support.sources.resolve import resolve_model, resolve_raster

from ..servers import Answer, Failures, ImageServiceServer, LoopbackServer, PortalServer
from ..unit.rasters import random_pixels, write_raster
from .scenes import Scene

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")

TOKEN = "token-of-the-test"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalServer]:
    with PortalServer(TOKEN) as server:
        monkeypatch.setenv(portal.VARIABLE, server.portal + "/")
        monkeypatch.setenv(portal.TOKEN_VARIABLE, TOKEN)
        yield server


def definition_beside_weights(scene: Scene) -> str:
    return json.dumps({**scene.definition, "ModelFile": scene.network.name})


@pytest.fixture
def folder(scene: Scene, tmp_path: Path) -> Path:
    """A folder with the scene's model, whose definition names the weights beside it."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "model.emd").write_text(definition_beside_weights(scene), encoding="utf-8")
    (folder / scene.network.name).write_bytes(scene.network.read_bytes())
    return folder


@pytest.fixture
def package(scene: Scene, tmp_path: Path) -> bytes:
    """The scene's model as a package."""
    path = tmp_path / "model.dlpk"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.emd", definition_beside_weights(scene))
        archive.write(scene.network, scene.network.name)
    return path.read_bytes()


def test_an_image_service_item_is_read_with_the_portals_token(server: PortalServer, tmp_path: Path) -> None:
    pixels = random_pixels(2, 40, 50)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    with ImageServiceServer(raster, token=TOKEN) as service:
        server.items["abc123"] = {"type": "Image Service", "url": service.service}
        for value in ({"itemId": "abc123"}, {"url": server.portal + "/sharing/rest/content/items/abc123"}):
            source = resolve_raster(value, tmp_path / "cache")
            assert isinstance(source, ImageServiceSource)
            np.testing.assert_array_equal(source.read(source.grid.window)[0], pixels)


def test_a_raster_file_of_a_portal_is_copied(server: PortalServer, tmp_path: Path) -> None:
    pixels = random_pixels(2, 40, 50)
    server.items["img"] = {"type": "Image", "name": "my scene.tif", "modified": 5}
    server.files["img"] = write_raster(tmp_path / "scene.tif", pixels).read_bytes()
    raster = resolve_raster('{"itemId": "img"}', tmp_path / "cache")
    assert isinstance(raster, GdalInput)
    assert Path(raster.uri).name == "my_scene.tif"
    source = GdalSource(raster)
    np.testing.assert_array_equal(source.read(source.grid.window)[0], pixels)


def test_a_package_of_a_portal_is_opened_and_copied_once(
    server: PortalServer, package: bytes, scene: Scene, tmp_path: Path
) -> None:
    server.items["dlpk"] = {"type": "Deep Learning Package", "name": "land.dlpk", "url": None}
    server.files["dlpk"] = package
    paths = [resolve_model({"itemId": "dlpk"}, tmp_path / "cache") for _ in range(2)]
    assert paths[0] == paths[1]
    assert Path(paths[0]).read_bytes() == package
    requests = [request for request in server.requests if request.path.endswith("/data")]
    assert [bool(request.headers.get("If-None-Match")) for request in requests] == [False, True]
    model = open_model(read_model_reference(paths[0]), tmp_path / "packages")
    assert model.weights.read_bytes() == scene.network.read_bytes()


def test_a_package_that_changed_is_copied_again(server: PortalServer, package: bytes, tmp_path: Path) -> None:
    server.items["dlpk"] = {"type": "Deep Learning Package", "name": "land.dlpk"}
    server.files["dlpk"] = b"old"
    resolve_model({"itemId": "dlpk"}, tmp_path)
    server.files["dlpk"] = package
    assert Path(resolve_model({"itemId": "dlpk"}, tmp_path)).read_bytes() == package


def test_the_portals_sign_in_stays_on_its_host() -> None:
    own = Portal("https://portal.example/portal", Access(token=TOKEN))
    assert own.access_for("https://portal.example:6443/arcgis/rest/x") == own.access
    assert own.access_for("https://other.example/arcgis/rest/x") == Access()


def test_an_items_address_is_known_with_its_portal() -> None:
    own = Portal("https://portal.example/portal", Access(token=TOKEN))
    address = "https://portal.example/portal/sharing/rest/content/items/x2u13?f=html"
    assert item_of_address(address, own) == ("x2u13", own)
    assert item_of_address(address.replace("portal.example", "other.example"), own)[1].access == Access()
    assert item_of_address("https://portal.example/model.dlpk", own) is None


def test_without_a_portal_an_item_says_where_to_set_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(portal.VARIABLE, raising=False)
    for resolve in (resolve_raster, resolve_model):
        with pytest.raises(PortalMissingError, match="abc needs a portal.*CLASSIFY_PIXELS_PORTAL"):
            resolve({"itemId": "abc"}, tmp_path)


def test_the_settings_name_the_portal_and_the_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    from qgis.core import QgsSettings

    monkeypatch.delenv(portal.VARIABLE, raising=False)
    monkeypatch.delenv(portal.TOKEN_VARIABLE, raising=False)
    settings = QgsSettings()
    settings.setValue(portal.URL_SETTING, "https://portal.example/portal/")
    settings.setValue(portal.AUTHCFG_SETTING, "abc1234")
    assert portal_in_settings() == Portal("https://portal.example/portal", Access(authcfg="abc1234"))
    monkeypatch.setenv(portal.VARIABLE, "https://other.example")
    monkeypatch.setenv(portal.TOKEN_VARIABLE, TOKEN)
    assert portal_in_settings() == Portal("https://other.example", Access("abc1234", TOKEN))
    settings.remove("classify_pixels/portal")


@pytest.mark.parametrize("item", ["../x", "a b", "a/b"])
def test_an_id_that_is_none_is_refused(item: str, server: PortalServer, tmp_path: Path) -> None:
    with pytest.raises(PortalItemError, match="other than letters, digits"):
        resolve_raster({"itemId": item}, tmp_path)
    assert not server.requests


def test_an_item_that_is_no_raster_says_what_it_is(server: PortalServer, tmp_path: Path) -> None:
    server.items["map"] = {"type": "Map Service", "url": server.url + "/MapServer"}
    with pytest.raises(PortalItemError, match="it is a Map Service"):
        resolve_raster({"itemId": "map"}, tmp_path)


def test_an_item_without_a_type_is_named(server: PortalServer, tmp_path: Path) -> None:
    server.items["odd"] = {}
    with pytest.raises(PortalItemError, match="declares no type"):
        resolve_model({"itemId": "odd"}, tmp_path)


def test_an_unknown_item_and_a_refused_token_are_errors_of_the_portal(
    server: PortalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(AddressError, match=r"items/none could not be read: Item does not exist"):
        resolve_model({"itemId": "none"}, tmp_path)
    monkeypatch.setenv(portal.TOKEN_VARIABLE, "wrong")
    with pytest.raises(AddressError, match=r"Token Required \(499\)"):
        resolve_model({"itemId": "none"}, tmp_path)


class FolderServer(LoopbackServer):
    """Serves the files of a folder by their names."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def answer(self, request: Any) -> Answer:
        path = self._folder / request.path.rpartition("/")[2]
        return Answer(path.read_bytes()) if path.is_file() else Answer(b"no such file", 404)


def test_a_model_at_an_address_is_copied_with_its_weights(folder: Path, scene: Scene, tmp_path: Path) -> None:
    with FolderServer(folder) as server:
        path = resolve_model({"url": f"{server.url}/models/model.emd?v=1"}, tmp_path / "cache")
        model = open_model(read_model_reference(path), tmp_path)
        assert model.weights.read_bytes() == scene.network.read_bytes()
        assert model.weights.parent.parent == tmp_path / "cache"
        path = resolve_model(f"{server.url}/{scene.network.name}", tmp_path / "cache")
        assert Path(path).read_bytes() == scene.network.read_bytes()
        with pytest.raises(AddressError, match="/none.dlpk could not be read: it returned 404"):
            resolve_model({"url": server.url + "/none.dlpk"}, tmp_path / "cache")


@pytest.mark.parametrize("damage", [b"", b"other bytes"])
def test_a_copy_that_was_damaged_is_fetched_anew(damage: bytes, tmp_path: Path) -> None:
    """The server alone would report an unchanged file."""
    with PortalServer() as server:
        server.items["1"], server.files["1"] = {"title": "m"}, b"the weights"
        address = f"{server.portal}/sharing/rest/content/items/1/data"
        target = tmp_path / "model.onnx"
        download(address, target, {})
        target.write_bytes(damage)
        download(address, target, {})
        assert target.read_bytes() == b"the weights"
        before = target.stat().st_ino
        download(address, target, {})
        assert target.stat().st_ino == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx", "model.onnx.etag"]


def test_a_download_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with Failures([Answer(b"half", 503)]) as server, pytest.raises(AddressError):
        resolve_model(server.url + "/model.dlpk", tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_model_in_a_store_of_gdals_file_systems_is_copied(
    folder: Path, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in folder.iterdir():
        gdal.FileFromMemBuffer(f"/vsimem/store/A/{path.name}", path.read_bytes())
    monkeypatch.setenv(STORES_VARIABLE, json.dumps({"models": "/vsimem/store"}))
    path = resolve_model({"uri": "/cloudStores/models/A/model.emd"}, tmp_path / "cache")
    weights = open_model(read_model_reference(path), tmp_path).weights
    assert weights.parent.parent == tmp_path / "cache"
    assert weights.read_bytes() == scene.network.read_bytes()
    for path in folder.iterdir():
        gdal.Unlink(f"/vsimem/store/A/{path.name}")
    with pytest.raises(AddressError, match="/vsimem/store/A/none.emd"):
        resolve_model({"uri": "/cloudStores/models/A/none.emd"}, tmp_path / "cache")
