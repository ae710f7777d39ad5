# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters that GDAL reads from a server with sign-in."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsRasterLayer
from qgis.PyQt.QtCore import QUrl

from classify_pixels.inference.errors import AddressError, RasterUnreadableError
from classify_pixels.inference.raster import GdalInput, open_raster
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.sources.portal import AUTHCFG_VARIABLE, VARIABLE
from classify_pixels.plugin_support.sources.resolve import resolve_raster
from classify_pixels.plugin_support.sources.sign_in import gdal_input, split_sign_in
from classify_pixels.processing_provider.rasters import _layer_input
from classify_pixels.ui.panel.job import JobRequest
from classify_pixels.ui.panel.job_request import _input

from ..servers import Answer, Failures, LoopbackServer
from ..servers.loopback import Request
from ..unit.rasters import random_pixels, write_raster

pytestmark = pytest.mark.usefixtures("plugin")

BASIC = "Basic dXMgZXI6cEBzcy93Om9yZA=="
SECRETS = ("p@ss", "us er", BASIC.split()[1])


class GuardedServer(LoopbackServer):
    """Serves one file, in ranges, to signed-in clients."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def answer(self, request: Request) -> Answer | None:
        if request.headers.get("Authorization") != BASIC:
            return Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
        if request.path != "/a%20b/scene.tif":
            return Answer(status=404)
        if "Range" not in request.headers:
            return Answer(self._content)
        first, last = request.headers["Range"].partition("=")[2].split("-")
        part = self._content[int(first) : int(last) + 1]
        span = f"bytes {first}-{int(first) + len(part) - 1}/{len(self._content)}"
        return Answer(part, 206, headers={"Content-Range": span})


@pytest.fixture(scope="module")
def authcfg(plugin: Any) -> str:
    """The id of a configuration with a name and a password of special characters."""
    manager = QgsApplication.authManager()
    if not manager.setMasterPassword("password of the test", True):
        pytest.skip("QGIS's authentication database is not usable here")
    configuration = QgsAuthMethodConfig("Basic")
    configuration.setName("guarded")
    configuration.setConfig("username", "us er")
    configuration.setConfig("password", "p@ss/w:ord")
    manager.storeAuthenticationConfig(configuration)
    return str(configuration.id())


@pytest.fixture
def pixels() -> np.ndarray:
    return random_pixels(2, 40, 50)


@pytest.fixture
def content(pixels: np.ndarray, tmp_path: Path) -> bytes:
    return write_raster(tmp_path / "scene.tif", pixels).read_bytes()


def raster_of(form: str, server: GuardedServer, authcfg: str, cache: Path) -> GdalInput:
    address = server.url + "/a%20b/scene.tif"
    values: dict[str, Any] = {
        "text": f"{address} authcfg='{authcfg}'",
        "bar": f"/vsicurl/{address}|authcfg={authcfg}",
        "uri": {"uri": f"/vsicurl/{address} authcfg='{authcfg}'"},
        "url": {"url": f"{address}|authcfg={authcfg}"},
        "portal": {"url": address},
    }
    return resolve_raster(values[form], cache)


@pytest.mark.parametrize("form", ["text", "bar", "uri", "url", "portal"])
def test_a_raster_is_read_with_an_authentication_configuration(
    form: str, authcfg: str, content: bytes, pixels: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GuardedServer(content) as server:
        if form == "portal":
            monkeypatch.setenv(VARIABLE, server.url + "/portal")
            monkeypatch.setenv(AUTHCFG_VARIABLE, authcfg)
        raster = raster_of(form, server, authcfg, tmp_path)
        # GDAL blocks Python while it lists files, and with it this server: so without GdalSource.
        dataset = open_raster(raster.uri, raster.name)
        found = dataset.ReadAsArray()
        dataset = None
    np.testing.assert_array_equal(found, pixels)
    assert raster.name == server.url + "/a b/scene.tif" or raster.name == server.url + "/a%20b/scene.tif"
    assert not any(secret in text for secret in SECRETS for text in (raster.uri, raster.name))


def test_without_it_the_server_refuses(content: bytes, tmp_path: Path) -> None:
    with GuardedServer(content) as server:
        raster = resolve_raster(server.url + "/a%20b/scene.tif", tmp_path)
        with pytest.raises(RasterUnreadableError, match="scene.tif could not be fetched: HTTP response code: 401"):
            open_raster(raster.uri, raster.name)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("/vsicurl/https://h/x.tif authcfg='abc1234'", ("/vsicurl/https://h/x.tif", "abc1234")),
        ("/vsicurl/https://h/x.tif|authcfg=abc1234", ("/vsicurl/https://h/x.tif", "abc1234")),
        ("/vsicurl/https://h/x.tif|option:A=B authcfg='abc1234'", ("/vsicurl/https://h/x.tif|option:A=B", "abc1234")),
        ("/data/my authcfg.tif", ("/data/my authcfg.tif", "")),
    ],
)
def test_the_forms_of_a_source(source: str, parts: tuple[str, str]) -> None:
    assert split_sign_in(source) == parts


def test_the_configuration_of_a_layer_is_taken(authcfg: str) -> None:
    # A closed port: a server in this process would wait for GDAL, and GDAL for the server.
    layer = QgsRasterLayer(f"/vsicurl/http://127.0.0.1:9/x.tif authcfg='{authcfg}'", "guarded")
    raster = _layer_input(layer)
    assert f"{authcfg}.txt" in raster.uri
    assert raster.name == "http://127.0.0.1:9/x.tif"
    assert _layer_input(QgsRasterLayer("/data/none.tif", "none")).uri == "/data/none.tif"


def test_a_configuration_that_cannot_be_used_is_named() -> None:
    with pytest.raises(AddressError, match="configuration nothere provides no usable HTTP headers"):
        gdal_input("/vsicurl/https://h.example/x.tif?token=secret", "nothere")
    with pytest.raises(AddressError, match="configuration abc1234 is only for HTTP addresses"):
        gdal_input("/data/x.tif", "abc1234")


def test_the_sign_in_stands_in_memory_only(authcfg: str) -> None:
    gdal_input("/vsicurl/https://h.example/x.tif", authcfg)
    assert f"{authcfg}.txt" in gdal.ReadDir("/vsimem/classify_pixels/sign_in")


def test_the_configuration_of_a_layer_is_taken_by_a_job_of_the_panel(authcfg: str) -> None:
    source = f"/vsicurl/http://127.0.0.1:9/x.tif authcfg='{authcfg}'"
    raster = _input(JobRequest(source, "gdal", "guarded", "model.emd", "out.tif", no_data={1: ((0.0, 0.0),)}))
    assert isinstance(raster, GdalInput)
    assert f"{authcfg}.txt" in raster.uri
    assert raster.no_data == {1: ((0.0, 0.0),)}


# --- requests of our own ----------------------------------------------------------------------------------


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_refused_sign_in_is_an_error_while_the_main_thread_waits(signed_in: bool, authcfg: str) -> None:
    """A dialog for the password would wait for the main thread, which waits for the request."""
    errors: list[AddressError] = []

    def ask() -> None:
        with pytest.raises(AddressError, match="it returned 401") as caught:
            network.get_json(server.url, {}, network.Access(authcfg if signed_in else ""))
        errors.append(caught.value)

    with Failures([Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})] * 4) as server:
        # A daemon: a thread that hangs would keep the tests from ending.
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(20)
        assert len(errors) == 1
    assert not any(secret in str(errors[0]) for secret in SECRETS)


def test_the_configuration_signs_in_after_a_redirect_on_the_same_host_only(authcfg: str) -> None:
    access = network.Access(authcfg)
    with Failures([Answer(status=302, headers={"Location": "/next"}), Answer(b"here")]) as server:
        assert network.get_content(server.url, {}, access) == network.Content(b"here", access)
        assert [request.headers.get("Authorization") for request in server.requests] == [BASIC] * 2
    with (
        Failures([Answer(b"there")]) as other,
        Failures([Answer(status=302, headers={"Location": other.url})]) as server,
    ):
        assert network.get_content(server.url, {}, access) == network.Content(b"there", network.Access())
        assert [request.headers.get("Authorization") for request in server.requests] == [BASIC]
        assert [request.headers.get("Authorization") for request in other.requests] == [None]


@pytest.mark.parametrize(("target", "refused"), [("http://h.example/a", True), ("https://h.example/a", False)])
def test_a_redirect_from_https_to_http_is_refused(target: str, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [network._Answer(302, QUrl(target), "", False, ""), network._Answer(200, QUrl(), "", False, "")]
    monkeypatch.setattr(network, "_exchange", lambda *_: answers.pop(0))
    if refused:
        with pytest.raises(AddressError, match="insecure"):
            network.get_bytes("https://h.example/", {})
    else:
        assert network.get_bytes("https://h.example/", {}) == b""
    assert len(answers) == (1 if refused else 0)
