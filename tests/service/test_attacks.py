# SPDX-License-Identifier: GPL-2.0-or-later
"""Attacks on the service: what a hostile caller sends, and what must not come of it."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.errors import FetchError, ReferenceRefusedError, SettingsError
from classify_pixels.service.fetch import fetch
from classify_pixels.service.gate import Address, Gate
from classify_pixels.service.gpserver import BASE
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.settings import Settings, check_host, hash_of, read_stores, read_tokens
from tests.servers.loopback import Answer, LoopbackServer, Request
from tests.unit.rasters import build_vrt

from .conftest import TASK_PATH, Stores, errors_of, inputs, refusal_of, status, submit

# Each is sent as the raster, the model, the snap raster, the mask and the cell size; none may become a running job.
REFERENCES = [
    "/etc/passwd",
    "../../../../etc/passwd",
    "/rasterStores/data/../outside/secret.tif",
    "/rasterStores/data/..\\outside\\secret.tif",
    "/rasterStores/../etc/passwd",
    "/rasterStores/data/%2e%2e/outside/secret.tif",
    "/rasterStores/data/scene.tif\u0000.png",
    "/rasterStores/data/link.tif",
    "/rasterStores/data/folder/secret.tif",
    "/rasterStores/outside/secret.tif",
    "/rasterStores//etc/passwd",
    "//server/share/scene.tif",
    "C:\\Windows\\win.ini",
    "~/secret.tif",
    "file:///etc/passwd",
    "/vsicurl/http://127.0.0.1:1/a.tif",
    "/vsicurl?url=http://127.0.0.1:1/a.tif",
    "/vsis3/bucket/a.tif",
    "/vsizip//etc/passwd",
    "/vsizip/{/rasterStores/data/scene.tif}/x",
    "/vsisubfile/0_10,/etc/passwd",
    "/vsistdin/",
    "/vsimem/x",
    "/VSICURL/http://127.0.0.1:1/a.tif",
    "/rasterStores/data//vsicurl/http://127.0.0.1:1/a.tif",
    "GTIFF_DIR:1:/etc/passwd",
    "NETCDF:/etc/passwd:x",
    "PG:host=127.0.0.1",
    "WMS:http://127.0.0.1:1/",
    "vrt:///etc/passwd?bands=1",
    "<VRTDataset rasterXSize='1' rasterYSize='1'/>",
    "/rasterStores/data/mosaic.vrt",
    "/rasterStores/data/disguised.tif",
    "http://127.0.0.1:1/a.tif",
    "http://localhost/a.tif",
    "http://[::1]/a.tif",
    "http://[::ffff:127.0.0.1]/a.tif",
    "http://169.254.169.254/latest/meta-data/",
    "http://2130706433/a.tif",
    "http://0x7f000001/a.tif",
    "http://0/a.tif",
    "http://10.0.0.1/a.tif",
    "https://user:pw@data.example/a.tif",
    "https://evil.example#@data.example/a.tif",
    "gopher://127.0.0.1:1/x",
    "<script>alert(1)</script>",
    "/rasterStores/data/scene.tif;/etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "|id",
]


@pytest.fixture
def trapped(stores: Stores) -> Stores:
    """The store with links and files that lead out of it."""
    (stores.folder / "link.tif").symlink_to(stores.outside / "secret.tif")
    (stores.folder / "folder").symlink_to(stores.outside)
    build_vrt(stores.folder / "mosaic.vrt", stores.outside / "secret.tif")
    (stores.folder / "disguised.tif").write_bytes((stores.folder / "mosaic.vrt").read_bytes())
    return stores


def sent_as(parameter: str, reference: str) -> dict[str, str]:
    if parameter in ("inputRaster", "model"):
        return {parameter: reference}
    return {"context": json.dumps({parameter: reference})}


@pytest.mark.parametrize("reference", REFERENCES)
def test_no_hostile_reference_of_any_parameter_runs(
    reference: str, trapped: Stores, client: Client, store: JobStore
) -> None:
    for parameter in ("inputRaster", "model", "snapRaster", "mask", "cellSize"):
        if parameter in ("model", "mask") and reference.endswith((".vrt", "disguised.tif")):
            # No images: their readers, which know no VRT, refuse them in the job.
            continue
        if parameter in ("snapRaster", "cellSize") and reference.endswith((".vrt", "disguised.tif")):
            continue
        job = submit(client, **sent_as(parameter, reference))
        assert status(client, job)["jobStatus"] == "esriJobFailed", (parameter, reference)
        (error,) = errors_of(client, job)
        assert str(trapped.outside) not in error
    assert store.take() is None


def test_a_vrt_is_refused_by_the_job_in_every_parameter(trapped: Stores, client: Client, dispatcher: Any) -> None:
    from .conftest import work_off

    found = [
        submit(client, **sent_as(parameter, f"/rasterStores/data/{name}"))
        for parameter in ("model", "snapRaster", "mask", "cellSize")
        for name in ("mosaic.vrt", "disguised.tif")
    ]
    work_off(dispatcher)
    assert {status(client, job)["jobStatus"] for job in found} == {"esriJobFailed"}


@pytest.mark.parametrize(
    "name",
    ["../x", "a/b", "..", ".hidden", "a\\b", "x\r\nSet-Cookie: a=b", "a\0b", "x" * 200, "<img src=x>", "con:x", "é"],
)
def test_the_name_of_a_result_is_a_plain_name(name: str, client: Client, store: JobStore) -> None:
    for value in (name, json.dumps({"serviceProperties": {"name": name}})):
        job = submit(client, outputClassifiedRaster=value)
        assert status(client, job)["jobStatus"] == "esriJobFailed"
    assert store.take() is None


# --- requests


def test_a_body_has_a_limit(settings: Settings) -> None:
    client = Client(Application(settings))
    big = "x" * (settings.limits.body + 1)
    assert client.post(f"{TASK_PATH}/submitJob", data={"f": "json", "model": big}).status_code == 413
    answer = client.post("/ogc/processes/classify-pixels/execution", data=big, content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize("depth", [40, 5000, 200_000])
def test_deep_json_is_refused(depth: int, client: Client, store: JobStore) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    for parameter in ("context", "modelArguments", "inputRaster"):
        job = submit(client, **{parameter: deep})
        assert status(client, job)["jobStatus"] == "esriJobFailed"
    body = f'{{"inputs": {{"inputRaster": "x", "model": "x", "context": {deep}}}}}'
    answer = client.post("/ogc/processes/classify-pixels/execution", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert store.take() is None


def test_texts_of_callers_are_no_html(client: Client, store: JobStore) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    job = submit(client, inputRaster=hostile, context=json.dumps({"cellSize": hostile}))
    pages = [
        client.get(f"{TASK_PATH}/jobs/{job}"),
        client.get(f"{TASK_PATH}/jobs"),
        client.get(f"{TASK_PATH}/jobs/{job}/inputs/inputRaster"),
        client.get(TASK_PATH, query_string={"inputRaster": hostile, "context": hostile}),
        client.get(f"{TASK_PATH}/jobs/{hostile}"),
        client.get(f"/{hostile}"),
    ]
    for answer in pages:
        text = answer.get_data(as_text=True)
        assert "<script" not in text
        assert "<img src=x" not in text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_another_host_name_is_refused(host: str, client: Client) -> None:
    """A page that has its own name resolved to this machine would read the answers."""
    assert client.get(f"{BASE}?f=json", headers={"Host": host}).status_code == 421


def test_addresses_in_answers_are_not_taken_from_the_caller(client: Client) -> None:
    headers = {"Host": "127.0.0.1:9999", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = client.get("/ogc/", headers=headers)
    assert {link["href"].split("/ogc")[0] for link in answer.get_json()["links"]} == {"http://localhost"}


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_pages_of_other_sites_submit_and_cancel_nothing(
    headers: dict[str, str], client: Client, store: JobStore
) -> None:
    job = submit(client)
    attempts = [
        client.post(f"{TASK_PATH}/submitJob", data=inputs(), headers=headers),
        client.get(f"{TASK_PATH}/submitJob", query_string=inputs(), headers=headers),
        client.post(f"{TASK_PATH}/jobs/{job}/cancel", headers=headers),
        client.delete(f"/ogc/jobs/{job}", headers=headers),
    ]
    assert {answer.status_code for answer in attempts} == {403}
    assert [each.status for each in store.jobs()] == [jobs.SUBMITTED]


@pytest.mark.parametrize("job", ["x' OR '1'='1", "%", "*", "j" * 10_000, "..", "j\0", "1; DROP TABLE job"])
def test_hostile_ids_are_unknown_jobs(job: str, client: Client, store: JobStore) -> None:
    submit(client)
    answer = client.get(f"{TASK_PATH}/jobs/{job}", query_string={"f": "json"})
    if answer.content_type == "application/json":
        assert answer.get_json()["error"]["code"] == 404
    else:
        assert answer.status_code in (400, 404)
    assert len(store.jobs()) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(method: str, client: Client) -> None:
    assert client.open(f"{TASK_PATH}/submitJob", method=method).status_code == 405


def test_a_thousand_ranges_do_not_multiply_a_file(client: Client, store: JobStore) -> None:
    job = submit(client)
    taken = store.take()
    assert taken is not None
    store.folder_of(job).mkdir(parents=True)
    (store.folder_of(job) / "x.tif").write_bytes(b"x" * 1000)
    store.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": ["x.tif"], "classes": []})
    many = ",".join("0-999" for _ in range(1000))
    answer = client.get(f"/files/{job}/x.tif", headers={"Range": f"bytes={many}"})
    assert (answer.status_code, answer.data) == (200, b"x" * 1000)


# --- owners


TOKENS = {"a": "token-of-a-0123456789", "b": "token-of-b-0123456789"}


@pytest.fixture
def shared(settings: Settings) -> Client:
    """A service of two owners."""
    return Client(Application(replace(settings, owners={hash_of(token): owner for owner, token in TOKENS.items()})))


def bearer(owner: str) -> dict[str, str]:
    return {"X-Esri-Authorization": f"Bearer {TOKENS[owner]}"}


def test_no_token_and_a_wrong_one(shared: Client) -> None:
    for headers, code in (
        ({}, 499),
        ({"Authorization": "Bearer x"}, 498),
        ({"Authorization": f"Bearer {hash_of(TOKENS['a'])}"}, 498),
    ):
        answer = shared.get(f"{BASE}?f=json", headers=headers)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (200, code)
        answer = shared.get("/ogc/jobs", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert shared.get(f"{BASE}?f=json&token={TOKENS['a']}").get_json()["tasks"]
    assert shared.get("/health").status_code in (200, 503)


def test_another_owners_job_is_an_unknown_one(shared: Client, store: JobStore) -> None:
    sent = shared.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "json"}, headers=bearer("a"))
    job = sent.get_json()["jobId"]
    taken = store.take()
    assert taken is not None
    store.folder_of(job).mkdir(parents=True)
    (store.folder_of(job) / "x.tif").write_bytes(b"x")
    store.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": ["x.tif"], "classes": []})
    none = f"j{'0' * 32}"
    images = "/arcgis/rest/services/results/{}/ImageServer"
    for path in (
        f"{TASK_PATH}/jobs/{{}}?f=json", f"{TASK_PATH}/jobs/{{}}/results/outRaster?f=json",
        f"{TASK_PATH}/jobs/{{}}/inputs/model?f=json", f"{TASK_PATH}/jobs/{{}}/cancel?f=json", "/files/{}/x.tif",
        "/ogc/jobs/{}", "/ogc/jobs/{}/results", f"{images}?f=json", f"{images}/legend?f=json",
        f"{images}/exportImage?bbox=0,0,1,1&f=json", f"{images}/thumbnail?f=json", "/tiles/{}/0/0/0.png",
    ):  # fmt: skip
        of_a = shared.get(path.format(job), headers=bearer("b"))
        of_none = shared.get(path.format(none), headers=bearer("b"))
        assert of_a.status_code == of_none.status_code
        assert of_a.data.replace(job.encode(), b"") == of_none.data.replace(none.encode(), b"")
        assert b"unknown" in of_a.data
    assert shared.delete(f"/ogc/jobs/{job}", headers=bearer("b")).status_code == 404
    assert shared.get("/ogc/jobs", headers=bearer("b")).get_json()["jobs"] == []
    assert shared.get(f"/files/{job}/x.tif", headers=bearer("a")).data == b"x"


def test_no_token_in_the_log(shared: Client, log: io.StringIO, capfd: Any) -> None:
    shared.get(f"{BASE}?f=json&token={TOKENS['a']}")
    shared.get(f"{BASE}?f=json", headers=bearer("a"))
    assert log.getvalue().count(BASE) == 2
    assert TOKENS["a"] not in "".join((log.getvalue(), *capfd.readouterr()))


def test_a_token_signs_in_a_browser_with_a_cookie_for_this_site_alone(shared: Client) -> None:
    assert shared.post("/sign-in", data={"token": "wrong"}).status_code == 401
    answer = shared.post("/sign-in", data={"token": TOKENS["a"]})
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert shared.get(BASE).status_code == 200


def test_tokens_are_kept_as_hashes_and_needed_beyond_loopback(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# owners\na {hash_of('x' * 20)}\n")
    assert read_tokens(file) == {hash_of("x" * 20): "a"}
    file.write_text(f"a  {hash_of('x' * 20)}  -\nb\t{hash_of('y' * 20).upper()}\n")
    assert read_tokens(file) == {hash_of("x" * 20): "a", hash_of("y" * 20): "b"}
    for text in ("a secret-in-clear-text\n", "", f"a {'g' * 64}\n", f"a {'0' * 64} more\n", f"{'0' * 64}\n"):
        file.write_text(text)
        with pytest.raises(SettingsError) as caught:
            read_tokens(file)
        assert "secret-in-clear-text" not in str(caught.value)
    for host in ("0.0.0.0", "192.168.1.2", "::", "maps.example.org"):
        with pytest.raises(SettingsError):
            check_host(host, {})
        check_host(host, {"x": "a"})
    for host in ("127.0.0.1", "::1", "localhost"):
        check_host(host, {})


def test_the_whole_disk_is_no_store(tmp_path: Path) -> None:
    for folder in ("/", str(tmp_path / "none"), ""):
        (tmp_path / "stores.json").write_text(json.dumps({"stores": {"x": folder}}))
        with pytest.raises(SettingsError):
            read_stores(tmp_path / "stores.json")


# --- files of named hosts


class Files(LoopbackServer):
    """Sends a file, redirects, or sends without end."""

    target = ""

    def answer(self, request: Request) -> Answer:
        if request.path == "/redirect.tif":
            return Answer(status=302, headers={"Location": self.target})
        if request.path == "/endless.tif":
            return Answer(b"x" * 65536, endless=True)
        return Answer(b"II*\0" + bytes(100))


def gate_of(server: Files) -> Gate:
    return Gate({}, frozenset({server.url.partition("//")[2]}))


def test_a_file_of_a_named_host_is_copied(tmp_path: Path) -> None:
    with Files() as server:
        server.target = "/scene.tif"
        for name in ("scene.tif", "redirect.tif"):
            found = fetch("x", Address(f"{server.url}/{name}"), tmp_path / name, gate_of(server), 1000)
            assert found.read_bytes() == b"II*\0" + bytes(100)


def test_a_redirect_passes_the_gate(tmp_path: Path) -> None:
    with Files() as server, Files() as inner:
        for target in (f"{inner.url}/secret", "http://169.254.169.254/", "file:///etc/passwd", "//localhost/x"):
            server.target = target
            with pytest.raises(ReferenceRefusedError):
                fetch("x", Address(f"{server.url}/redirect.tif"), tmp_path, gate_of(server), 1000)
        assert inner.requests == []
        server.target = "/redirect.tif"
        with pytest.raises(FetchError):
            fetch("x", Address(f"{server.url}/redirect.tif"), tmp_path, gate_of(server), 1000)


def test_a_file_has_a_limit(tmp_path: Path) -> None:
    with Files() as server:
        with pytest.raises(FetchError):
            fetch("x", Address(f"{server.url}/endless.tif"), tmp_path / "a", gate_of(server), 1_000_000)
        with pytest.raises(FetchError):
            fetch("x", Address(f"{server.url}/scene.tif"), tmp_path / "a", gate_of(server), 50)
    assert list((tmp_path / "a").iterdir()) == []


def test_a_name_that_leads_to_a_private_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of an allowed host may be made to mean another machine."""
    for number in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1"):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(FetchError):
            fetch("x", Address("http://data.example/a.tif"), tmp_path, Gate({}, frozenset({"data.example"})), 1000)


def test_a_result_replaced_by_a_link_shows_nothing_else(client: Client, store: JobStore, stores: Stores) -> None:
    job = submit(client)
    taken = store.take()
    assert taken is not None
    store.folder_of(job).mkdir(parents=True)
    os.symlink(stores.outside / "secret.tif", store.folder_of(job) / "x.tif")
    store.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": ["x.tif"], "classes": []})
    assert client.get(f"/files/{job}/x.tif").status_code == 404


def test_a_file_with_absurd_offsets_is_a_failed_job(client: Client, stores: Stores, dispatcher: Any) -> None:
    from .conftest import work_off

    (stores.folder / "bad.tif").write_bytes(b"II*\0" + struct.pack("<I", 0xFFFFFFF0) + bytes(64))
    job = submit(client, inputRaster="/rasterStores/data/bad.tif")
    work_off(dispatcher)
    assert status(client, job)["jobStatus"] == "esriJobFailed"
    assert refusal_of(client.get(f"{TASK_PATH}/jobs/{job}/results/outRaster?f=json"))
