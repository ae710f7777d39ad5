# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters in an S3 bucket and on an http server, read from real servers on loopback."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from classify_pixels.inference.errors import RasterUnreadableError
from classify_pixels.inference.models import open_model, read_model_reference
from classify_pixels.inference.raster import GdalInput, GdalSource, open_raster
from classify_pixels.inference.raster.gdal_options import HTTP_OPTIONS, set_http_options
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.sources.data_stores import VARIABLE
from classify_pixels.plugin_support.sources.resolve import resolve_model, resolve_raster

from ..servers import Answer, LoopbackServer
from ..servers.bucket import bucket_server
from ..servers.loopback import Request
from ..servers.ports import reserved_port, wait_for_port
from ..unit.rasters import random_pixels, write_raster
from .command import ALGORITHM, needs_qgis_process, qgis_process, words
from .log import Log
from .scenes import Scene

pytestmark = pytest.mark.usefixtures("plugin")

AWS_NAMES = ("AWS_S3_ENDPOINT", "AWS_HTTPS", "AWS_VIRTUAL_HOSTING", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
TILED = ("TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE")
NO_DISTRIBUTION = "it is among requirements/tests.txt; make setup installs it"


@contextmanager
def process(folder: Path, *arguments: str) -> Iterator[int]:
    """Runs a server in the tests' Python until the block ends; yields its port, PORT among the arguments."""
    with reserved_port() as port, (folder / "server.log").open("wb") as log:
        words = [argument.replace("PORT", str(port)) for argument in arguments]
        server = subprocess.Popen([sys.executable, *words], cwd=folder, stdout=log, stderr=log)
        try:
            wait_for_port(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(300)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, scene: Scene) -> Path:
    """A folder with a raster larger than one request of GDAL's, and the scene's model."""
    folder = tmp_path_factory.mktemp("served")
    write_raster(folder / "scene.tif", random_pixels(3, 700, 600), no_data=-1.0, options=TILED)
    definition = {**scene.definition, "ModelFile": scene.network.name}
    (folder / "model.emd").write_text(json.dumps(definition), encoding="utf-8")
    (folder / scene.network.name).write_bytes(scene.network.read_bytes())
    return folder


@pytest.fixture(scope="module")
def http(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an http server that honours ranges."""
    if importlib.util.find_spec("RangeHTTPServer") is None:
        pytest.skip(f"rangehttpserver is not installed; {NO_DISTRIBUTION}")
    with process(served, "-m", "RangeHTTPServer", "PORT", "--bind", "127.0.0.1") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def bucket(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """GDAL's prefix of a bucket on an S3 server, with the served files in a folder of it."""
    with bucket_server(tmp_path_factory.mktemp("s3")) as (prefix, _):
        for path in served.iterdir():
            _upload(path, f"{prefix}/A/B/{path.name}")
        yield prefix


def _upload(path: Path, name: str) -> None:
    content = path.read_bytes()
    file = gdal.VSIFOpenL(name, "wb")
    assert file is not None
    assert gdal.VSIFWriteL(content, 1, len(content), file) == len(content)
    assert gdal.VSIFCloseL(file) == 0


def assert_same(value: Any, local: Path, cache: Path) -> None:
    """Compares a raster with its local file, window by window and from several threads."""
    source, expected = GdalSource(resolve_raster(value, cache)), GdalSource(GdalInput(str(local)))
    assert source.grid == expected.grid
    windows = [Window(x, y, 130, 90) for y in range(-20, 700, 180) for x in range(-30, 600, 150)]
    with ThreadPoolExecutor(3) as pool:
        for window, (pixels, valid) in zip(windows, pool.map(source.read, windows)):
            wanted, counts = expected.read(window)
            np.testing.assert_array_equal(pixels, wanted)
            np.testing.assert_array_equal(valid, counts)
    source.close()


@pytest.mark.parametrize("form", ["name", "uri", "store"])
def test_a_raster_in_a_bucket(
    form: str, bucket: str, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps({"cloud": bucket + "/A"}))
    name = f"{bucket}/A/B/scene.tif"
    values = {"name": name, "uri": {"uri": name}, "store": '{"uri": "/cloudStores/cloud/B/scene.tif"}'}
    assert_same(values[form], served / "scene.tif", tmp_path)


def test_a_model_in_a_bucket(bucket: str, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps({"cloud": bucket}))
    path = resolve_model({"uri": "/cloudStores/cloud/A/B/model.emd"}, tmp_path / "cache")
    assert open_model(read_model_reference(path), tmp_path).weights.read_bytes() == scene.network.read_bytes()


def test_a_raster_that_is_not_in_the_bucket_is_named(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(RasterUnreadableError, match="/A/none.tif"):
        GdalSource(resolve_raster(f"{bucket}/A/none.tif", tmp_path))


@pytest.mark.parametrize("form", ["text", "url", "uri", "vsicurl"])
def test_a_raster_on_an_http_server(form: str, http: str, served: Path, tmp_path: Path) -> None:
    address = http + "/scene.tif"
    values = {"text": address, "url": {"url": address}, "uri": {"uri": address}, "vsicurl": "/vsicurl/" + address}
    assert_same(values[form], served / "scene.tif", tmp_path)


def test_the_raster_is_read_in_ranges(http: str, served: Path, tmp_path: Path) -> None:
    gdal.VSICurlClearCache()
    source = GdalSource(resolve_raster(http + "/scene.tif", tmp_path))
    source.read(Window(100, 100, 20, 20))
    source.close()
    log = (served / "server.log").read_text(encoding="utf-8", errors="replace")
    assert '" 206 ' in log


def test_a_raster_that_the_server_has_not_is_named(http: str, tmp_path: Path) -> None:
    with pytest.raises(RasterUnreadableError, match=http + "/none.tif"):
        GdalSource(resolve_raster({"url": http + "/none.tif"}, tmp_path))


def test_a_model_on_an_http_server(http: str, scene: Scene, tmp_path: Path) -> None:
    path = resolve_model({"url": f"{http}/model.emd"}, tmp_path / "cache")
    assert open_model(read_model_reference(path), tmp_path).weights.read_bytes() == scene.network.read_bytes()


@needs_qgis_process
@pytest.mark.parametrize("place", ["bucket", "http", "url", "zip"])
def test_cloud_rasters_on_the_command_line(
    place: str, bucket: str, http: str, served: Path, scene: Scene, tmp_path: Path
) -> None:
    def classified(raster: str) -> np.ndarray:
        given = {"INPUT": raster, "MODEL": scene.model, "BAND_MAPPING": "1,2", "OUTPUT": "out.tif"}
        aws = {name: gdal.GetConfigOption(name) for name in AWS_NAMES}
        qgis_process("run", ALGORITHM, "--", *words(given), folder=tmp_path, **aws).assert_done()
        return gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()

    with zipfile.ZipFile(tmp_path / "scene.zip", "w") as archive:
        archive.write(served / "scene.tif", "scene.tif")
    names = {
        "bucket": f"{bucket}/A/B/scene.tif",
        "http": f"/vsicurl/{http}/scene.tif",
        "url": json.dumps({"url": f"{http}/scene.tif"}),
        "zip": f"/vsizip/{tmp_path}/scene.zip/scene.tif",
    }
    np.testing.assert_array_equal(classified(names[place]), classified(str(served / "scene.tif")))


class FlakyServer(LoopbackServer):
    """Serves one file, in ranges, after some failures."""

    def __init__(self, content: bytes, failures: list[Any]) -> None:
        super().__init__()
        self._content, self._failures = content, failures

    def answer(self, request: Request) -> Answer | None:
        if self._failures:
            return self._failures.pop(0)
        if "Range" not in request.headers:
            return Answer(self._content)
        first, last = request.headers["Range"].partition("=")[2].split("-")
        part = self._content[int(first) : int(last) + 1]
        span = f"bytes {first}-{int(first) + len(part) - 1}/{len(self._content)}"
        return Answer(part, 206, headers={"Content-Range": span})


@pytest.fixture
def patient_gdal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """GDAL's retries as in a run, but with shorter pauses."""
    monkeypatch.setitem(HTTP_OPTIONS, "GDAL_HTTP_RETRY_DELAY", "0.05")
    set_http_options()
    yield
    for name in HTTP_OPTIONS:
        gdal.SetThreadLocalConfigOption(name, None)


@pytest.mark.usefixtures("patient_gdal")
def test_gdal_asks_a_busy_server_again(served: Path, tmp_path: Path) -> None:
    content = (served / "scene.tif").read_bytes()
    with FlakyServer(content, [Answer(b"busy", 503)] * 2) as server:
        # GDAL blocks Python while it lists files, and with it this server: so without GdalSource.
        dataset = open_raster(resolve_raster(server.url + "/busy.tif", tmp_path).uri)
        found = dataset.ReadAsArray(0, 0, 70, 70)
        dataset = None
    np.testing.assert_array_equal(found, gdal.Open(str(served / "scene.tif")).ReadAsArray(0, 0, 70, 70))


@pytest.mark.usefixtures("patient_gdal")
def test_gdal_leaves_a_server_that_hangs(tmp_path: Path) -> None:
    gdal.SetThreadLocalConfigOption("GDAL_HTTP_LOW_SPEED_TIME", "1")
    with FlakyServer(b"", [None] * 50) as server:
        with pytest.raises(RasterUnreadableError, match="/hang.tif"):
            open_raster(resolve_raster(server.url + "/hang.tif", tmp_path).uri)
        server.released.set()


def test_what_the_user_told_gdal_stays() -> None:
    gdal.SetConfigOption("GDAL_HTTP_MAX_RETRY", "7")
    set_http_options()
    assert gdal.GetConfigOption("GDAL_HTTP_MAX_RETRY") == "7"
    assert gdal.GetConfigOption("GDAL_HTTP_LOW_SPEED_TIME") == "60"
    gdal.SetConfigOption("GDAL_HTTP_MAX_RETRY", None)
    for name in HTTP_OPTIONS:
        gdal.SetThreadLocalConfigOption(name, None)


# --- secrets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["{http}/scene.tif?token=s3cr3t", "{user}/scene.tif", "{http}/absent.tif?token=s3cr3t"]
)
@pytest.mark.parametrize("together", [False, True])
def test_no_secret_of_an_address_is_told_or_written(
    form: str, together: bool, http: str, scene: Scene, tmp_path: Path, run: Any
) -> None:
    address = "/vsicurl/" + form.format(http=http, user=http.replace("//", "//user:s3cr3t@"))
    value = ";".join([address, address]) if together else address
    log, output = Log(), tmp_path / "out" / "map.tif"
    output.parent.mkdir()
    try:
        run(log, INPUT=value, MODEL=str(scene.model), OUTPUT=str(output), PROCESS_ALL_RASTER_ITEMS=together)
    except QgsProcessingException as error:
        assert "absent" in form
        log.pushInfo(str(error))
    assert "s3cr3t" not in repr(vars(log))
    if output.is_file():
        assert gdal.Open(str(output)).GetMetadataItem("INPUT") == f"/vsicurl/{http}/scene.tif"
    for path in [each for each in output.parent.rglob("*") if each.is_file()]:
        assert b"s3cr3t" not in path.read_bytes(), path
        assert "s3cr3t" not in path.name
