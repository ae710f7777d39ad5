# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages in a real browser whose scripts are switched off, mostly by the keyboard."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.settings import Settings, hash_of
from tests.servers.browser import PROGRAM, Browser, browser

from .conftest import BASE, TASK_PATH, VALUES, Stores, listening, only_job, submit
from .test_pages import HOSTILE

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")

TEXT = "document.body.innerText"
LEAST_CONTRAST = 4.5
TOKEN = "t" * 20
# The colour of each text, and the colours behind it from its own element outwards.
COLOURS = """
[...document.querySelectorAll('body *')].filter(
    each => each.checkVisibility() && [...each.childNodes].some(child => child.nodeType == 3 && child.data.trim())
).map(each => {
    const behind = [];
    for (let outer = each; outer; outer = outer.parentElement) behind.push(getComputedStyle(outer).backgroundColor);
    return [each.tagName, getComputedStyle(each).color, behind];
})
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as made:
        made.without_scripts()
        yield made


@pytest.fixture
def window(opened: Browser) -> Browser:
    opened.call("Network.clearBrowserCookies")
    opened.resize(1000, 800)
    return opened


@contextmanager
def working(dispatcher: Dispatcher) -> Iterator[None]:
    """Lets a dispatcher work beside the test."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            dispatcher.step()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def focus_on(window: Browser, expression: str) -> None:
    """Moves the focus by the keyboard until an element has it."""
    for _ in range(40):
        window.tab()
        if window.value(f"document.activeElement === {expression}"):
            return
    raise AssertionError(expression)


def link(text: str) -> str:
    return f"[...document.links].find(each => each.innerText === {json.dumps(text)})"


def test_a_person_classifies_a_raster_by_the_keyboard(
    window: Browser, live_address: str, dispatcher: Dispatcher, stores: Stores, tmp_path: Path
) -> None:
    window.open(live_address)
    focus_on(window, link("Classify a raster"))
    window.press()
    entries = {
        "inputRaster": "/rasterStores/data/scene.tif",
        "outputClassifiedRaster": "map",
        "model": "/fileShares/data/model.emd",
        "modelArguments": '{"batch_size": 2}',
    }
    for name, text in entries.items():
        focus_on(window, f"document.getElementById('{name}')")
        window.type(text)
    focus_on(window, "document.querySelector('button')")
    with working(dispatcher):
        window.press()
        job = only_job(dispatcher.store)
        assert window.value("location.pathname") == f"{TASK_PATH}/jobs/{job.id}"
        # Nothing but the page itself loads it again.
        window.wait(f"{TEXT}.includes('State: succeeded')")
    ended = only_job(dispatcher.store)
    assert ended.status == jobs.SUCCEEDED
    assert dict(ended.inputs) == entries

    window.wait("document.images[0].complete && document.images[0].naturalWidth > 0")
    expected = stores.expected()
    rows = window.value(
        "[...document.querySelectorAll('tbody')][0].rows.length && "
        "[...document.querySelectorAll('tbody')[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    counts = [int((expected == value).sum()) for value in VALUES]
    assert [row[0] for row in rows] == [f"class {value}" for value in VALUES]
    assert [int(row[1]) for row in rows] == [*VALUES]
    assert [int(row[2].replace(",", "")) for row in rows] == counts
    # Cells of 10 m on the plane; areas are those on the ellipsoid.
    assert [float(row[3]) for row in rows] == pytest.approx([count * 1e-4 for count in counts], rel=2e-3, abs=6e-4)
    assert [float(row[4].rstrip(" %")) for row in rows] == pytest.approx(
        [100 * count / expected.size for count in counts], abs=0.06
    )

    swatches = window.value(
        "[...document.querySelectorAll('.swatch')].map(each => getComputedStyle(each).backgroundColor)"
    )
    assert [colour_of(each)[:3] for each in swatches] == [
        (value % 256, 255 - value % 256, 40 * index % 256) for index, value in enumerate(VALUES)
    ]
    picture = tmp_path / "picture.png"
    box = window.value("JSON.parse(JSON.stringify(document.images[0].getBoundingClientRect()))")
    window.picture(picture)
    check_picture(picture, box, expected)
    files = window.value("[...document.querySelectorAll('li a')].map(each => each.getAttribute('href'))")
    assert files == [f"/files/{job.id}/map.tif"]


def check_picture(path: Path, box: dict[str, float], expected: np.ndarray) -> None:
    """Compares the centre of each cell of the shown picture with the colour of its class."""
    from osgeo import gdal

    shown = gdal.Open(str(path)).ReadAsArray()[:3]
    height, width = expected.shape
    # The picture is as wide as the map, with a border of one pixel around it.
    assert (round(box["width"]), round(box["height"])) == (width + 2, height + 2)
    left, top = round(box["left"]) + 1, round(box["top"]) + 1
    found = shown[:, top : top + height, left : left + width]
    colours = np.zeros((256, 3), np.uint8)
    for index, value in enumerate(VALUES):
        colours[value] = value % 256, 255 - value % 256, 40 * index % 256
    assert np.array_equal(found, colours[expected].transpose(2, 0, 1))


def colour_of(text: str) -> tuple[float, ...]:
    """Returns the numbers of a colour such as rgba(0, 0, 0, 0.5)."""
    numbers = tuple(float(part) for part in text[text.index("(") + 1 : -1].split(","))
    return (*numbers, 1.0)[:4]


def luminance(colour: tuple[float, ...]) -> float:
    """Returns the relative luminance, as https://www.w3.org/TR/WCAG21/#dfn-relative-luminance has it."""
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def least_contrast(window: Browser) -> float:
    """Returns the least contrast of a text with what is behind it."""
    found = []
    for _, text, layers in window.value(COLOURS):
        behind = next((colour for colour in map(colour_of, layers) if colour[3] == 1), (255, 255, 255))
        light, dark = sorted((luminance(colour_of(text)), luminance(behind)), reverse=True)
        found.append((light + 0.05) / (dark + 0.05))
    assert found
    return min(found)


@pytest.fixture
def paths(client: Client, store: JobStore) -> list[str]:
    """The pages in all their states, with names that are long and hostile."""
    found = [BASE, TASK_PATH, f"{TASK_PATH}/jobs", "/sign-in", "/none"]
    waiting = submit(client)
    failed = submit(client, inputRaster="/rasterStores/" + 40 * "long/")
    running = store.take()
    assert running is not None
    store.advance(waiting, running.attempt, 0.3)
    for kind in (jobs.INFO, jobs.WARNING):
        store.tell(waiting, running.attempt, kind, HOSTILE + 200 * "x")
    found += [f"{TASK_PATH}/jobs/{job}?refresh=no" for job in (waiting, failed)]
    submit(client)
    other = store.take()
    assert other is not None
    classes = [
        {"value": value, "name": name, "color": [9, 9, 9], "pixels": 10**9, "area": 1e12}
        for value, name in enumerate(("Water", HOSTILE, "Very long name of a class " * 4))
    ]
    result = {"files": ["map.tif"], "classes": classes}
    store.end(other.id, other.attempt, jobs.SUCCEEDED, result=result)
    return [*found, f"{TASK_PATH}/jobs/{other.id}"]


def test_texts_are_readable_and_pages_fit_a_narrow_window(window: Browser, live_address: str, paths: list[str]) -> None:
    window.resize(360, 700)
    for path in paths:
        window.open(live_address + path)
        assert least_contrast(window) >= LEAST_CONTRAST, path
        assert window.value("document.documentElement.scrollWidth") <= 360, path


def test_no_text_of_a_model_becomes_an_element(live_address: str, paths: list[str], tmp_path: Path) -> None:
    """With scripts switched on, otherwise this would show nothing."""
    with browser(tmp_path / "profile") as window:
        window.open(live_address + paths[-1])
        assert "window.hacked" in window.value(TEXT)
        for path in paths:
            window.open(live_address + path)
            assert window.value("window.hacked === undefined")
            assert window.value("document.scripts.length") == 0
            assert window.value("document.querySelectorAll('[onerror]').length") == 0


def test_the_list_of_jobs_follows_them(
    window: Browser, live_address: str, client: Client, dispatcher: Dispatcher
) -> None:
    submit(client)
    window.open(f"{live_address}{TASK_PATH}/jobs")
    assert "waiting" in window.value(TEXT)
    with working(dispatcher):
        window.wait(f"{TEXT}.includes('succeeded') && {TEXT}.includes('100 %')")
    focus_on(window, link("classified"))
    window.press()
    assert "State: succeeded" in window.value(TEXT)


def test_a_job_is_cancelled_and_its_parameters_are_changed(
    window: Browser, live_address: str, client: Client, store: JobStore
) -> None:
    job = submit(client)
    window.open(f"{live_address}{TASK_PATH}/jobs/{job}")
    focus_on(window, link("Stop"))
    window.press()
    focus_on(window, "document.querySelector('button')")
    window.press()
    assert "State: cancelled" in window.value(TEXT)
    focus_on(window, "document.querySelector('button')")
    window.press()
    assert window.value("location.pathname") == TASK_PATH
    focus_on(window, "document.querySelector('button')")
    window.press()
    first, second = store.jobs()
    assert first.inputs == second.inputs
    assert {first.status, second.status} == {jobs.CANCELLED, jobs.SUBMITTED}


def test_a_token_is_entered_once(window: Browser, settings: Settings, client: Client, store: JobStore) -> None:
    closed = Settings(settings.gate, settings.jobs, "http://localhost", {hash_of(TOKEN): "ann"})
    with listening(Application(closed)) as address:
        window.open(f"{address}{TASK_PATH}/jobs")
        focus_on(window, link("Sign in"))
        window.press()
        focus_on(window, "document.querySelector('#token')")
        window.type("wrong")
        window.press()
        assert "invalid" in window.value(TEXT)
        focus_on(window, "document.querySelector('#token')")
        window.type(TOKEN)
        window.press()
        assert window.value("location.pathname") == f"{TASK_PATH}/jobs"
        assert "No jobs" in window.value(TEXT)
        query = "?inputRaster=/rasterStores/data/scene.tif&model=/fileShares/data/model.emd"
        window.open(f"{address}{TASK_PATH}{query}")
        focus_on(window, "document.querySelector('button')")
        window.press()
        assert only_job(store).owner == "ann"
        assert TOKEN not in window.value("location.href")


def test_a_page_of_another_site_submits_nothing(window: Browser, live_address: str, store: JobStore) -> None:
    """By a form, an image and a link."""
    query = "inputRaster=/rasterStores/data/scene.tif&model=/fileShares/data/model.emd"
    target = f"{live_address}{TASK_PATH}/submitJob"
    fields = "".join(
        f'<input type="hidden" name="{part.split("=")[0]}" value="{part.split("=")[1]}">' for part in query.split("&")
    )
    text = (
        f'<!DOCTYPE html><img src="{target}?{query}"><form method="post" action="{target}">{fields}'
        f'<button>Go</button></form><a href="{target}?{query}">Link</a>'
    )
    other = Response(text, content_type="text/html")
    with listening(other) as address:
        # The same server under another name is another site.
        for choice in ("document.querySelector('button')", link("Link")):
            window.open(address.replace("127.0.0.1", "localhost"))
            window.wait("document.images[0].complete")
            focus_on(window, choice)
            window.press()
            assert "another site" in window.value(TEXT)
    assert store.jobs() == []
