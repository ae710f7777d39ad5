# SPDX-License-Identifier: GPL-2.0-or-later
"""The answers of a portal, in the order in which ArcGIS's client asks for them, and what must not come of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from werkzeug.test import Client

from classify_pixels.service import items, jobs
from classify_pixels.service.application import Application
from classify_pixels.service.errors import SettingsError
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.settings import Settings, check_portal, hash_of

from .conftest import SERVE, TASK_PATH, Stores, inputs

BASE = "/portal/sharing/rest"
TOKENS = {"anna": "token-of-anna-0123456789", "bert": "token-of-bert-0123456789"}
CONTENT = f"{BASE}/content/users/anna"


@pytest.fixture
def portal(settings: Settings) -> Client:
    """A service of two owners with the answers of a portal."""
    owners = {hash_of(token): owner for owner, token in TOKENS.items()}
    return Client(Application(replace(settings, owners=owners, portal=True)))


def ask(client: Client, path: str, owner: str = "anna", **values: Any) -> Mapping[str, Any]:
    headers = {"X-Esri-Authorization": f"Bearer {TOKENS[owner]}"}
    answer = client.post(path, data={"f": "json", **values}, headers=headers)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    return dict(answer.get_json())


def code_of(answer: Mapping[str, Any]) -> int:
    return int(answer.get("error", {}).get("code", 0))


def create(client: Client, name: str = "olinda", owner: str = "anna") -> str:
    """Creates an item as the client does; returns its id."""
    sent = {"createParameters": json.dumps({"name": name}), "outputType": "imageService", "isView": "false"}
    return str(ask(client, f"{BASE}/content/users/{owner}/createService", owner, **sent)["itemId"])


def submit_for(client: Client, item: str, owner: str = "anna") -> str:
    """Submits a job whose output is an item; returns the job."""
    output = {"serviceProperties": {"name": "olinda", "serviceUrl": "x"}, "itemProperties": {"itemId": item}}
    sent = inputs(outputClassifiedRaster=json.dumps(output))
    return str(ask(client, f"{TASK_PATH}/submitJob", owner, **sent)["jobId"])


def finish(store: JobStore, status: str = jobs.SUCCEEDED) -> None:
    taken = store.take()
    assert taken is not None
    store.end(taken.id, taken.attempt, status, "", {"files": ["olinda.tif"], "classes": []})


def test_the_portal_is_off_by_default(client: Client) -> None:
    for path in ("/info", "/portals/self", "/content/items/x", "/community/users/anyone"):
        assert client.get(f"{BASE}{path}?f=json").get_json()["error"]["code"] == 404


def test_an_item_from_its_creation_to_its_result(portal: Client, store: JobStore) -> None:
    itself = ask(portal, f"{BASE}/portals/self")
    assert (itself["isPortal"], itself["user"]["username"]) == (True, "anna")
    assert itself["helperServices"]["rasterAnalytics"]["url"].endswith("/System/RasterAnalysisTools/GPServer")
    assert ask(portal, f"{BASE}/community/users/anna")["username"] == "anna"
    assert ask(portal, f"{BASE}/portals/self/isServiceNameAvailable", name="olinda") == {"available": True}
    item = create(portal)
    ask(portal, f"{CONTENT}/items/{item}/update", snippet="A map", tags="one, two")
    before = ask(portal, f"{BASE}/content/items/{item}")
    assert (before["title"], before["snippet"], before["tags"]) == ("olinda", "A map", ["one", "two"])
    job = submit_for(portal, item)
    finish(store)
    images = f"http://localhost/arcgis/rest/services/results/{job}/ImageServer"
    assert before["url"] != images
    result = ask(portal, f"{TASK_PATH}/jobs/{job}/results/outRaster")["value"]
    assert (result["itemId"], result["url"]) == (item, images)
    assert ask(portal, f"{BASE}/content/items/{item}")["url"] == images
    assert ask(portal, f"{CONTENT}/items/{item}")["item"]["url"] == images
    assert ask(portal, f"{CONTENT}/items/{item}/delete")["success"] is True
    assert code_of(ask(portal, f"{BASE}/content/items/{item}")) == 400
    assert ask(portal, f"{TASK_PATH}/jobs/{job}/results/outRaster")["value"]["itemId"] == ""


def test_an_item_keeps_the_address_of_a_result_that_succeeded(portal: Client, store: JobStore) -> None:
    item = create(portal)
    first = submit_for(portal, item)
    finish(store)
    submit_for(portal, item)
    finish(store, jobs.FAILED)
    assert first in ask(portal, f"{BASE}/content/items/{item}")["url"]


def test_another_owners_item_is_an_unknown_one(portal: Client, store: JobStore) -> None:
    item = create(portal)
    submit_for(portal, item)
    finish(store)
    for path in ("content/items/{}", "content/users/bert/items/{}", "content/users/bert/items/{}/update",
                 "content/users/bert/items/{}/delete", "content/items/{}/data"):  # fmt: skip
        of_anna = ask(portal, f"{BASE}/{path.format(item)}", "bert", title="mine")
        of_none = ask(portal, f"{BASE}/{path.format('0' * 32)}", "bert", title="mine")
        assert code_of(of_anna) == 400
        assert json.dumps(of_anna).replace(item, "") == json.dumps(of_none).replace("0" * 32, "")
    for path in ("createService", f"items/{item}", f"items/{item}/update", f"items/{item}/delete"):
        assert code_of(ask(portal, f"{CONTENT}/{path}", "bert", createParameters='{"name": "x"}')) == 400
    assert code_of(ask(portal, f"{BASE}/community/users/anna", "bert")) == 400
    assert ask(portal, f"{BASE}/content/items/{item}")["title"] == "olinda"
    # A job of bert that names it neither shows it nor changes its address.
    job = submit_for(portal, item, "bert")
    finish(store)
    assert ask(portal, f"{TASK_PATH}/jobs/{job}/results/outRaster", "bert")["value"]["itemId"] == ""
    assert job not in ask(portal, f"{BASE}/content/items/{item}")["url"]


def test_all_but_the_sign_in_needs_a_token(portal: Client) -> None:
    assert portal.get(f"{BASE}/info?f=json").get_json()["authInfo"]["isTokenBasedSecurity"] is True
    item = create(portal)
    for path in ("portals/self", "community/users/anna", f"content/items/{item}", f"content/users/anna/items/{item}",
                 "content/users/anna/createService", "portals/self/isServiceNameAvailable"):  # fmt: skip
        assert portal.get(f"{BASE}/{path}").get_json()["error"]["code"] == 499
        headers = {"X-Esri-Authorization": "Bearer wrong-token-0123456789"}
        assert portal.get(f"{BASE}/{path}", headers=headers).get_json()["error"]["code"] == 498


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_pages_of_other_sites_change_no_item(headers: dict[str, str], portal: Client) -> None:
    item = create(portal)
    signed_in = {**headers, "X-Esri-Authorization": f"Bearer {TOKENS['anna']}"}
    for path in ("createService", f"items/{item}/update", f"items/{item}/delete"):
        sent = {"createParameters": '{"name": "x"}', "title": "y"}
        assert portal.post(f"{CONTENT}/{path}", data=sent, headers=signed_in).status_code == 403
    assert ask(portal, f"{BASE}/content/items/{item}")["title"] == "olinda"


@pytest.mark.parametrize(
    "item",
    [
        "../users/bert",
        "..%2f..%2fportals%2fself",
        "x' OR '1'='1",
        "%",
        "a/b",
        "<script>",
        "j" * 10_000,
        "x\0",
        "..",
        "*",
    ],
)
def test_hostile_ids_are_unknown_items(item: str, portal: Client) -> None:
    create(portal)
    headers = {"X-Esri-Authorization": f"Bearer {TOKENS['anna']}"}
    for path in (f"{BASE}/content/items/{item}", f"{CONTENT}/items/{item}", f"{CONTENT}/items/{item}/delete"):
        answer = portal.get(path, headers=headers)
        assert answer.content_type == "application/json" or answer.status_code in (308, 400, 404)
        assert b"<script>" not in answer.data or answer.content_type == "application/json"
        assert b'"owner"' not in answer.data


@pytest.mark.parametrize("name", ["../x", "<img src=x>", "", "a" * 101, "a\r\nSet-Cookie: x=y", {"a": 1}, ["x"], "a/b"])
def test_hostile_names_make_no_item(name: Any, portal: Client) -> None:
    answer = ask(portal, f"{CONTENT}/createService", createParameters=json.dumps({"name": name}))
    assert code_of(answer) == 400
    if isinstance(name, str):
        assert ask(portal, f"{BASE}/portals/self/isServiceNameAvailable", name=name) == {"available": False}


@pytest.mark.parametrize("text", ["", "[", "[1]", "{" * 100_000, '{"name":' * 5000, "null", '"x"', '{"nam": "x"}'])
def test_hostile_create_parameters_make_no_item(text: str, portal: Client) -> None:
    assert code_of(ask(portal, f"{CONTENT}/createService", createParameters=text)) == 400


def test_texts_of_items_are_json_of_a_limited_length(portal: Client) -> None:
    item, hostile = create(portal), "</script><img src=x onerror=alert(1)>"
    ask(portal, f"{CONTENT}/items/{item}/update", title=hostile, properties="{" * 4000, url="http://evil.example")
    answer = portal.get(
        f"{BASE}/content/items/{item}?f=html", headers={"X-Esri-Authorization": f"Bearer {TOKENS['anna']}"}
    )
    assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")
    found = answer.get_json()
    assert (found["title"], found["properties"]) == (hostile, None)
    assert found["url"].startswith("http://localhost/")
    assert code_of(ask(portal, f"{CONTENT}/items/{item}/update", title="x" * 5000)) == 400


def test_further_items_replace_the_oldest_of_their_owner(portal: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "MOST_ITEMS", 3)
    other = create(portal, owner="bert")
    made = [create(portal) for _ in range(5)]
    known = [not code_of(ask(portal, f"{BASE}/content/items/{item}")) for item in made]
    assert known == [False, False, True, True, True]
    assert not code_of(ask(portal, f"{BASE}/content/items/{other}", "bert"))


@pytest.mark.parametrize("item", ["", 5, None, {"a": 1}, "0" * 32, "x' --", "<b>"])
def test_a_result_names_no_item_that_its_owner_lacks(item: Any, portal: Client, store: JobStore) -> None:
    job = submit_for(portal, item)
    finish(store)
    assert ask(portal, f"{TASK_PATH}/jobs/{job}/results/outRaster")["value"]["itemId"] == ""


@pytest.mark.parametrize("form", ["{}", "https://x.example/ImageServer?token={}", "https://x.example/?a=b&token={}#c"])
def test_the_callers_token_is_not_stored(form: str, settings: Settings, store: JobStore) -> None:
    token = 'a+b/c"d=e f-0123456789'
    client = Client(Application(replace(settings, owners={hash_of(token): "anna"})))
    for written in (token, quote(token, safe=""), quote_plus(token)):
        reference = form.format(written)
        sent = [
            inputs(inputRaster=json.dumps({"url": reference})),
            inputs(context=json.dumps({"mask": {"url": reference}})),
            inputs(inputRaster=reference),
        ]
        for each in sent:
            client.post(f"{TASK_PATH}/submitJob", data={**each, "f": "json", "token": token})
        headers = {"Authorization": f"Bearer {token}"}
        document = {"inputs": {**inputs(), "context": {"mask": {"url": reference}}}}
        client.post("/ogc/processes/classify-pixels/execution", json=document, headers=headers)
        kept = [json.dumps(dict(job.inputs)) for job in store.jobs()]
        kept += [message.text for job in store.jobs() for message in store.messages(job.id)]
        for shown in (token, quote(token, safe=""), quote_plus(token), "0123456789"):
            assert shown not in str(kept)
    assert len(store.jobs()) >= 9


def test_a_portal_needs_https() -> None:
    check_portal("https://maps.example.org")
    for address in ("http://maps.example.org", "http://127.0.0.1:8080", ""):
        with pytest.raises(SettingsError):
            check_portal(address)


def test_a_portal_is_served_on_demand_under_an_https_address(stores: Stores, tmp_path: Path) -> None:
    command = [sys.executable, str(SERVE), "--stores", str(stores.file), "--jobs", str(tmp_path / "j"), "--portal"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "--address https://HOST" in done.stderr) == (2, True)
    from .test_serve import Serving

    serving = Serving(stores.file, tmp_path / "jobs", "--portal", "--address", "https://localhost")
    try:
        found = serving.get("/portal/sharing/rest/portals/self")
        assert found["helperServices"]["rasterAnalytics"]["url"].startswith("https://localhost/arcgis/")
    finally:
        serving.end()
