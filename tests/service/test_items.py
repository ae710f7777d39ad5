# SPDX-License-Identifier: GPL-2.0-or-later
"""Items of a configured portal as rasters and models, and what a portal or a caller must not make of them."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from werkzeug.test import Client

from classify_pixels.inference.errors import ClassifyPixelsError, PortalItemError
from classify_pixels.service import fetch as fetching
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.errors import FetchError, ReferenceRefusedError, SettingsError
from classify_pixels.service.fetch import fetch, fetch_item
from classify_pixels.service.gate import Address, Gate, Portal, PortalItem
from classify_pixels.service.settings import Settings, read_stores
from tests.servers.loopback import Answer, LoopbackServer, Request
from tests.servers.portal import PortalServer

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

TOKEN = "token-of-the-portal-0123456789"
ITEM = "0123456789abcdef0123456789abcdef"
HEADER = "X-Esri-Authorization"


class SignedPortal(PortalServer):
    """Serves items to requests with the token in the header; `redirect` sends requests for data elsewhere."""

    redirect = ""

    def answer(self, request: Request) -> Answer | None:
        """Answers as ArcGIS does: its errors have the status 200."""
        if request.headers.get(HEADER) != f"Bearer {TOKEN}":
            return Answer.json({"error": {"code": 499, "message": f"Token Required, not {TOKEN}", "details": []}})
        if self.redirect and request.path.endswith("/data"):
            return Answer(status=302, headers={"Location": self.redirect})
        return super().answer(request)

    @property
    def gate(self) -> Gate:
        """A gate without stores and hosts, whose portal is this one."""
        return Gate({}, portal=Portal(self.portal, TOKEN))

    def add(self, item: str, content: bytes, **more: str) -> None:
        """Adds an item with a file."""
        self.items[item], self.files[item] = {"type": "Image", "name": "scene.tif", **more}, content


class Elsewhere(LoopbackServer):
    """A storage that sends a file for any path."""

    def answer(self, request: Request) -> Answer:
        """Sends the file."""
        return Answer(b"II*\0 of the storage")


class Odd(LoopbackServer):
    """Sends one answer to all requests."""

    sent = Answer()

    def answer(self, request: Request) -> Answer:
        """Sends it."""
        return self.sent


def take(server: SignedPortal, folder: Path, item: str = ITEM, most: int = 10**6, gate: Gate | None = None) -> Path:
    return fetch_item("inputRaster", PortalItem(item), folder, gate or server.gate, most)


def package_of(stores: Stores) -> bytes:
    """Returns the model of the store as a package."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("model.emd", "network.onnx"):
            archive.write(stores.folder / name, name)
    return content.getvalue()


def with_portal(stores: Stores, server: SignedPortal) -> Gate:
    """Names the portal in the file of stores; returns its gate."""
    (stores.outside / "portal-token").write_text(f"{TOKEN}\n")
    return write_stores(stores, portal={"url": f"{server.portal}/", "tokenFile": "portal-token"})


def test_items_are_classified(
    stores: Stores, settings: Settings, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    with SignedPortal() as server:
        server.add("scene-1", (stores.folder / "scene.tif").read_bytes(), name="scene of June.tif")
        server.add("network_1", (stores.folder / "network.onnx").read_bytes(), type="File", name="network.onnx")
        server.add("package", package_of(stores), type="Deep Learning Package", name="")
        settings = replace(settings, gate=with_portal(stores, server))
        client, dispatcher = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
        definition = {**json.loads((stores.folder / "model.emd").read_text()), "ModelFile": {"itemId": "network_1"}}
        address = f"{server.portal}/sharing/rest/content/items/scene-1"
        found = [
            submit(client, inputRaster=json.dumps({"itemId": "scene-1"})),
            submit(client, inputRaster=json.dumps({"itemProperties": {"itemId": "scene-1"}})),
            submit(client, inputRaster=json.dumps({"url": f"{address}/data?f=json"})),
            submit(client, inputRaster=address, context=json.dumps({"snapRaster": {"itemId": "scene-1"}})),
            submit(client, context=json.dumps({"cellSize": {"itemId": "scene-1"}, "mask": {"itemId": "scene-1"}})),
            submit(client, model=json.dumps(definition)),
            submit(client, model=json.dumps({"itemId": "package"})),
        ]
        work_off(dispatcher)
        dispatcher.close()
    for job_id in found:
        assert np.array_equal(classes_of(dispatcher, job_id), stores.expected())
        shown = json.dumps(status(client, job_id))
        assert "/fetched/" not in shown
        assert TOKEN not in shown
    assert {request.headers.get(HEADER) for request in server.requests} == {f"Bearer {TOKEN}"}
    assert not any(TOKEN in request.path + str(request.query) for request in server.requests)
    assert "submitJob" in log.getvalue()
    assert TOKEN not in "".join((log.getvalue(), *capfd.readouterr()))
    for file in settings.jobs.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


def test_refused_items_are_failed_jobs_with_a_sentence(stores: Stores, settings: Settings) -> None:
    hostile = "<script>alert(1)</script>"
    with SignedPortal() as server:
        server.items["service"] = {"type": f"Map Service {hostile}", "url": "http://127.0.0.1:1/a/MapServer"}
        server.add("text", b"no image", name="scene.tif")
        server.add("vrt", b"<VRTDataset/>", name=f"{hostile}.vrt")
        server.add("untyped", b"", type="")
        settings = replace(settings, gate=with_portal(stores, server))
        client, dispatcher = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
        names = ["service", "text", "vrt", "untyped", "none"]
        found = {name: submit(client, inputRaster=json.dumps({"itemId": name})) for name in names}
        work_off(dispatcher)
        dispatcher.close()
    sentences = {}
    for name, job in found.items():
        assert status(client, job)["jobStatus"] == "esriJobFailed"
        (sentences[name],) = errors_of(client, job)
        page = client.get(f"{TASK_PATH}/jobs/{job}").get_data(as_text=True)
        assert "<script" not in page
        assert TOKEN not in page
        assert str(settings.jobs) not in page
    assert "export it to a file" in sentences["service"]
    assert "item text" in sentences["text"]
    assert "no such item" in sentences["none"]


def test_an_item_needs_a_portal_and_a_plain_id(stores: Stores) -> None:
    with pytest.raises(ReferenceRefusedError, match="no portal"):
        stores.gate.place_of("model", {"itemId": ITEM})
    gate = replace(stores.gate, portal=Portal("https://maps.example.org/portal", TOKEN))
    assert gate.place_of("model", {"itemId": ITEM}) == PortalItem(ITEM)
    path = "https://maps.example.org/portal/sharing/rest/content/items"
    assert gate.place_of("model", f"{path}/{ITEM}/data?token=x") == PortalItem(ITEM)
    for item in ("a/b", "../x", "..", ".", "a?b=c", "a#b", "a b", "a%2fb", "a\\b", "x\r\nHost: y", "é", "a" * 65, "@x"):
        with pytest.raises(ReferenceRefusedError):
            gate.place_of("model", {"itemId": item})
        # In an address, a question mark begins the query.
        if "?" not in item:
            with pytest.raises(ClassifyPixelsError):
                gate.place_of("model", {"url": f"{path}/{item}"})
    for url in (
        "https://maps.example.org/portal/sharing/rest/portals/self", "https://maps.example.org/a.tif",
        f"https://maps.example.org.evil.example/portal/sharing/rest/content/items/{ITEM}",
        f"https://u@maps.example.org/portal/sharing/rest/content/items/{ITEM}",
        f"http://maps.example.org/portal/sharing/rest/content/items/{ITEM}",
    ):  # fmt: skip
        with pytest.raises(ReferenceRefusedError):
            gate.place_of("model", {"url": url})
    assert TOKEN not in repr(gate)


@pytest.mark.parametrize("kind", ["MapServer", "FeatureServer/0", "ImageServer/exportImage", "mapserver?token=x"])
def test_other_services_are_refused_whatever_their_host(kind: str) -> None:
    gate = Gate({}, frozenset({"maps.example.org"}))
    for host in ("maps.example.org", "other.example.org"):
        url = f"https://{host}/arcgis/rest/services/a/{kind}"
        for value in (url, {"url": url}, {"serviceProperties": {"serviceUrl": url}}):
            with pytest.raises(ReferenceRefusedError, match="export other data to a file"):
                gate.raster_place_of("inputRaster", value)


# --- redirects and answers of a portal


def test_a_token_does_not_follow_a_redirect_to_another_host(tmp_path: Path) -> None:
    with SignedPortal() as server, Elsewhere() as storage:
        server.add(ITEM, b"")
        server.redirect = f"{storage.url}/bucket/scene.tif?Signature=secret-of-the-storage"
        with pytest.raises(ReferenceRefusedError) as refused:
            take(server, tmp_path)
        assert "secret-of-the-storage" not in str(refused.value)
        assert storage.requests == []
        allowed = replace(server.gate, hosts=frozenset({storage.url.partition("//")[2]}))
        assert take(server, tmp_path, gate=allowed).read_bytes() == b"II*\0 of the storage"
        assert [HEADER in request.headers for request in storage.requests] == [False]


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data", "http://localhost:1/x", "file:///etc/passwd", "//10.0.0.1/x",
     "http://[::1]:1/", "http://127.0.0.1:1/x", "gopher://127.0.0.1/x", "http://u:p@127.0.0.1/x", "http://["],
)  # fmt: skip
def test_a_redirect_of_a_portal_passes_the_gate(target: str, tmp_path: Path) -> None:
    with SignedPortal() as server:
        server.add(ITEM, b"")
        server.redirect = target
        with pytest.raises((ReferenceRefusedError, FetchError)):
            take(server, tmp_path)
        assert [*tmp_path.rglob("*.tif")] == []


def test_a_portal_that_redirects_to_itself_ends(tmp_path: Path) -> None:
    with SignedPortal() as server:
        server.add(ITEM, b"")
        server.redirect = f"/portal/sharing/rest/content/items/{ITEM}/data"
        with pytest.raises(FetchError, match="too often"):
            take(server, tmp_path)
        assert len(server.requests) < 10


def test_a_portal_whose_name_leads_to_a_private_address_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    gate = Gate({}, portal=Portal("http://maps.example.org/portal", TOKEN))
    with pytest.raises(FetchError, match="private"):
        fetch_item("model", PortalItem(ITEM), tmp_path, gate, 1000)


def test_the_names_of_private_hosts_lead_into_the_private_network_but_not_to_this_machine() -> None:
    gate = Gate({}, private_hosts=frozenset({"maps.example.org"}))
    for number in ("10.1.2.3", "192.168.0.1", "fd00::1", "93.184.216.34"):
        assert gate.may_be_at("maps.example.org", number)
        assert gate.may_be_at("other.example.org", number) == (number == "93.184.216.34")
    here = ("127.0.0.1", "::1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "::ffff:127.0.0.1")
    for number in here:
        assert not gate.may_be_at("maps.example.org", number)
        assert not gate.may_be_at("other.example.org", number)


def test_other_hosts_get_no_token_and_the_portal_serves_items_alone(tmp_path: Path) -> None:
    with SignedPortal() as server, Elsewhere() as storage:
        gate = replace(server.gate, hosts=frozenset({storage.url.partition("//")[2]}))
        fetch("model", Address(f"{storage.url}/a.tif"), tmp_path, gate, 1000)
        assert HEADER not in storage.requests[0].headers
        with pytest.raises(ReferenceRefusedError):
            fetch("model", Address(f"{server.url}/a.tif"), tmp_path, gate, 1000)
        assert server.requests == []


@pytest.mark.parametrize(
    "sent",
    [
        Answer(b"x" * 65536, endless=True), Answer(b'{"type": "' + b"x" * 2_000_000 + b'"}'), Answer(b"<html>"),
        Answer(b"[]"), Answer(b"null"), Answer(b""), Answer(b"[" * 500_000), Answer(b"\xff\xfe"), Answer(b"{}"),
        Answer(b'{"error": 5}'), Answer(b'{"error": {"code": "x"}}'), Answer(status=500), Answer(status=204),
        Answer(b'{"type": "Image"}', status=203), Answer(status=302), Answer(b'{"error": {"code": [498]}}'),
        Answer(b'{"error": {"code": 498, "message": "' + TOKEN.encode() + b'"}}'),
        Answer(b'{"type": {"a": 1}, "url": ["x"]}'), Answer(b"{}", headers={"Content-Length": "100"}),
    ],
)  # fmt: skip
def test_odd_answers_of_a_portal_are_errors(sent: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 5.0)
    with Odd() as server:
        server.sent = sent
        gate = Gate({}, portal=Portal(server.url, TOKEN))
        with pytest.raises((FetchError, PortalItemError)) as caught:
            fetch_item("model", PortalItem(ITEM), tmp_path, gate, 1000)
        server.released.set()
    assert TOKEN not in str(caught.value)
    assert [*tmp_path.iterdir()] == []


def test_the_file_of_an_item_has_a_limit(tmp_path: Path) -> None:
    with SignedPortal() as server:
        server.add(ITEM, b"x" * 5000)
        with pytest.raises(FetchError):
            take(server, tmp_path / "a", most=4999)
        assert [*(tmp_path / "a").iterdir()] == []
        assert take(server, tmp_path / "a", most=5000).stat().st_size == 5000


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../../etc/cron.d/x", "x"), ("..", "file"), ("a\\..\\b", "a_.._b"), (".hidden", "hidden"), ("", ITEM),
        ("<img src=x>.tif", "_img_src_x_.tif"), ("x\r\ny", "x__y"), ("/", "file"),
        ("é" * 300 + ".tif", "_" * 96 + ".tif"),
    ],
)  # fmt: skip
def test_the_name_of_an_item_stays_in_the_folder(name: str, saved: str, tmp_path: Path) -> None:
    with SignedPortal() as server:
        server.add(ITEM, b"x", name=name)
        assert take(server, tmp_path / "a") == tmp_path / "a" / saved
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [saved]


def test_a_wrong_token_is_reported_without_it(tmp_path: Path) -> None:
    with SignedPortal() as server:
        server.add(ITEM, b"x")
        for token in ("", "another-token"):
            gate = Gate({}, portal=Portal(server.portal, token))
            with pytest.raises(PortalItemError, match="does not let the service read it") as caught:
                fetch_item("model", PortalItem(ITEM), tmp_path, gate, 1000)
            assert TOKEN not in str(caught.value)


# --- settings


def test_private_hosts_are_named_apart(tmp_path: Path) -> None:
    file = tmp_path / "stores.json"
    file.write_text(json.dumps({"hosts": ["a.example"], "privateHosts": ["B.example"]}))
    gate = read_stores(file)
    assert (gate.hosts, gate.private_hosts) == ({"a.example"}, {"b.example"})
    for hosts in ("b.example", {"b": 1}, [5]):
        file.write_text(json.dumps({"privateHosts": hosts}))
        with pytest.raises(SettingsError):
            read_stores(file)


def portal_of(folder: Path, portal: Any) -> Portal | None:
    (folder / "stores.json").write_text(json.dumps({"stores": {}, "portal": portal}))
    return read_stores(folder / "stores.json").portal


def test_a_portal_is_named_with_the_file_of_its_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f" {TOKEN}\n")
    url = "https://maps.example.org/portal"
    assert portal_of(tmp_path, {"url": f"{url}/", "tokenFile": "token"}) == Portal(url, TOKEN)
    assert portal_of(tmp_path, {"url": "http://maps.example.org"}) == Portal("http://maps.example.org")
    assert portal_of(tmp_path, {"url": "http://127.0.0.1:8080", "tokenFile": str(tmp_path / "token")}) is not None


@pytest.mark.parametrize(
    "portal",
    [
        [], "https://maps.example.org", {}, {"url": 5}, {"url": "maps.example.org"}, {"url": "ftp://maps.example.org"},
        {"url": "https://"}, {"url": "https://u:p@maps.example.org"}, {"url": "https://maps.example.org/?token=x"},
        {"url": "https://maps.example.org:x"}, {"url": "https://maps.example.org", "token": TOKEN},
        {"tokenFile": "token"},
        {"url": "https://maps.example.org", "tokenFile": 5}, {"url": "https://maps.example.org", "tokenFile": "none"},
        {"url": "http://maps.example.org", "tokenFile": "token"}, {"url": "https://[", "tokenFile": "token"},
        {"url": "https://maps.example.org/\r\nx"},
    ],
)  # fmt: skip
def test_other_portals_are_errors_of_the_settings(portal: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with pytest.raises(SettingsError) as caught:
        portal_of(tmp_path, portal)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"two words-0123456789", b"secret\r\nHeader: x", b"\xff\xfesecret", b"sec\0ret"]
)
def test_a_file_without_one_token_is_an_error_that_does_not_show_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        portal_of(tmp_path, {"url": "https://maps.example.org", "tokenFile": "token"})
    assert "secret" not in str(caught.value)
    assert "words" not in str(caught.value)


def test_the_parameters_of_a_job_hold_no_token_of_the_portal(stores: Stores, settings: Settings) -> None:
    with SignedPortal() as server:
        settings = replace(settings, gate=with_portal(stores, server))
        client = Client(Application(settings))
        job = submit(client, **inputs(inputRaster=json.dumps({"itemId": "a/b"})))
        assert errors_of(client, job)
        assert server.requests == []
