# SPDX-License-Identifier: GPL-2.0-or-later
"""Progress texts of a run, and its summary page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from qgis.core import QgsProcessingFeedback

from classify_pixels.inference.events import RunStarted
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.raster import ClassCount
from classify_pixels.inference.run.result import Classification
from classify_pixels.processing_provider import feedback as feedback_module
from classify_pixels.processing_provider.areas import area_text
from classify_pixels.processing_provider.feedback import FeedbackProgress
from classify_pixels.processing_provider.summary import summary_html

from .command import classify, needs_qgis_process
from .scenes import VALUES, Scene

EVIL = '<script>alert("x")</script>&amp;'


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Returns the attributes of every tag of a name."""
        return [attributes for tag, attributes in self.tags if tag == name]


def result(*counts: tuple[str, int, float | None], memory: int | None = 700_000_000) -> Classification:
    """Returns a result with these classes."""
    classes = tuple(
        ClassCount(ModelClass(value, name, (value, 20, 30)), pixels, area)
        for value, (name, pixels, area) in enumerate(counts, start=1)
    )
    return Classification(Path("/maps/a.tif"), classes, 255, "CPU", (256, 256), 8, 32, 4, 65.0, memory)


# --- the page -----------------------------------------------------------------------------------------


def test_page_tells_classes_shares_areas_and_what_was_said() -> None:
    counted = result(("Water", 300, 3e6), ("Heath", 100, 5e4), ("None", 0, 0.0))
    page = Tags(summary_html("Scene", [counted], ["Model: M, 3 classes"], ["Values look odd."]))
    for text in ("Scene", "Water", "75.0 %", "3.00 km²", "5.00 ha", "0 m²", "CPU", "1 min 5 s", "700 MB"):
        assert text in page.text
    assert "Model: M, 3 classes" in page.text
    assert "Values look odd." in page.text


def test_areas_that_nobody_knows_have_no_column() -> None:
    def titles(*counts: tuple[str, int, float | None]) -> int:
        return len(Tags(summary_html("", [result(*counts)], [], [])).all("th"))

    assert titles(("A", 1, 0.0)) == titles(("A", 1, None)) + 1
    assert titles(("A", 1, None), ("B", 2, 5.0)) == titles(("A", 1, 5.0), ("B", 2, 5.0))


def test_bars_are_as_long_as_their_shares() -> None:
    page = Tags(summary_html("", [result(("A", 100, None), ("B", 400, None), ("C", 0, None))], [], []))
    bars = [(bar["fill"], int(bar["width"] or 0)) for bar in page.all("rect")]
    assert [color for color, _ in bars] == ["#02141e", "#01141e"]
    assert bars[0][1] == 4 * bars[1][1]


def test_names_of_a_model_never_become_tags() -> None:
    html = summary_html(EVIL, [result((EVIL, 5, 1.0))], [EVIL], [EVIL])
    page = Tags(html)
    assert not page.all("script")
    assert page.text.count(EVIL) >= 3
    assert not re.search(r"(src|href|on\w+)\s*=|url\(|@import", html)


def test_chart_is_well_formed() -> None:
    html = summary_html("", [result((EVIL, 5, 1.0), ("B & C", 3, 1.0))], [], [])
    chart = re.search(r"<svg.*?</svg>", html, re.DOTALL)
    assert chart
    assert len(ElementTree.fromstring(chart.group())) == 6  # a label, a bar and a share for each


def test_several_results_are_summed_and_listed() -> None:
    page = Tags(summary_html("", [result(("A", 1, 10.0)), result(("A", 2, 20.0))], [], []))
    assert "30 m²" in page.text
    assert page.text.count("/maps/a.tif") == 2


def test_nothing_classified_and_nothing_known_are_told_as_such() -> None:
    page = Tags(summary_html("", [result(("A", 0, None), memory=None)], [], []))
    assert not page.all("svg")
    assert "MB" not in page.text


@pytest.mark.parametrize(("area", "text"), [(None, "-"), (9_999, "9999 m²"), (10_000, "1.00 ha"), (2.5e6, "2.50 km²")])
def test_areas_are_told_in_fitting_units(area: float | None, text: str) -> None:
    assert area_text(area) == text


@needs_qgis_process
def test_command_line_writes_the_page_where_it_is_told(scene: Scene, tmp_path: Path) -> None:
    parameters = {"INPUT": scene.raster, "MODEL": scene.model, "OUTPUT": tmp_path / "map.tif"}
    done = classify(tmp_path, **parameters, SUMMARY=tmp_path / "map.html")
    assert Path(done.results["SUMMARY"]) == tmp_path / "map.html"
    assert done.results["PEAK_MEMORY"] > 10
    page = Tags((tmp_path / "map.html").read_text(encoding="utf-8"))
    assert "scene – model" in page.text
    assert len(page.all("rect")) == len(VALUES)
    assert "Arguments: " in page.text
    without = classify(tmp_path, **parameters)
    assert "SUMMARY" not in without.results


# --- the progress -------------------------------------------------------------------------------------


class Listener(QgsProcessingFeedback):
    """Keeps the texts of the progress."""

    def __init__(self) -> None:
        super().__init__(False)
        self.texts: list[str] = []

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.texts.append(text)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(feedback_module.time, "monotonic", lambda: now[0])
    return now


def begin(listener: Any, items: int = 1) -> FeedbackProgress:
    """Begins a run over 20 megapixels."""
    progress = FeedbackProgress(listener, items)
    reason = Phrase("as assumed")
    progress.emit(RunStarted("Model", 2, "GPU 0", 2, 5000, 4000, 9, (512, 512), 8, 4, 1, reason, reason))
    return progress


def test_progress_tells_share_speed_time_left_and_device(clock: list[float]) -> None:
    listener = Listener()
    progress = begin(listener)
    progress.report(0.0)
    clock[0] += 10
    progress.report(0.25)
    assert listener.texts == ["25 percent done, 0.5 megapixels per second, about 30 s left, on GPU 0"]
    assert listener.progress() == 25


def test_resumed_run_does_not_count_what_was_there(clock: list[float]) -> None:
    listener = Listener()
    progress = begin(listener)
    progress.report(0.5)
    clock[0] += 10
    progress.report(0.75)
    assert "0.5 megapixels per second, about 10 s left" in listener.texts[0]


def test_speed_of_several_rasters_is_that_of_the_current_one(clock: list[float]) -> None:
    listener = Listener()
    progress = begin(listener, items=4)
    progress.report(0.0)
    clock[0] += 10
    progress.report(0.125)
    assert "12 percent done, 1 megapixels per second" in listener.texts[0]


def test_texts_do_not_flood_the_log(clock: list[float]) -> None:
    listener = Listener()
    progress = begin(listener)
    for step in range(100):
        clock[0] += 0.1
        progress.report(step / 100)
    assert 3 <= len(listener.texts) <= 5


def test_what_was_said_is_kept_for_the_page() -> None:
    progress = begin(QgsProcessingFeedback(False))
    progress.warn(Caution.STYLE_KEPT, style="x.qml")
    assert progress.messages[1:3] == ["Device: GPU 0, workers: 2", "Size: 5000 x 4000 pixels"]
    assert progress.warnings == ["The style x.qml was not written by this plugin and is kept unchanged."]


def test_no_speed_is_told_before_it_was_measured(clock: list[float]) -> None:
    """The second worker finishes its first tile right after the first worker."""
    listener = Listener()
    progress = begin(listener)
    clock[0] += 10
    progress.report(0.25)
    clock[0] += 0.01
    progress.report(0.5)
    assert listener.texts == []
