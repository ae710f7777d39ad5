# SPDX-License-Identifier: GPL-2.0-or-later
"""The unfinished result over the map: its colours, its place, and its end."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtTest import QTest

from classify_pixels.inference.run import partial_map
from classify_pixels.inference.tiling import strips
from classify_pixels.ui.panel import partial_result
from classify_pixels.ui.panel.dock import ClassificationDock
from classify_pixels.ui.panel.dock_form import FOLDER
from classify_pixels.ui.panel.job import JobState
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.model_library import ModelLibrary
from classify_pixels.ui.panel.sample import zoom_to
from classify_pixels.ui.preview.overlay import PreviewOverlay

from ..networks import class_definition, identity_network
from .event_loop import wait_until
from .scenes import write_definition
from .test_warned_jobs import Window

LIMIT = 300.0
VALUES = (2, 300)
HEIGHT, WIDTH = 300, 260
UTM = (500_000.0, 10.0, 0.0, 5_400_000.0, 0.0, -10.0)
ROTATED = (500_000.0, 8.0, 6.0, 5_400_000.0, 6.0, -8.0)
DEGREES = (14.0, 0.001, 0.0, 49.0, 0.0, -0.001)
# All of the earth but its outermost degrees, which Web Mercator cannot show.
GLOBE = (-180.0, 360 / WIDTH, 0.0, 84.0, 0.0, -168 / HEIGHT)


class Gate:
    """Holds runs after a number of finished strips, until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.after, self.error = 4, None
        self.opened, self.arrived = threading.Event(), threading.Event()
        self._seen = 0
        take = partial_map.PartialMap.take

        def held(receiver: Any, event: Any) -> None:
            take(receiver, event)
            self._seen = 0 if isinstance(event, partial_map.MapBegun) else self._seen + 1
            if self._seen == self.after:
                self.arrived.set()
                self.opened.wait(LIMIT)
                if self.error is not None:
                    raise self.error

        monkeypatch.setattr(partial_map.PartialMap, "take", held)

    def close(self) -> None:
        """Holds the next run, too."""
        self.opened.clear()
        self.arrived.clear()


@dataclass
class Panel:
    """The panel on a canvas."""

    dock: ClassificationDock
    canvas: QgsMapCanvas
    queue: JobQueue
    gate: Gate
    folder: Path
    removed: list[Any]
    is_loaded: bool = True

    def unload(self) -> None:
        """Ends all as the plugin does when it is unloaded."""
        self.gate.opened.set()
        if self.is_loaded:
            self.is_loaded = False
            self.dock.close_jobs()

    def overlays(self) -> list[PreviewOverlay]:
        """Returns what is drawn over the map."""
        return [item for item in self.canvas.scene().items() if isinstance(item, PreviewOverlay)]

    @property
    def overlay(self) -> PreviewOverlay:
        """The only one."""
        [overlay] = self.overlays()
        return overlay

    def add(self, name: str, transform: Sequence[float] = UTM, epsg: int = 32633, seed: int = 1) -> QgsRasterLayer:
        """Adds a scene of large patches of two classes, with a hole of NoData."""
        path = write_patches(self.folder / f"{name}.tif", transform, epsg, seed)
        layer = QgsRasterLayer(str(path), name)
        QgsProject.instance().addMapLayer(layer)
        return layer

    def start(self, *layers: QgsRasterLayer) -> str:
        """Classifies layers by a click, and returns the id of the first job in the middle of its run."""
        self.dock.form.models.choose(str(self.folder / "model.emd"))
        self.dock.form.choice.choose(layers)
        wait_until(lambda: self.dock.form.checks.result is not None and self.dock.form.whole_layer.isEnabled())
        before = len(self.queue.jobs.jobs)
        QTest.mouseClick(self.dock.form.whole_layer, Qt.MouseButton.LeftButton)
        self.wait_for_part()
        return self.queue.jobs.jobs[before].id

    def wait_for_part(self) -> None:
        """Waits until the held part of a run is drawn."""
        wait_until(lambda: self.gate.arrived.is_set() and self.overlays())
        wait_until(lambda: self.drawn_rows() > 0)

    def drawn_rows(self) -> int:
        """Returns the number of rows of which something is drawn."""
        return int((pixels_of(self.overlay.image)[..., 3] > 0).any(axis=1).sum()) if self.overlays() else 0

    def state(self, job_id: str) -> JobState:
        """Returns the state of a job."""
        job = self.queue.jobs.job(job_id)
        assert job is not None
        return job.state

    def finish(self, job_id: str) -> None:
        """Lets the held run go on to its end."""
        self.gate.opened.set()
        wait_until(lambda: self.state(job_id).over)
        # A finished result stays until its layer is drawn.
        assert self.state(job_id) is JobState.SUCCEEDED or not self.overlays()
        wait_until(lambda: not self.overlays())


def write_patches(path: Path, transform: Sequence[float], epsg: int, seed: int) -> Path:
    patches = np.random.default_rng(seed).integers(0, 2, (HEIGHT // 20, WIDTH // 20)).repeat(20, 0).repeat(20, 1)
    pixels = np.stack([np.full(patches.shape, 100), 50 + 100 * patches]).astype(np.uint8)
    pixels[:, 20:70, 30:90] = 0
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH, HEIGHT, 2, gdal.GDT_Byte)
    dataset.SetGeoTransform(transform)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    dataset.SetProjection(reference.ExportToWkt())
    for number in (1, 2):
        dataset.GetRasterBand(number).WriteArray(pixels[number - 1])
        dataset.GetRasterBand(number).SetNoDataValue(0)
    return path


def pixels_of(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    rows = np.frombuffer(bytes(bits), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width()]


@pytest.fixture
def panel(project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Panel]:
    QgsSettings().remove(FOLDER)
    monkeypatch.setattr(strips, "HEIGHT", 32)
    # The canvas of these tests draws no layer, so this time alone removes the picture of a finished result.
    monkeypatch.setattr(partial_result, "PATIENCE_MS", 100)
    network = identity_network(tmp_path / "network.onnx", 2)
    model = class_definition(network, 2, VALUES, 32, Padding=0, ClassifyPixels={"Stride": 1})
    write_definition(tmp_path / "model.emd", model)
    removed: list[Any] = []
    remove = PreviewOverlay.remove

    def counted(overlay: PreviewOverlay) -> None:
        removed.append(overlay)
        remove(overlay)

    monkeypatch.setattr(PreviewOverlay, "remove", counted)
    canvas = QgsMapCanvas()
    canvas.resize(QSize(500, 400))
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    dock = ClassificationDock(Window(canvas), JobHistory(tmp_path / "jobs"), ModelLibrary(tmp_path / "models.json"))
    dock.resize(420, 900)
    dock.show()
    gate = Gate(monkeypatch)
    panel = Panel(dock, canvas, dock.view._queue, gate, tmp_path, removed)
    yield panel
    panel.unload()
    dock.close()
    dock.deleteLater()
    gc.collect()


def colors_of(result: Path) -> np.ndarray:
    """Returns the colours of a whole result, read by GDAL alone."""
    dataset = gdal.Open(str(result))
    values, table = dataset.ReadAsArray(), dataset.GetRasterBand(1).GetColorTable()
    colors = np.zeros((*values.shape, 4), np.uint8)
    for value in VALUES:
        colors[values == value] = table.GetColorEntry(value)
    return colors


def test_finished_strips_are_shown_in_the_colours_of_the_result_which_replaces_them(panel: Panel) -> None:
    job_id = panel.start(panel.add("Scene"))
    assert panel.state(job_id) is JobState.EXECUTING
    # Strips are drawn some at a time.
    wait_until(lambda: panel.drawn_rows() == panel.gate.after * 32)
    part, overlay = pixels_of(panel.overlay.image), panel.overlay
    assert overlay.isVisible()
    assert 0 < panel.drawn_rows() < HEIGHT
    panel.finish(job_id)
    assert panel.state(job_id) is JobState.SUCCEEDED
    assert panel.overlays() == []
    assert panel.removed == [overlay]
    job = panel.queue.jobs.job(job_id)
    assert [layer.source() for layer in QgsProject.instance().mapLayers().values()].count(job.request.output) == 1
    whole = colors_of(Path(job.request.output))
    rows = panel.gate.after * 32
    assert np.array_equal(part[:rows], whole[:rows])
    assert not part[rows:].any()
    assert not whole[20:70, 30:90, 3].any()


def test_finished_result_stays_until_the_map_is_drawn(panel: Panel) -> None:
    job_id = panel.start(panel.add("Scene"))
    leaving = panel.dock.findChild(partial_result.PartialResult)._leaving
    leaving.setInterval(round(2000 * LIMIT))
    panel.gate.opened.set()
    wait_until(leaving.isActive)
    assert panel.state(job_id) is JobState.SUCCEEDED
    assert panel.overlays()
    panel.canvas.mapCanvasRefreshed.emit()
    assert panel.overlays() == []


def test_picture_grows_in_the_main_thread(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    show, take, threads = PreviewOverlay.show_preview, partial_map.PartialMap.take, []

    def shown(overlay: PreviewOverlay, *given: Any) -> None:
        threads.append(("show", threading.current_thread() is threading.main_thread()))
        show(overlay, *given)

    def taken(receiver: Any, event: Any) -> None:
        threads.append(("take", threading.current_thread() is threading.main_thread()))
        take(receiver, event)

    monkeypatch.setattr(PreviewOverlay, "show_preview", shown)
    monkeypatch.setattr(partial_map.PartialMap, "take", taken)
    panel.finish(panel.start(panel.add("Scene")))
    assert {*threads} == {("show", True), ("take", False)}


@pytest.mark.parametrize(("drawing", "pause"), [(0, 128), (2, 202), (100, 612)])
def test_picture_grows_about_once_a_second_and_less_often_if_that_takes_long(
    drawing: int, pause: int, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drawing takes `drawing` ticks of a clock with 128 a second."""
    ticks, times = [0], []

    def draw(*_: Any) -> None:
        times.append(ticks[0])
        ticks[0] += drawing

    monkeypatch.setattr(partial_result, "time", SimpleNamespace(monotonic=lambda: ticks[0] / 128))
    monkeypatch.setattr(PreviewOverlay, "show_preview", draw)
    job = SimpleNamespace(id="1", request=SimpleNamespace(layer=panel.add("Scene").id()))
    partial = SimpleNamespace(changes=0, picture=object)
    for _ in range(2000):
        ticks[0] += 1
        partial.changes += 1
        panel.queue.looked.emit(job, partial)
    assert {*np.diff(times)} == {pause}


@pytest.mark.parametrize("end", ["cancelled", "failed", "project closed", "layer removed", "panel closed", "unloaded"])
def test_unfinished_result_is_removed_once_at_every_end(panel: Panel, end: str) -> None:
    layer = panel.add("Scene")
    job_id = panel.start(layer)
    overlay = panel.overlay
    if end == "cancelled":
        panel.dock.view.cancel.trigger()
    elif end == "failed":
        panel.gate.error = MemoryError()
    elif end == "project closed":
        QgsProject.instance().clear()
        assert panel.overlays() == []
    elif end == "layer removed":
        QgsProject.instance().removeMapLayer(layer.id())
        assert panel.overlays() == []
    elif end == "panel closed":
        panel.dock.close()
        wait_until(lambda: not panel.overlays())
    else:
        panel.unload()
        assert panel.overlays() == []
        assert panel.removed == [overlay]
        assert panel.state(job_id) is JobState.INTERRUPTED
        return
    panel.finish(job_id)
    ends = {"cancelled": JobState.CANCELLED, "failed": JobState.FAILED}
    assert panel.state(job_id) is ends.get(end, JobState.SUCCEEDED)
    assert panel.overlays() == []
    assert panel.removed == [overlay]


def test_reopened_panel_shows_the_unfinished_result_again(panel: Panel) -> None:
    job_id = panel.start(panel.add("Scene"))
    panel.dock.close()
    wait_until(lambda: not panel.overlays())
    panel.dock.setUserVisible(True)
    panel.dock.show()
    wait_until(panel.overlays)
    assert panel.drawn_rows() > 0
    panel.finish(job_id)
    assert panel.overlays() == []
    assert len(panel.removed) == 2


def test_each_of_two_jobs_shows_its_own_map(panel: Panel) -> None:
    moved = (UTM[0] + 3000, *UTM[1:])
    first, second = panel.add("First"), panel.add("Second", moved, seed=2)
    job_id = panel.start(first, second)
    overlay = panel.overlay
    assert overlay.preview.grid.origin == (UTM[0], UTM[3])
    panel.gate.close()
    panel.gate.opened.set()
    wait_until(lambda: panel.state(job_id).over)
    # The second one may be past its gate already.
    wait_until(lambda: panel.removed == [overlay])
    last = panel.queue.jobs.jobs[-1].id
    shown: list[Any] = []

    def over() -> bool:
        shown.extend(each.preview.grid.origin for each in panel.overlays() if each.preview is not None)
        return panel.state(last).over

    wait_until(over)
    wait_until(lambda: not panel.overlays())
    assert set(shown) <= {(UTM[0] + 3000, UTM[3])}
    assert panel.overlays() == []


def test_resumed_job_shows_what_is_finished_at_once(panel: Panel) -> None:
    job_id = panel.start(panel.add("Scene"))
    panel.dock.view.cancel.trigger()
    panel.finish(job_id)
    panel.gate.close()
    panel.gate.after = 6
    panel.dock.view.retry.trigger()
    panel.wait_for_part()
    wait_until(lambda: panel.drawn_rows() == 6 * 32)
    panel.finish(job_id)
    assert panel.state(job_id) is JobState.SUCCEEDED
    assert panel.overlays() == []


# --- place -------------------------------------------------------------------------------------------


def drawn_by_qgis(canvas: QgsMapCanvas, result: QgsRasterLayer) -> np.ndarray:
    settings = canvas.mapSettings()
    settings.setLayers([result])
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return pixels_of(job.renderedImage())


def drawn_by_overlay(canvas: QgsMapCanvas, overlay: PreviewOverlay) -> np.ndarray:
    image = QImage(canvas.mapSettings().outputSize(), QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    overlay.paint(painter)
    painter.end()
    return pixels_of(image)


@pytest.mark.parametrize(
    ("transform", "epsg", "map_crs"),
    [
        (UTM, 32633, "EPSG:32633"),
        (UTM, 32633, "EPSG:3857"),
        (UTM, 32633, "EPSG:4326"),
        (ROTATED, 32633, "EPSG:32633"),
        (DEGREES, 4326, "EPSG:4326"),
        (DEGREES, 4326, "EPSG:32633"),
        (GLOBE, 4326, "EPSG:3857"),
        (GLOBE, 4326, "EPSG:8857"),
    ],
)
def test_unfinished_result_lies_where_qgis_draws_the_finished_one(
    panel: Panel, transform: Sequence[float], epsg: int, map_crs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each finished strip is drawn at once.
    monkeypatch.setattr(partial_result, "LONGEST_PAUSE", 0.0)
    panel.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(map_crs))
    layer = panel.add("Scene", transform, epsg)
    zoom_to(panel.canvas, layer)
    if transform is GLOBE:
        panel.canvas.setExtent(QgsRectangle(-1.7e7, -1.2e7, 1.7e7, 1.2e7))
    # All strips but the last one.
    panel.gate.after = -(-HEIGHT // 32) - 1
    job_id = panel.start(layer)
    wait_until(lambda: panel.drawn_rows() == panel.gate.after * 32)
    found = drawn_by_overlay(panel.canvas, panel.overlay)
    panel.finish(job_id)
    output = panel.queue.jobs.job(job_id).request.output
    [result] = [each for each in QgsProject.instance().mapLayers().values() if each.source() == output]
    expected = drawn_by_qgis(panel.canvas, result)
    colors = [tuple(color) for color in np.unique(colors_of(Path(output)).reshape(-1, 4), axis=0) if color[3]]
    is_class = np.any([(found == color).all(axis=-1) for color in colors], axis=0)
    assert is_class.mean() > 0.2
    # Only the edges of patches may differ, by a pixel.
    assert (found[is_class] == expected[is_class]).all(axis=-1).mean() > 0.95
    shown = np.any([(expected == color).all(axis=-1) for color in colors], axis=0)
    # QGIS itself goes on beyond the edges of the earth.
    assert is_class.sum() / shown.sum() > (0.85 if map_crs == "EPSG:8857" else 0.9)
