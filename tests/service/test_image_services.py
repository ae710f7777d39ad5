# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services as input rasters: their pixels, their hosts, their tokens, and what their responses must not name."""

from __future__ import annotations

import io
import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from werkzeug.test import Client

from classify_pixels.inference.errors import AddressError, ClassifyPixelsError, ImageServiceError, ReferenceKeyError
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.raster.web import SIGN_IN
from classify_pixels.inference.run.job_file import decoded, encoded
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.errors import ParameterRefusedError, ReferenceRefusedError
from classify_pixels.service.gate import Gate, ImageService, Portal, PortalItem
from classify_pixels.service.service_raster import ServiceRaster, opened_service
from classify_pixels.service.settings import Settings
from classify_pixels.service.submission import read_submission
from tests.servers.image_service import PATH, ImageServiceServer
from tests.servers.loopback import Answer, LoopbackServer, Request

from .conftest import (
    TASK_PATH,
    Stores,
    classes_of,
    errors_of,
    inputs,
    job_command,
    status,
    submit,
    work_off,
    write_stores,
)
from .test_items import HEADER, TOKEN, Elsewhere, SignedPortal, with_portal

SECRET = "token-of-the-caller-9876543210"
URL = "https://maps.example.org/arcgis/rest/services/scene/ImageServer"


class Changed(ImageServiceServer):
    """Sends other images than those that were asked for, or redirects."""

    target = ""
    body = b""
    domain: tuple[str, dict[str, str]] | None = None

    def answer(self, request: Request) -> Answer | None:
        """Answers with the changed image."""
        answer = super().answer(request)
        if answer is None or not request.path.endswith("/exportImage"):
            return answer
        if self.target:
            return Answer(status=302, headers={"Location": self.target})
        if self.body:
            return Answer(self.body, kind="image/tiff")
        return answer if self.domain is None else replace(answer, body=with_metadata(answer.body, *self.domain))


class Federated(SignedPortal):
    """A portal with an image service on its own host, which needs the token as well."""

    def __init__(self, raster: Path) -> None:
        super().__init__()
        self.scene = ImageServiceServer(raster)

    def answer(self, request: Request) -> Answer | None:
        """Answers as the portal or as the service."""
        if request.path.startswith(PATH) and request.headers.get(HEADER) == f"Bearer {TOKEN}":
            return self.scene.answer(request)
        return super().answer(request)


def with_metadata(body: bytes, domain: str, values: dict[str, str]) -> bytes:
    """Returns a TIFF with further metadata."""
    name = "/vsimem/changed/scene.tif"
    gdal.FileFromMemBuffer(name, body)
    dataset = gdal.Open(name, gdal.GA_Update)
    dataset.SetMetadata(values, domain)
    dataset = None  # noqa: F841
    file = gdal.VSIFOpenL(name, "rb")
    content = bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(name)
    return content


def host_of(server: LoopbackServer) -> str:
    return server.url.partition("//")[2]


def gate_of(*servers: LoopbackServer) -> Gate:
    return Gate({}, frozenset(map(host_of, servers)))


def opened(server: ImageServiceServer, gate: Gate | None = None) -> ServiceRaster:
    gate = gate or gate_of(server)
    source = opened_service("inputRaster", gate.raster_place_of("inputRaster", server.service), gate)
    assert source is not None
    return source


# --- pixels


def test_image_services_are_classified_and_no_token_is_kept(
    stores: Stores, settings: Settings, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """The server's cells through the network, by numpy; tokens of callers are in no file, answer or request."""
    with ImageServiceServer(stores.folder / "scene.tif") as server:
        settings = replace(settings, gate=write_stores(stores, hosts=[host_of(server)]))
        client, dispatcher = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
        url, locked = server.service, {"mosaicMethod": "esriMosaicLockRaster", "lockRasterIds": [1]}
        forms: list[Any] = [
            json.dumps({"url": url, "serviceToken": SECRET}),
            json.dumps({"uri": url}),
            f"{url}?f=json&token={SECRET}&time=12",
            json.dumps({"serviceProperties": {"serviceUrl": url, "mosaicRule": locked, "token": SECRET}}),
        ]
        found = [submit(client, inputRaster=form) for form in forms]
        reversed_bands = submit(client, inputRaster=json.dumps({"url": url, "bandIds": [2, 1, 0]}))
        for value in (
            {"href": url, "type": "image/tiff"},
            {"url": url, "serviceToken": SECRET},
            f"{url}?token={SECRET}",
        ):
            document: dict[str, Any] = {"inputs": {"inputRaster": value, "model": "/fileShares/data/model.emd"}}
            found.append(client.post("/ogc/processes/classify-pixels/execution", json=document).get_json()["jobID"])
        document["inputs"]["inputRaster"] = {"href": url, "sharpen": 1}
        assert "sharpen" in client.post("/ogc/processes/classify-pixels/execution", json=document).get_data(
            as_text=True
        )
        failed = submit(client, inputRaster=f'{{"url": "{url}", "x": 1, "serviceToken": "{SECRET}", "x": 2}}')
        work_off(dispatcher)
        dispatcher.close()
    for job in found:
        assert np.array_equal(classes_of(dispatcher, job), stores.expected())
    assert np.array_equal(classes_of(dispatcher, reversed_bands), stores.expected(stores.pixels[::-1]))
    assert "twice" in errors_of(client, failed)[0]
    assert {"12", "None"} == {str(query.get("time")) for query in server.exports}
    assert locked in [json.loads(query.get("mosaicRule", "{}")) for query in server.exports]
    assert SECRET not in json.dumps([request.query for request in server.requests])
    for job in (*found, failed):
        shown = client.get(f"{TASK_PATH}/jobs/{job}").get_data(as_text=True)
        given = client.get(f"{TASK_PATH}/jobs/{job}/inputs/inputRaster?f=json").get_data(as_text=True)
        assert SECRET not in shown + given + json.dumps(status(client, job))
    assert SECRET not in "".join((log.getvalue(), *capfd.readouterr()))
    for file in settings.jobs.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_workers_read_the_same_pixels_from_the_same_hosts(stores: Stores) -> None:
    with Changed(stores.folder / "scene.tif") as server, Elsewhere() as other:
        travelled = decoded(json.loads(json.dumps(encoded(opened(server).described)))).open()
        pixels, valid = travelled.read(travelled.grid.window)
        assert np.array_equal(pixels, stores.pixels.astype(np.float32))
        assert valid.all()
        server.target = f"{other.url}/scene.tif"
        with pytest.raises(AddressError, match="nothing from this host"):
            travelled.read(travelled.grid.window)
        assert other.requests == []


# --- refusals


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("maps.", "other."), URL.replace("org/", "org:8080/"), URL.replace("org/", "org.evil.example/"),
        URL.replace("maps.", "u:p@maps."), URL.replace("https", "ftp"),
        URL.replace("maps.example.org", "169.254.169.254"),
        URL.replace("maps.example.org", "localhost"), f"{URL}/exportImage", URL.replace("ImageServer", "MapServer"),
        URL.replace("ImageServer", "FeatureServer/0"), f"{URL}#x", f"{URL}/../../x/ImageServer/query",
    ],
)  # fmt: skip
def test_other_hosts_and_services_are_refused(url: str) -> None:
    gate = Gate({}, frozenset({"maps.example.org"}))
    for value in (url, {"url": url}, {"serviceProperties": {"serviceUrl": url}}):
        with pytest.raises(ClassifyPixelsError):
            gate.raster_place_of("inputRaster", value)
    assert gate.raster_place_of("inputRaster", f"{URL}/?f=json&token=x") == ImageService(URL)


def test_rules_are_honoured_or_refused_by_name() -> None:
    gate = Gate({}, frozenset({"maps.example.org"}))
    place = gate.raster_place_of("x", {"serviceProperties": {"serviceUrl": URL, "bandIds": [1], "function": {"a": 1}}})
    assert place == ImageService(URL, (("bandIds", "[1]"), ("renderingRule", '{"a": 1}')))
    for value in (
        {"url": URL, "sharpen": 1}, {"serviceProperties": {"serviceUrl": URL, "sharpen": 1}}, f"{URL}?sharpen=1",
        {"url": URL, "time": 1, "serviceProperties": {"time": 2}}, {"url": f"{URL}?time=2", "time": 1},
    ):  # fmt: skip
        with pytest.raises(ReferenceKeyError, match="sharpen|time"):
            gate.raster_place_of("x", value)


@pytest.mark.parametrize("parameter", ["snapRaster", "mask", "cellSize"])
def test_services_are_rasters_of_the_environment_on_named_hosts(parameter: str, stores: Stores) -> None:
    gate = replace(stores.gate, hosts=frozenset({"maps.example.org"}))
    read_submission(inputs(context=json.dumps({parameter: {"url": URL}})), gate)
    for reference in (
        {"url": URL.replace("maps.", "other.")}, {"url": URL, "sharpen": 1}, {"url": f"{URL}/exportImage"},
        {"url": URL.replace("Image", "Map")}, {"url": f"{URL}/../../x/FeatureServer/0"},
    ):  # fmt: skip
        with pytest.raises((ReferenceRefusedError, ReferenceKeyError)):
            read_submission(inputs(context=json.dumps({parameter: reference})), gate)


def test_lists_of_services_and_their_rasters_are_refused(stores: Stores) -> None:
    gate = replace(stores.gate, hosts=frozenset({"maps.example.org"}))
    scene = {"uri": "/rasterStores/data/scene.tif"}
    assert read_submission(inputs(inputRaster=json.dumps({"url": URL})), gate).rasters == (ImageService(URL),)
    for many in ([{"url": URL}, {"url": URL}], [scene, {"url": URL}]):
        with pytest.raises(ParameterRefusedError, match="image service"):
            read_submission(inputs(inputRaster=json.dumps(many)), gate)
    with pytest.raises(ParameterRefusedError, match="processAllRasterItems"):
        read_submission(inputs(inputRaster=json.dumps({"url": URL}), processAllRasterItems="true"), gate)


def test_a_redirect_leads_to_named_hosts_only(stores: Stores) -> None:
    with Changed(stores.folder / "scene.tif") as server, Elsewhere() as other:
        source = opened(server)
        for target in (
            f"{other.url}/scene.tif",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "http://10.0.0.1/",
        ):
            server.target = target
            with pytest.raises(AddressError):
                source.read(source.grid.window)
        assert other.requests == []


def test_a_name_that_leads_to_a_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    gate = Gate({}, frozenset({"maps.example.org"}), private_hosts=frozenset({"maps.example.org"}))
    with pytest.raises(AddressError, match="private"):
        opened_service("inputRaster", ImageService(URL), gate)


# --- items


def test_a_service_that_is_an_item_is_read_with_the_token_of_its_portal(stores: Stores, settings: Settings) -> None:
    with Federated(stores.folder / "scene.tif") as portal:
        portal.items["scene"] = {"type": "Image Service", "url": portal.url + PATH}
        settings = replace(settings, gate=with_portal(stores, portal))
        client, dispatcher = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
        good = submit(client, inputRaster=json.dumps({"itemId": "scene"}))
        swapped = submit(client, inputRaster=json.dumps({"itemId": "scene", "bandIds": "2,1,0"}))
        separately = submit(client, inputRaster=json.dumps({"itemId": "scene"}), processAllRasterItems="true")
        unknown = submit(client, inputRaster=json.dumps({"itemId": "scene", "sharpen": 1}))
        listed = submit(client, inputRaster=json.dumps([{"itemId": "scene"}, {"itemId": "scene"}]))
        work_off(dispatcher)
        dispatcher.close()
    assert np.array_equal(classes_of(dispatcher, good), stores.expected())
    assert np.array_equal(classes_of(dispatcher, swapped), stores.expected(stores.pixels[::-1]))
    for job, word in ((separately, "processAllRasterItems"), (unknown, "sharpen"), (listed, "Image Service")):
        assert word in errors_of(client, job)[0]
    assert {request.headers.get(HEADER) for request in portal.requests} == {f"Bearer {TOKEN}"}
    for file in settings.jobs.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


def test_the_token_stays_on_the_host_of_the_portal(stores: Stores) -> None:
    with SignedPortal() as portal, Changed(stores.folder / "scene.tif") as server:
        portal.items["scene"] = {"type": "Image Service", "url": server.service}
        with pytest.raises(ReferenceRefusedError, match="nothing from this host"):
            opened_service("inputRaster", PortalItem("scene"), portal.gate)
        assert server.requests == []
        gate = replace(portal.gate, hosts=frozenset({host_of(server)}))
        source = opened_service("inputRaster", PortalItem("scene"), gate)
        assert source is not None
        assert np.array_equal(source.read(source.grid.window)[0], stores.pixels.astype(np.float32))
        assert not any(HEADER in request.headers for request in server.requests)


def test_an_address_on_the_host_of_the_portal_gets_no_token(stores: Stores) -> None:
    """Callers name any address, and the token opens more than items."""
    with Federated(stores.folder / "scene.tif") as portal:
        with pytest.raises(ReferenceRefusedError):
            portal.gate.raster_place_of("inputRaster", portal.url + PATH)
        gate = replace(portal.gate, hosts=frozenset({host_of(portal)}))
        with pytest.raises(AddressError) as refused:
            opened_service("inputRaster", gate.raster_place_of("inputRaster", portal.url + PATH), gate)
        assert TOKEN not in gate.shown(str(refused.value))
        assert not any(HEADER in request.headers for request in portal.requests)


def test_workers_need_the_token_in_their_environment(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGN_IN, raising=False)
    with Federated(stores.folder / "scene.tif") as portal:
        portal.items["scene"] = {"type": "Image Service", "url": portal.url + PATH}
        source = opened_service("inputRaster", PortalItem("scene"), portal.gate)
        assert source is not None
        assert isinstance(source.described, Phrase)
        assert SIGN_IN in str(source.described)
        monkeypatch.setenv(SIGN_IN, json.dumps({portal.url: f"{HEADER}: Bearer {TOKEN}"}))
        source = opened_service("inputRaster", PortalItem("scene"), portal.gate)
        assert source is not None
        sent = json.dumps(encoded(source.described))
        assert TOKEN not in sent
        travelled = decoded(json.loads(sent)).open()
        assert np.array_equal(travelled.read(travelled.grid.window)[0], stores.pixels.astype(np.float32))


def test_the_portals_token_is_hidden_in_texts() -> None:
    gate = Gate({}, portal=Portal("https://maps.example.org/portal", TOKEN))
    assert TOKEN not in gate.shown(f"Token Required, not {TOKEN}")


# --- responses


@pytest.mark.parametrize("way", ["file", "memory"])
@pytest.mark.parametrize(("domain", "key"), [("OVERVIEWS", "OVERVIEW_FILE"), ("GEOLOCATION", "X_DATASET")])
def test_a_tiff_that_names_another_file_is_refused(domain: str, key: str, way: str, stores: Stores) -> None:
    secret = str(stores.outside / "secret.tif")
    if way == "memory":
        gdal.FileFromMemBuffer(memory := "/vsimem/other/secret.tif", Path(secret).read_bytes())
        secret = memory
    with Changed(stores.folder / "scene.tif") as server:
        source = opened(server)
        assert np.array_equal(source.read(source.grid.window)[0], stores.pixels.astype(np.float32))
        server.domain = ("", {"AREA_OR_POINT": "Area", "note": "harmless"})
        assert np.array_equal(source.read(source.grid.window)[0], stores.pixels.astype(np.float32))
        server.domain = (domain, {key: secret})
        with pytest.raises(ImageServiceError, match="plain TIFF"):
            source.read(source.grid.window)
    gdal.Unlink("/vsimem/other/secret.tif")


def test_gdal_would_open_the_overviews_that_a_tiff_names(stores: Stores) -> None:
    """Without the check, the test above could not fail."""
    body = (stores.folder / "scene.tif").read_bytes()
    name = "/vsimem/control/scene.tif"
    secret = str(stores.outside / "secret.tif")
    gdal.FileFromMemBuffer(name, with_metadata(body, "OVERVIEWS", {"OVERVIEW_FILE": secret}))
    assert secret in gdal.Open(name).GetFileList()
    gdal.Unlink(name)


@pytest.mark.parametrize("start", [b"", b"II", b"MM", b"II*\0", b"MM\0*"])
def test_a_response_is_a_tiff_and_no_virtual_raster(start: bytes, stores: Stores) -> None:
    secret = stores.outside / "secret.tif"
    text = gdal.Translate("", str(secret), format="VRT").GetMetadata("xml:VRT")[0]
    with Changed(stores.folder / "scene.tif", largest=1000) as server:
        server.body = start + text.encode()
        source = opened(server)
        with pytest.raises(ImageServiceError, match="TIFF"):
            source.read(source.grid.window)
