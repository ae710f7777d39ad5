# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters and masks of servers, read by the two processes of a local cluster: the classes of the served pixels.

The expected classes are those of ONNX Runtime alone on the pixels that the server holds. The workers have no QGIS, and
their sign-in from their environment alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer

from classify_pixels.inference.cluster import dask_executor
from classify_pixels.inference.raster.web import SIGN_IN
from classify_pixels.inference.raster.web.fetch import AGENT
from classify_pixels.inference.tiling import StripSize
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network

from ..servers import Answer, FeatureServer, ImageServiceServer, LoopbackServer, TileServer, WmtsServer
from ..servers.loopback import Request
from ..servers.tiles import CELL
from ..servers.wmts import Level
from .log import Log
from .scenes import NO_DATA, VALUES, Scene, read_no_data, read_pixels, write_raster
from .test_layer_sources import virtual_layer
from .test_mask_services import INSIDE, mask_raster, polygons
from .test_tasks import Task
from .web_maps import world_grid, world_pixels

pytest.importorskip("distributed", reason="the package distributed is not installed")
psutil = pytest.importorskip("psutil", reason="the package psutil is not installed")

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_QGIS = "raise ImportError('this machine has no QGIS')"
TOKEN, USER, PASSWORD = "token-of-the-service", "me", "password-of-the-tiles"  # pragma: allowlist secret
BEARER = f"X-Esri-Authorization: Bearer {TOKEN}"
BASIC = f"Authorization: Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
SECRETS = (TOKEN, PASSWORD, BASIC.split()[-1])
# Part of the world of the tile server: two columns of tiles, and a corner of its transparent hole.
PART = Window(470, 570, 100, 90)


def has(request: Request, header: str) -> bool:
    """Returns True if a request has this header."""
    name, _, value = header.partition(": ")
    return request.headers.get(name) == value


class SignedService(ImageServiceServer):
    """An image service that requires a token, in the query or in a header."""

    def answer(self, request: Request) -> Answer | None:
        if request.query.get("token") != TOKEN and not has(request, BEARER):
            return Answer.json({"error": {"code": 499, "message": "Token Required", "details": []}})
        return super().answer(request)


class SignedTiles(TileServer):
    """A tiled map that requires a password, and reports its tiles as missing (404) or forbidden (401) without."""

    def __init__(self, pixels: np.ndarray, status: int) -> None:
        super().__init__(pixels)
        self._status = status

    def answer(self, request: Request) -> Answer | None:
        return super().answer(request) if has(request, BASIC) else Answer(status=self._status)


class TmsServer(TileServer):
    """The same tiles with rows counted from the south, as TMS counts them."""

    def _image(self, path: str, query: dict[str, str]) -> Answer:
        start, _, row = path.rpartition("/")
        zoom = int(start.split("/")[-2])
        return super()._image(f"{start}/{2**zoom - 1 - int(row[:-4])}.png", query)

    @property
    def xyz(self) -> str:
        return super().xyz.replace("%7By%7D", "%7B-y%7D")


class MapServer(TileServer):
    """The same tiles as those of an ArcGIS map service with a cache: row before column, and no suffix."""

    def answer(self, request: Request) -> Answer | None:
        zoom, row, column = request.path.split("/")[-3:]
        return self._image(f"/xyz/{zoom}/{column}/{row}.png", {})

    @property
    def xyz(self) -> str:
        return f"type=xyz&zmin=3&zmax=3&url={self.url}/arcgis/rest/services/x/MapServer/tile/%7Bz%7D/%7By%7D/%7Bx%7D"


@dataclass(frozen=True)
class Local:
    """A local cluster, and the servers that it has a sign-in for; those of `wrong` names are given a wrong one."""

    address: str
    pid: int
    servers: dict[str, Any]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, scene: Scene) -> Iterator[Local]:
    """The local cluster of the guide: `scripts/cluster local -n 2`."""
    folder = tmp_path_factory.mktemp("local")
    (folder / "bare" / "qgis").mkdir(parents=True)
    (folder / "bare" / "qgis" / "__init__.py").write_text(WITHOUT_QGIS, encoding="utf-8")
    world = world_pixels()
    servers = {
        "service": SignedService(scene.raster), "wrong service": SignedService(scene.raster),
        "missing service": SignedService(scene.raster), "tiles": SignedTiles(world, 401),
        "wrong tiles": SignedTiles(world, 401), "wrong hidden tiles": SignedTiles(world, 404),
        "missing tiles": SignedTiles(world, 404),
    }  # fmt: skip
    for server in servers.values():
        server.__enter__()
    sign_in = {
        server.url: f"X-Esri-Authorization: wrong {name}" if "wrong" in name else right(name)
        for name, server in servers.items()
        if "missing" not in name
    }
    environment = {
        **os.environ, "PYTHONPATH": str(folder / "bare"), "CLASSIFY_PIXELS_CACHE": str(folder / "cache"),
        "DASK_TEMPORARY_DIRECTORY": str(folder), SIGN_IN: json.dumps(sign_in),
    }  # fmt: skip
    command = [sys.executable, str(ROOT / "scripts" / "cluster"), "local", "-n", "2", "--port", "0"]
    with (folder / "log").open("wb") as log:
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=folder, env=environment)
    try:
        name, _, address = program.stdout.readline().decode().strip().partition("=")  # type: ignore[union-attr]
        assert name == "CLASSIFY_PIXELS_SCHEDULER", (folder / "log").read_text()
        yield Local(address, program.pid, servers)
    finally:
        program.terminate()
        program.communicate(timeout=60)
        for server in servers.values():
            server.__exit__()


def right(name: str) -> str:
    """Returns the header of the sign-in to a server of this name."""
    return BEARER if "service" in name else BASIC


@pytest.fixture(autouse=True)
def alone(plugin: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without cluster and sign-in, whose jobs have several strips."""
    for name in ("CLASSIFY_PIXELS_SCHEDULER", "CLASSIFY_PIXELS_STRIPS", SIGN_IN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(network, "PAUSES", (0.01, 0.02, 0.04))
    small = partial(dask_executor.classify_on_dask, size=StripSize(32, 48))
    monkeypatch.setattr(dask_executor, "classify_on_dask", small)
    for name in ("once", "cluster", "strips"):
        (tmp_path / name).mkdir()


@pytest.fixture
def on_cluster(local: Local, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Lets runs use the cluster from now on."""

    def use() -> None:
        monkeypatch.setenv("CLASSIFY_PIXELS_SCHEDULER", local.address)
        monkeypatch.setenv("CLASSIFY_PIXELS_STRIPS", str(tmp_path / "strips"))

    return use


def given(scene: Scene, **more: Any) -> dict[str, Any]:
    return {"MODEL": str(scene.model), "MODEL_ARGUMENTS": "tile_size 32;padding 4", **more}


def on_part(source: str, scene: Scene, part: Window = PART) -> dict[str, Any]:
    """Returns the parameters of a part of a map of the world."""
    xmin, ymin, xmax, ymax = world_grid(part).bounds
    extent = f"{xmin},{xmax},{ymin},{ymax} [EPSG:3857]"
    return given(scene, INPUT=f"wms://{source}", EXTENT=extent, CELL_SIZE=repr(CELL), BAND_MAPPING="1,2")


def classes_of(scene: Scene, pixels: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Returns the class map of pixels (bands, height, width) by ONNX Runtime alone; invalid ones are 0."""
    session = onnxruntime.InferenceSession(str(scene.network), providers=["CPUExecutionProvider"])
    (scores,) = session.run(None, {session.get_inputs()[0].name: pixels[None, :2].astype(np.float32)})
    return np.where(valid, np.array(VALUES)[scores[0].argmax(axis=0)], 0)


def without_qgis(server: LoopbackServer) -> list[Request]:
    """Returns the requests of workers, and those of the driver with the means of a worker."""
    return [request for request in server.requests if request.headers.get("User-Agent") == AGENT["User-Agent"]]


def check(
    parameters: dict[str, Any], expected: np.ndarray, server: LoopbackServer, run: Any, use: Callable[[], None],
    folder: Path, reads: bool = True,
) -> None:  # fmt: skip
    """Runs on this machine and on the cluster, and compares both with the expected classes, 0 for NoData.

    Workers request something of the server if they read from it.
    """
    once, made = folder / "once" / "map.tif", folder / "cluster" / "map.tif"
    run(**parameters, OUTPUT=str(once))
    assert not without_qgis(server)
    use()
    log = Log()
    run(log, **parameters, OUTPUT=str(made))
    assert bool(without_qgis(server)) == reads
    assert any("tcp://127.0.0.1" in line for line in log.lines)
    assert len({*np.unique(expected)} - {0}) > 1
    assert_shows(made, expected)
    assert sorted(path.name for path in made.parent.iterdir()) == sorted(path.name for path in once.parent.iterdir())
    for path in once.parent.iterdir():
        assert (made.parent / path.name).read_bytes() == path.read_bytes()
    assert not [*(folder / "strips").iterdir()]


def assert_shows(path: Path, expected: np.ndarray) -> None:
    """Compares a whole class map with the expected classes, 0 for NoData."""
    found = read_pixels(path)
    np.testing.assert_array_equal(np.where(found == read_no_data(path), 0, found), expected)


def read_bands(scene: Scene) -> np.ndarray:
    """Returns the pixels of the scene (bands, height, width)."""
    return np.asarray(gdal.Open(str(scene.raster)).ReadAsArray())


# --- the same classes


@pytest.mark.parametrize("form", ["text", "layer", "rules"])
def test_an_image_service(form: str, run: Any, scene: Scene, on_cluster: Callable[[], None], tmp_path: Path) -> None:
    """Named by its address or as a layer of QGIS; and with its bands in another order."""
    pixels = read_bands(scene)
    valid = np.ones(pixels.shape[1:], bool)
    valid[scene.hole] = False
    with ImageServiceServer(scene.raster, largest=40) as server:
        source: Any = server.service
        if form == "layer":
            uri = f"crs='EPSG:32633' format='TIFF' layer='0' url='{server.service}'"
            source = QgsRasterLayer(uri, "service", "arcgismapserver")
            QgsProject.instance().addMapLayer(source)
            source = source.id()
        if form == "rules":
            source, pixels = json.dumps({"url": server.service, "bandIds": [1, 0]}), pixels[::-1]
        check(given(scene, INPUT=source), classes_of(scene, pixels, valid), server, run, on_cluster, tmp_path)


@pytest.mark.parametrize("kind", [TileServer, TmsServer, MapServer])
def test_a_tiled_map(
    kind: type[TileServer], run: Any, scene: Scene, on_cluster: Callable[[], None], tmp_path: Path
) -> None:
    """XYZ, TMS, and the cache of an ArcGIS map service; a tile is missing."""
    world = world_pixels()
    part = world[:, PART.y : PART.bottom, PART.x : PART.right]
    with kind(world) as server:
        expected = classes_of(scene, part, part[3] > 0)
        check(on_part(server.xyz, scene), expected, server, run, on_cluster, tmp_path)


@pytest.mark.parametrize("queries", [True, False], ids=["queries", "paths"])
def test_a_wmts(queries: bool, run: Any, scene: Scene, on_cluster: Callable[[], None], tmp_path: Path) -> None:
    pixels = np.random.default_rng(4).integers(0, 256, (4, 200, 260), np.uint8)
    pixels[3] = np.where(pixels[3] < 20, 0, 255)
    level = Level("set:0 fine", pixels, (1_000_300.0, 6_000_700.0), 10.0, (64, 48))
    part = pixels[:, 30:120, 40:150]
    with WmtsServer((level,), queries) as server:
        extent = "1000700,1001800,5999500,6000400 [EPSG:3857]"
        parameters = given(scene, INPUT=f"wms://{server.source}", EXTENT=extent, CELL_SIZE="10", BAND_MAPPING="1,2")
        check(parameters, classes_of(scene, part, part[3] > 0), server, run, on_cluster, tmp_path)


@pytest.mark.parametrize("kind", ["images", "features"])
@pytest.mark.parametrize("raster", ["file", "service"])
def test_a_mask_of_a_service(
    kind: str, raster: str, run: Any, scene: Scene, on_cluster: Callable[[], None], tmp_path: Path
) -> None:
    valid = INSIDE.copy()
    valid[scene.hole] = False
    expected = classes_of(scene, read_bands(scene), valid)
    images = ImageServiceServer(mask_raster(tmp_path / "mask.tif"), largest=40)
    with images, FeatureServer(polygons()) as features, ImageServiceServer(scene.raster) as scenes:
        server: Any = images if kind == "images" else features
        source = scenes.service if raster == "service" else str(scene.raster)
        parameters = given(scene, INPUT=source, MASK={"url": server.service + ("" if kind == "images" else "/0")})
        # Polygons travel with the job.
        check(parameters, expected, server, run, on_cluster, tmp_path, reads=kind == "images")
        assert bool(without_qgis(scenes)) == (raster == "service")


def test_each_raster_of_a_catalog(run: Any, scene: Scene, on_cluster: Callable[[], None], tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(scene.raster.read_bytes())
    other = np.random.default_rng(8).integers(1, 200, (2, 60, 50), np.uint8)
    items = [tmp_path / "a.tif", write_raster(tmp_path / "b.tif", other, no_data=NO_DATA)]
    with ImageServiceServer(scene.raster, items=items) as server:
        on_cluster()
        run(
            **given(
                scene, INPUT=server.service, PROCESS_ALL_RASTER_ITEMS=True, OUTPUT=str(tmp_path / "cluster" / "x.tif")
            )
        )
        assert without_qgis(server)
    own = read_bands(scene)
    for name, pixels in (("a", own), ("b", other)):
        expected = classes_of(scene, pixels, (pixels != NO_DATA).all(axis=0))
        assert_shows(tmp_path / "cluster" / "x" / f"{name}.tif", expected)


# --- sign-in


def signed_in(name: str, server: Any, scene: Scene) -> dict[str, Any]:
    """Returns the parameters of a run with QGIS's own sign-in."""
    if "service" in name:
        return given(scene, INPUT=json.dumps({"url": server.service, "serviceToken": TOKEN}))
    return on_part(f"{server.xyz}&username={USER}&password={PASSWORD}", scene)


@pytest.mark.parametrize("name", ["service", "tiles"])
def test_workers_sign_in_by_their_own_environment(
    name: str, run: Any, scene: Scene, local: Local, on_cluster: Callable[[], None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """No secret is in the place of strips while the run goes on, nor in its files and its log."""
    server = local.servers[name]
    seen: list[bytes] = []
    begin = dask_executor.begin

    def looked_at(*values: Any) -> Any:
        job = begin(*values)
        seen.extend(path.read_bytes() for path in (tmp_path / "strips").rglob("*") if path.is_file())
        return job

    monkeypatch.setattr(dask_executor, "begin", looked_at)
    if name == "service":
        pixels = read_bands(scene)
        valid = (pixels != NO_DATA).all(axis=0)
    else:
        pixels = world_pixels()[:, PART.y : PART.bottom, PART.x : PART.right]
        valid = pixels[3] > 0

    def use() -> None:
        on_cluster()
        monkeypatch.setenv(SIGN_IN, json.dumps({server.url: right(name)}))

    check(signed_in(name, server, scene), classes_of(scene, pixels, valid), server, run, use, tmp_path)
    assert seen
    files = [path.read_bytes() for path in (tmp_path / "cluster").iterdir()]
    assert not any(secret.encode() in content for secret in SECRETS for content in (*seen, *files))
    assert not any("token" in request.query for request in without_qgis(server))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wrong service", "Token Required"), ("missing service", f"no sign-in for http.*{SIGN_IN}"),
        ("wrong tiles", "returned 401"), ("wrong hidden tiles", "is missing now"),
        ("missing tiles", f"no sign-in for http.*{SIGN_IN}"),
    ],
)  # fmt: skip
def test_a_wrong_or_missing_sign_in_of_the_workers_ends_the_run(
    name: str, words: str, run: Any, scene: Scene, local: Local, on_cluster: Callable[[], None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One sentence, and no request is repeated; a server that hides its tiles (404) makes no empty map."""
    server, log = local.servers[name], Log()
    on_cluster()
    monkeypatch.setenv(SIGN_IN, json.dumps({server.url: right(name)}))
    with pytest.raises(QgsProcessingException, match=words) as caught:
        run(log, **signed_in(name, server, scene), OUTPUT=str(tmp_path / "cluster" / "map.tif"))
    assert not any(secret in str(caught.value) for secret in SECRETS)
    assert not [*(tmp_path / "cluster").iterdir()]
    assert len(log.errors) <= 1
    # The driver has the right sign-in; each strip in the workers' hands fails once.
    wrong = [request for request in without_qgis(server) if not has(request, right(name))]
    assert bool(wrong) == ("wrong" in name)
    assert len(wrong) <= dask_executor.AT_LEAST


def test_a_sign_in_of_qgis_alone_is_refused_before_the_run(
    run: Any, scene: Scene, local: Local, on_cluster: Callable[[], None], tmp_path: Path
) -> None:
    server = local.servers["service"]
    before = len(without_qgis(server))
    on_cluster()
    with pytest.raises(QgsProcessingException, match=SIGN_IN):
        run(**signed_in("service", server, scene), OUTPUT=str(tmp_path / "cluster" / "map.tif"))
    assert len(without_qgis(server)) == before
    assert not [*(tmp_path / "strips").iterdir()]


# --- the cluster itself


def test_a_local_cluster_listens_to_this_machine_alone(local: Local) -> None:
    program = psutil.Process(local.pid)
    listening = [
        connection.laddr.ip
        for process in (program, *program.children(recursive=True))
        # The second name is that of old versions.
        for connection in (getattr(process, "net_connections", None) or process.connections)("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert {*listening} == {"127.0.0.1"}


# --- what only QGIS reads, and the event loop


@pytest.mark.parametrize("kind", ["wms", "map_service", "virtual"])
def test_what_qgis_draws_is_refused_before_the_run(
    kind: str, run: Any, scene: Scene, project: Any, on_cluster: Callable[[], None], tmp_path: Path
) -> None:
    on_cluster()
    with TileServer(world_pixels()) as server:
        parameters, words = on_part(server.wms, scene), "requested by QGIS"
        if kind == "map_service":
            parameters["INPUT"] = f"arcgismapserver://{server.map_service}"
        if kind == "virtual":
            layer = virtual_layer(scene.raster)
            project.addMapLayer(layer)
            parameters, words = given(scene, INPUT=layer.id()), "virtualraster are read by QGIS"
        with pytest.raises(QgsProcessingException, match=f"cannot be read by other machines: .*{words}"):
            run(**parameters, OUTPUT=str(tmp_path / "cluster" / "map.tif"))
        assert not without_qgis(server)
    assert not [*(tmp_path / "strips").iterdir()]


class Holding(ImageServiceServer):
    """Holds the images of workers until they are released."""

    def __init__(self, raster: Path) -> None:
        super().__init__(raster)
        self.asked, self.let_go = threading.Event(), threading.Event()

    def answer(self, request: Request) -> Answer | None:
        if request.path.endswith("/exportImage") and request.headers.get("User-Agent") == AGENT["User-Agent"]:
            self.asked.set()
            self.let_go.wait(120)
        return super().answer(request)


def test_the_event_loop_of_qgis_runs_while_workers_compute(
    scene: Scene, project: Any, on_cluster: Callable[[], None], tmp_path: Path
) -> None:
    """The driver is in a thread of a QGIS task; the workers wait until the loop has run."""
    on_cluster()
    output, context = tmp_path / "cluster" / "map.tif", QgsProcessingContext()
    with Holding(scene.raster) as server:
        parameters = given(scene, INPUT=server.service, OUTPUT=str(output))
        task = Task(parameters, Log(), context)
        task.wait(server.asked.is_set)
        fired: list[int] = []
        timer = QTimer()
        timer.timeout.connect(lambda: fired.append(1))
        timer.start(5)
        task.wait(lambda: len(fired) > 20)
        assert not task.ended
        timer.stop()
        server.let_go.set()
        task.wait()
    assert task.ended[0][0]
    pixels = read_bands(scene)
    expected = classes_of(scene, pixels, (pixels != NO_DATA).all(axis=0))
    assert_shows(output, expected)
