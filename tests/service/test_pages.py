# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages for people, without a browser."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from werkzeug.test import Client

from classify_pixels.service import jobs, pages
from classify_pixels.service.application import Application
from classify_pixels.service.html import VOID
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.settings import Settings, hash_of

from .conftest import BASE, TASK_PATH, submit

HOSTILE = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'


class Page(HTMLParser):
    """The elements of a page, which must be nested rightly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(client: Client, path: str) -> Page:
    return Page(client.get(path).get_data(as_text=True))


def finish(store: JobStore, name: str = "Water") -> str:
    """Ends the only waiting job with a result of hostile names; returns its id."""
    job = store.take()
    assert job is not None
    for kind in (jobs.INFO, jobs.WARNING):
        store.tell(job.id, job.attempt, kind, name)
    known = {"value": 1, "name": name, "color": [1, 2, 3], "pixels": 3, "area": None}
    store.end(job.id, job.attempt, jobs.SUCCEEDED, result={"files": ["map.tif"], "classes": [known]})
    return job.id


def test_pages_hold_no_script_and_nothing_of_another_host(client: Client, store: JobStore) -> None:
    submit(client)
    done = finish(store)
    waiting = submit(client)
    paths = [BASE, TASK_PATH, f"{TASK_PATH}/jobs", f"{TASK_PATH}/jobs/{done}", f"{TASK_PATH}/jobs/{waiting}"]
    for path in (*paths, "/sign-in", "/none", f"{TASK_PATH}/jobs/{waiting}/inputs/model"):
        found = page(client, path)
        assert not found.all("script")
        for _, attributes in found.elements:
            assert not any(name.startswith("on") for name in attributes)
            for name in ("href", "src", "action"):
                assert (attributes.get(name) or "/").startswith("/")
        assert len(found.all("h1")) == len(found.all("main")) == len(found.all("title")) == 1


def test_every_field_has_a_label_and_a_description(client: Client) -> None:
    found = page(client, TASK_PATH)
    labels = {label["for"] for label in found.all("label")}
    known = {attributes.get("id") for _, attributes in found.elements}
    fields = [field for field in (*found.all("input"), *found.all("textarea")) if field.get("type") != "hidden"]
    assert len(fields) == 6
    assert {field["id"] for field in fields} == labels
    assert all(field["aria-describedby"] in known for field in fields)


def test_names_of_a_model_are_shown_as_texts(client: Client, store: JobStore) -> None:
    submit(client)
    done = finish(store, HOSTILE)
    found = page(client, f"{TASK_PATH}/jobs/{done}")
    assert not found.all("script")
    assert len(found.all("img")) == 1
    assert "window.hacked" in client.get(f"{TASK_PATH}/jobs/{done}").get_data(as_text=True)


def test_the_parameters_of_a_job_fill_the_form(client: Client, store: JobStore) -> None:
    more = {"modelArguments": '{"batch_size": 2}', "processAllRasterItems": "true", "context": '{"cellSize": "<5>"}'}
    job = submit(client, inputRaster=HOSTILE, outputClassifiedRaster="map", **more)
    form = page(client, f"{TASK_PATH}/jobs/{job}")
    (action,) = [each["action"] for each in form.all("form")]
    assert action == TASK_PATH
    values = {each["name"]: each["value"] for each in form.all("input")}
    filled = Page(client.post(TASK_PATH, data=values).get_data(as_text=True))
    shown = {field["name"]: field.get("value") for field in filled.all("input")}
    assert (shown["inputRaster"], shown["outputClassifiedRaster"]) == (HOSTILE, "map")
    assert any("checked" in field for field in filled.all("input"))
    # The first job is refused at once, so that only the second one waits.
    again = client.post(f"{TASK_PATH}/submitJob", data={**values, "f": "json"}).get_json()["jobId"]
    assert store.read(again).inputs == store.read(job).inputs


def test_a_page_refreshes_until_it_is_stopped_or_the_job_has_ended(client: Client, store: JobStore) -> None:
    def refreshes(path: str) -> bool:
        return any(meta.get("http-equiv") == "refresh" for meta in page(client, path).all("meta"))

    job = submit(client)
    for path in (f"{TASK_PATH}/jobs", f"{TASK_PATH}/jobs/{job}"):
        assert refreshes(path)
        links = [link["href"] for link in page(client, path).all("a")]
        stopped = f"{path}?refresh=no"
        assert stopped in links
        assert not refreshes(stopped)
        assert path in [link["href"] for link in page(client, stopped).all("a")]
    finish(store)
    assert not refreshes(f"{TASK_PATH}/jobs")
    assert not refreshes(f"{TASK_PATH}/jobs/{job}")


def test_the_page_of_each_state(client: Client, store: JobStore) -> None:
    """Cancel is offered while it has an effect, and an error is shown above the messages."""
    job = submit(client)
    taken = store.take()
    assert taken is not None
    store.advance(job, taken.attempt, 0.426)
    path = f"{TASK_PATH}/jobs/{job}"
    running = page(client, path)
    assert [bar["value"] for bar in running.all("progress")] == ["42"]
    assert f"{path}/cancel" in [form["action"] for form in running.all("form")]
    client.post(f"{path}/cancel", data={"f": "html"})
    cancelling = page(client, path)
    assert f"{path}/cancel" not in [form["action"] for form in cancelling.all("form")]
    store.end(job, taken.attempt, jobs.FAILED, "The disk is full.")
    failed = page(client, path)
    assert [each.get("class") for each in failed.all("p")].count("error") == 1
    assert not failed.all("progress")


def test_browsers_send_our_own_forms_with_their_origin(client: Client) -> None:
    """Fetch: with the policy no-referrer, the Origin of a form is null, which is refused as that of another site."""
    assert client.get(TASK_PATH).headers["Referrer-Policy"] == "same-origin"
    for origin in ("null", "https://elsewhere.example"):
        answer = client.post(f"{TASK_PATH}/submitJob", data={"f": "html"}, headers={"Origin": origin})
        assert answer.status_code == 403


def test_only_an_error_of_a_token_offers_to_sign_in(settings: Settings, client: Client) -> None:
    def offers(answer: str) -> bool:
        return any(link["href"] == "/sign-in" for link in Page(answer).all("a"))

    assert not offers(client.get(f"{TASK_PATH}/submitJob?model=x").get_data(as_text=True))
    closed = Client(Application(Settings(settings.gate, settings.jobs, "http://localhost", {hash_of("t" * 20): "ann"})))
    answer = closed.get(f"{TASK_PATH}/jobs")
    assert answer.status_code == 401
    assert offers(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("/rasterStores/data/a.tif", "/rasterStores/data/a.tif"),
        ('{"uri": "/rasterStores/data/a.tif"}', "/rasterStores/data/a.tif"),
        ('{"url": "https://data.example.org/a.tif"}', "https://data.example.org/a.tif"),
        ('{"uri": 5}', '{"uri": 5}'),
        ("[1, 2", "[1, 2"),
        ("x" * 500, "x" * pages.LONGEST_REFERENCE + "…"),
    ],
)
def test_the_list_shows_the_raster_of_a_job(value: str, shown: str, client: Client) -> None:
    submit(client, inputRaster=value)
    text = client.get(f"{TASK_PATH}/jobs").get_data(as_text=True)
    assert f">{shown.replace(chr(34), '&quot;')}</td>" in text
