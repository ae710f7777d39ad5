# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services and tiled maps on machines without QGIS: the same pixels, or a refusal before the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QBuffer, QIODevice
from qgis.PyQt.QtGui import QImage

from classify_pixels.inference.cluster.batch import finish_job, make_part
from classify_pixels.inference.errors import (
    AddressError,
    ImageServiceError,
    JobMismatchError,
    SignInMissingError,
    SignInSettingError,
    WebRasterNotPortableError,
)
from classify_pixels.inference.network import Machine
from classify_pixels.inference.progress import SILENT
from classify_pixels.inference.raster.web import SIGN_IN, WebInput, fetch, fetched, has_secret
from classify_pixels.inference.run.job_file import decoded, encoded
from classify_pixels.inference.run.steps import job_of
from classify_pixels.inference.tiling import StripSize
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.http import Access
from classify_pixels.plugin_support.sources.image_service import ImageService, ImageServiceSource
from classify_pixels.processing_provider.begin_job import begin_job

from ..servers import Answer, ImageServiceServer, LoopbackServer, TileServer
from ..servers.loopback import Request
from ..servers.tiles import CELL, TILE
from .scenes import Scene
from .web_maps import open_map, world_grid, world_pixels

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_QGIS = "raise ImportError('this machine has no QGIS')"

pytestmark = pytest.mark.usefixtures("plugin")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGN_IN, raising=False)
    for module in (network, fetch):
        monkeypatch.setattr(module, "PAUSES", (0.01, 0.02, 0.04))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(cache=tmp_path / "cache")


@pytest.fixture
def service(scene: Scene) -> Iterator[ImageServiceServer]:
    with ImageServiceServer(scene.raster, largest=40) as server:
        yield server


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    with TileServer(world_pixels()) as server:
        yield server


def travelled(source: Any) -> Any:
    """Returns the source of another process: opened from the text of a job."""
    assert isinstance(source.described, WebInput), source.described
    return decoded(json.loads(json.dumps(encoded(source.described)))).open()


def assert_reads_alike(source: Any, window: Window) -> None:
    other = travelled(source)
    assert (other.name, other.grid, other.bands) == (source.name, source.grid, source.bands)
    for found, expected in zip(other.read_bands(window), source.read_bands(window)):
        np.testing.assert_array_equal(found, expected)
    other.close()
    source.close()


RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "none": (),
    "bands": (("bandIds", "1"),),
    "NoData": (("noData", "7"),),
    "function": (("renderingRule", '{"rasterFunction": "Difference"}'),),
    "type": (("pixelType", "F32"),),
}


@pytest.mark.parametrize("rules", RULES)
def test_a_service_has_the_same_pixels_without_qgis(rules: str, service: ImageServiceServer) -> None:
    source = ImageServiceSource(ImageService(service.service, rules=RULES[rules]))
    assert_reads_alike(source, Window(-5, -3, 120, 97))


def test_a_raster_of_a_catalog_has_the_same_pixels_without_qgis(service: ImageServiceServer) -> None:
    lock = (("mosaicRule", '{"mosaicMethod": "esriMosaicLockRaster", "lockRasterIds": [1]}'),)
    source = ImageServiceSource(ImageService(service.service, rules=lock, raster=1))
    assert_reads_alike(source, Window(10, 20, 50, 40))


def test_tiles_have_the_same_pixels_without_qgis(tiles: TileServer) -> None:
    tiles.missing = ((1, 1),)
    assert_reads_alike(open_map(tiles.xyz, Window(200, 200, 500, 500)), Window(180, 190, 600, 600))
    cached = open_map(tiles.map_tiles, Window(200, 200, 500, 500), provider="arcgismapserver")
    assert_reads_alike(cached, Window(180, 190, 600, 600))


class Pictures(LoopbackServer):
    """One image for every tile."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def answer(self, _: Request) -> Answer:
        return Answer(self._content, kind="image/png")

    @property
    def xyz(self) -> str:
        return f"type=xyz&zmin=3&zmax=3&url={self.url}/%7Bz%7D/%7Bx%7D/%7By%7D.png"


def picture(form: str, kind: str, size: int = TILE) -> bytes:
    """Returns noise as an image of a QImage format."""
    noise = np.random.default_rng(2).integers(0, 256, (size, size, 4), np.uint8)
    image = QImage(noise.tobytes(), size, size, QImage.Format.Format_ARGB32)
    image = image.convertToFormat(getattr(QImage.Format, f"Format_{form}"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind, 80)
    return bytes(buffer.data())


@pytest.mark.parametrize(
    ("form", "kind"),
    [("ARGB32", "PNG"), ("RGB32", "PNG"), ("Indexed8", "PNG"), ("Grayscale8", "PNG"), ("RGB32", "JPG"),
     ("Grayscale8", "JPG"), ("RGB32", "BMP")],
)  # fmt: skip
def test_each_kind_of_image_is_decoded_alike(form: str, kind: str) -> None:
    with Pictures(picture(form, kind)) as server:
        assert_reads_alike(open_map(server.xyz, Window(0, 0, 9, 9)), Window(0, 0, 300, 200))


@pytest.mark.parametrize("content", [b"<svg/>", b"text"])
def test_what_is_no_image_is_an_error(content: bytes) -> None:
    with Pictures(content) as server:
        source = travelled(_unchecked(QgsRasterLayer(server.xyz, "web map", "wms")))
        with pytest.raises(AddressError, match="not an image"):
            source.read_bands(Window(0, 0, 10, 10))


def _unchecked(layer: QgsRasterLayer) -> Any:
    from classify_pixels.plugin_support.sources.tiled_map import xyz_tiles
    from classify_pixels.plugin_support.sources.tiled_map_source import TiledMapSource

    tiled = xyz_tiles(layer.source())
    assert tiled is not None
    return TiledMapSource(tiled, tiled.levels[0], "", "web map")


def test_an_image_of_another_size_is_an_error() -> None:
    with Pictures(picture("RGB32", "PNG", 128)) as server:
        source = travelled(_unchecked(QgsRasterLayer(server.xyz, "web map", "wms")))
        with pytest.raises(AddressError, match="128 x 128"):
            source.read_bands(Window(0, 0, 10, 10))


def parameters(scene: Scene, **more: Any) -> dict[str, Any]:
    return {"MODEL": str(scene.model), "MODEL_ARGUMENTS": "tile_size 32;padding 4", **more}


@pytest.mark.parametrize("kind", ["service", "tiles"])
def test_programs_without_qgis_make_the_files_of_one_machine(
    kind: str, run: Any, scene: Scene, service: ImageServiceServer, tiles: TileServer, tmp_path: Path
) -> None:
    (tmp_path / "bare" / "qgis").mkdir(parents=True)
    (tmp_path / "bare" / "qgis" / "__init__.py").write_text(WITHOUT_QGIS, encoding="utf-8")
    if kind == "service":
        given = parameters(scene, INPUT=service.service)
    else:
        xmin, ymin, xmax, ymax = world_grid(Window(300, 310, 100, 90)).bounds
        extent = f"{xmin},{xmax},{ymin},{ymax} [EPSG:3857]"
        given = parameters(scene, INPUT=f"wms://{tiles.xyz}", EXTENT=extent, CELL_SIZE=repr(CELL), BAND_MAPPING="1,2")
    once, output, place = tmp_path / "once.tif", tmp_path / "map.tif", tmp_path / "place"
    run(**given, OUTPUT=str(once))
    begin_job(given, place, StripSize(32, 32), SILENT)
    environment = {
        **os.environ, "PYTHONPATH": str(tmp_path / "bare"), "CLASSIFY_PIXELS_CACHE": str(tmp_path / "cache")
    }  # fmt: skip
    part = ["--of", "2", "--part"]
    for words in (["work", place, *part, "0"], ["work", place, *part, "1"], ["finish", place, output]):
        command = [sys.executable, str(ROOT / "scripts" / "cluster"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
        assert done.returncode == 0, done.stderr
    for suffix in ("", ".aux.xml"):
        assert Path(f"{output}{suffix}").read_bytes() == Path(f"{once}{suffix}").read_bytes()


def test_another_run_takes_over_no_strips(
    scene: Scene, service: ImageServiceServer, machine: Machine, tmp_path: Path
) -> None:
    """The content of a service may change unnoticed."""
    given, place = parameters(scene, INPUT=service.service), tmp_path / "place"
    first = begin_job(given, place, StripSize(32, 32), SILENT)
    make_part(place, 0, 1, machine, SILENT)
    again = begin_job(given, place, StripSize(32, 32), SILENT)
    assert first.manifest.request_key != again.manifest.request_key
    assert not [*place.glob("*.strip.json")]


@pytest.mark.parametrize("changes", [{"noDataValues": [3, 4]}, {"pixelSizeX": 5.0}, {"bandCount": 1}])
def test_a_service_that_changed_is_named(
    changes: dict[str, Any], scene: Scene, service: ImageServiceServer, machine: Machine, tmp_path: Path
) -> None:
    begin_job(parameters(scene, INPUT=service.service), tmp_path / "place", StripSize(32, 32), SILENT)
    service.changes = changes
    with pytest.raises(ImageServiceError, match="changed"):
        make_part(tmp_path / "place", 0, 1, machine, SILENT)
    assert not [*(tmp_path / "place").glob("*.strip.json")]


def test_another_address_in_the_job_is_refused(
    scene: Scene, service: ImageServiceServer, machine: Machine, tmp_path: Path
) -> None:
    from tests.sealed_files import read_sealed, write_sealed

    place = tmp_path / "place"
    begin_job(parameters(scene, INPUT=service.service), place, StripSize(32, 32), SILENT)
    with ImageServiceServer(scene.raster, largest=40) as other:
        document, _ = read_sealed(place / "job.json")
        write_sealed(place / "job.json", json.loads(json.dumps(document).replace(service.url, other.url)))
        assert job_of(place).request.raster.url == other.service  # type: ignore[union-attr]
        with pytest.raises(JobMismatchError):
            make_part(place, 0, 1, machine, SILENT)


def test_a_service_that_is_busy_is_asked_again(
    scene: Scene, service: ImageServiceServer, machine: Machine, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    begin_job(parameters(scene, INPUT=service.service), place, StripSize(32, 32), SILENT)
    service._failures += [Answer(b"busy", 503), Answer.json({"error": {"code": 503, "message": "busy"}})]
    make_part(place, 0, 1, machine, SILENT)
    finish_job(place, str(tmp_path / "map.tif"), "", SILENT, machine)
    begin_job(parameters(scene, INPUT=service.service), place, StripSize(32, 32), SILENT)
    service._failures += [Answer(b"busy", 503)] * 9
    with pytest.raises(AddressError, match="4 tries"):
        make_part(place, 0, 1, machine, SILENT)


# --- refusals and sign-in ------------------------------------------------------------------------------------


class SignedIn(ImageServiceServer):
    """A service that wants a header."""

    def answer(self, request: Request) -> Answer | None:
        if request.headers.get("Authorization") != "Bearer abc":
            return Answer(b"", 401)
        return super().answer(request)


def opened(server: ImageServiceServer) -> ImageServiceSource:
    return ImageServiceSource(ImageService(server.service, Access(headers=(("Authorization", "Bearer abc"),))))


def test_a_sign_in_of_qgis_does_not_travel(scene: Scene) -> None:
    with SignedIn(scene.raster) as server:
        assert SIGN_IN in str(opened(server).described)


def test_other_machines_sign_in_by_their_environment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with SignedIn(scene.raster) as server:
        monkeypatch.setenv(SIGN_IN, json.dumps({server.url: "Authorization: Bearer abc"}))
        source = opened(server)
        assert "abc" not in json.dumps(encoded(source.described))
        assert_reads_alike(source, Window(0, 0, 40, 40))
        monkeypatch.setenv(SIGN_IN, json.dumps({server.url: "Authorization: Bearer other"}))
        with pytest.raises(AddressError, match="401"):
            travelled(source)
        count = len(server.requests)
        monkeypatch.setenv(SIGN_IN, json.dumps({"https://other.example": "Authorization: Bearer abc"}))
        with pytest.raises(SignInMissingError, match=server.url):
            travelled(source)
        assert len(server.requests) == count


def test_a_sign_in_goes_to_its_own_server_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Redirecting(LoopbackServer):
        target = ""

        def answer(self, _: Request) -> Answer:
            found = {"Location": f"{self.target}/file"}
            return Answer(status=302, headers=found) if self.target else Answer(b"content")

    with Redirecting() as first, Redirecting() as second:
        first.target = second.url
        monkeypatch.setenv(SIGN_IN, json.dumps(dict.fromkeys((first.url, second.url), "Authorization: Bearer abc")))
        assert fetched(f"{first.url}/file", {}, 100, signed_in=True) == b"content"
        assert [request.headers.get("Authorization") for request in first.requests] == ["Bearer abc"]
        assert [request.headers.get("Authorization") for request in second.requests] == [None]
        assert fetched(f"{second.url}/file", {}, 100) == b"content"
        assert second.requests[-1].headers.get("Authorization") is None
        first.target = "file:///etc/passwd?"
        with pytest.raises(AddressError, match="insecure"):
            fetched(f"{first.url}/file", {}, 100)
        second.target = second.url
        with pytest.raises(AddressError, match="too often"):
            fetched(f"{second.url}/file", {}, 100)


@pytest.mark.parametrize("text", ["[]", "{", '{"https://a": 1}', '{"http://a": "X: y\\r\\nZ: w"}', '{"http://a": "X"}'])
def test_a_sign_in_that_cannot_be_read_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIGN_IN, text)
    with pytest.raises(SignInSettingError):
        fetched("http://a/file", {}, 100, signed_in=True)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a/b", "/etc/passwd", "data:,x", "http://[a/b"])
def test_other_addresses_are_not_opened(address: str) -> None:
    with pytest.raises(AddressError):
        fetched(address, {}, 100)


def test_a_response_without_end_is_left() -> None:
    class Endless(LoopbackServer):
        def answer(self, _: Request) -> Answer:
            return Answer(b"x" * 65536, endless=True)

    with Endless() as server, pytest.raises(AddressError, match="larger"):
        fetched(server.url, {}, 2**20)


def test_keys_in_addresses_are_found() -> None:
    for address in ("https://a/{z}?api_key=1", "https://a/{z}?token=abc", "https://me:secret@a/{z}", "http://[a/b?x=1"):
        assert has_secret(address)
    for address in ("https://a/{z}/{x}/{y}.png", "https://a/b?layer=key", "https://a/{q}?style=x&v=3"):
        assert not has_secret(address)


@pytest.mark.parametrize("kind", ["wms", "key", "signed in"])
def test_what_only_qgis_reads_is_refused_before_the_run(
    kind: str, scene: Scene, tiles: TileServer, tmp_path: Path
) -> None:
    uri = {"wms": tiles.wms, "key": f"{tiles.xyz}%3Fapi_key%3D1", "signed in": f"{tiles.xyz}&username=me&password=x"}
    xmin, ymin, xmax, ymax = world_grid(Window(300, 310, 100, 90)).bounds
    place = {"EXTENT": f"{xmin},{xmax},{ymin},{ymax} [EPSG:3857]", "CELL_SIZE": repr(CELL), "BAND_MAPPING": "1,2"}
    words = {"wms": "requested by QGIS", "key": "contains a key", "signed in": SIGN_IN}[kind]
    with pytest.raises(WebRasterNotPortableError, match=words):
        begin_job(parameters(scene, INPUT=f"wms://{uri[kind]}", **place), tmp_path / "place", None, SILENT)
    assert not (tmp_path / "place").exists()


def test_a_mask_of_a_service_is_read_by_other_machines(
    run: Any, scene: Scene, service: ImageServiceServer, machine: Machine, tmp_path: Path
) -> None:
    given = parameters(scene, INPUT=str(scene.raster), MASK=service.service)
    once, output, place = tmp_path / "once.tif", tmp_path / "map.tif", tmp_path / "place"
    run(**given, OUTPUT=str(once))
    begin_job(given, place, StripSize(32, 32), SILENT)
    make_part(place, 0, 1, machine, SILENT)
    finish_job(place, str(output), "", SILENT, machine)
    assert output.read_bytes() == once.read_bytes()
