# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services, read through exportImage from a service that uses GDAL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import AddressError, ImageServiceError
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.http import Access, get_bytes, get_json
from classify_pixels.plugin_support.sources.image_service import ImageService, ImageServiceSource

from ..servers import Answer, Failures, ImageServiceServer
from ..servers.ports import reserved_port
from ..unit.rasters import write_raster

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")

WIDTH, HEIGHT = 150, 110
ESRI_BUSY = Answer.json({"error": {"code": 503, "message": "Busy"}})


def pixels_of(kind: str, bands: int = 3) -> np.ndarray:
    random = np.random.default_rng(7)
    if kind.startswith("float"):
        return random.normal(size=(bands, HEIGHT, WIDTH)).astype(kind)
    info = np.iinfo(kind)
    return random.integers(info.min, info.max, (bands, HEIGHT, WIDTH), kind, endpoint=True)


def assert_equal_reads(source: Any, expected: Any, window: Window) -> None:
    for found, wanted in zip(source.read(window), expected.read(window)):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_pixels_of_every_type_are_those_that_gdal_reads(kind: str, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of(kind))
    expected = GdalSource(GdalInput(str(raster)))
    with ImageServiceServer(raster) as server:
        source = ImageServiceSource(ImageService(server.service))
        for window in (
            source.grid.window,
            Window(60, 50, 9, 30),
            Window(-7, -5, 40, 20),
            Window(140, 100, 64, 64),
        ):
            assert_equal_reads(source, expected, window)
        assert_equal_reads(source, expected, Window(1000, 1000, 8, 8))


def test_the_grid_and_the_bands_are_the_services_own(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    expected = GdalSource(GdalInput(str(raster)))
    with ImageServiceServer(raster) as server:
        server.changes = {"bandNames": ["Red", "Green", "NIR"]}
        source = ImageServiceSource(ImageService(server.service))
        assert (source.grid.width, source.grid.height) == (WIDTH, HEIGHT)
        assert source.grid.transform == expected.grid.transform
        assert "32633" in source.grid.crs
        assert [band.name for band in source.bands] == ["Red", "Green", "NIR"]
        assert source.files == ()
        assert source.name == server.service


def test_no_request_is_larger_than_the_service_allows(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    with ImageServiceServer(raster, largest=40) as server:
        ImageServiceSource(ImageService(server.service)).read(Window(0, 0, WIDTH, HEIGHT))
        sizes = [tuple(map(int, query["size"].split(","))) for query in server.exports]
    assert len(sizes) == 4 * 3
    assert max(max(size) for size in sizes) == 40
    assert sum(width * height for width, height in sizes) == WIDTH * HEIGHT


def test_only_the_selected_bands_are_asked_for_in_their_order(tmp_path: Path) -> None:
    pixels = pixels_of("uint16", bands=5)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    with ImageServiceServer(raster) as server:
        source = ImageServiceSource(ImageService(server.service))
        source.select([Channel(4, 0.5, 1.0), Channel(2)])
        found, valid = source.read(Window(3, 4, 20, 10))
        assert server.exports[0]["bandIds"] == "3,1"
    np.testing.assert_array_equal(found[0], pixels[3, 4:14, 3:23] * np.float32(0.5) + 1)
    np.testing.assert_array_equal(found[1], pixels[1, 4:14, 3:23])
    assert valid.all()


@pytest.mark.parametrize(("kind", "no_data"), [("uint8", 0), ("int16", -9999), ("float32", -3.4028234663852886e38)])
def test_no_data_is_honoured(kind: str, no_data: float, tmp_path: Path) -> None:
    pixels = pixels_of(kind)
    pixels[:, 20:70, 30:90] = no_data
    pixels[1, 80:90, 10:40] = no_data
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=no_data)
    expected = GdalSource(GdalInput(str(raster)))
    with ImageServiceServer(raster) as server:
        source = ImageServiceSource(ImageService(server.service))
        assert_equal_reads(source, expected, source.grid.window)
        assert not source.read(Window(30, 20, 60, 50))[1].any()


def test_the_mask_of_the_image_is_honoured(tmp_path: Path) -> None:
    mask = np.ones((HEIGHT, WIDTH), bool)
    mask[10:60, 20:50] = False
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"), mask=mask)
    with ImageServiceServer(raster) as server:
        source = ImageServiceSource(ImageService(server.service))
        np.testing.assert_array_equal(source.read(source.grid.window)[1], mask)


def test_threads_read_what_one_thread_reads(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint16"))
    windows = [Window(x, y, 50, 40) for y in range(-10, 110, 30) for x in range(-10, 150, 40)]
    with ImageServiceServer(raster) as server:
        source = ImageServiceSource(ImageService(server.service))
        alone = [source.read(window) for window in windows]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(source.read, windows))
    for one, other in zip(alone, together):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_nothing_stays_in_gdals_memory(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    with ImageServiceServer(raster) as server:
        ImageServiceSource(ImageService(server.service)).read(Window(0, 0, 60, 60))
    assert not gdal.ReadDir("/vsimem/classify_pixels")


def test_the_token_and_the_rules_are_passed_on_and_the_token_is_never_shown(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    with ImageServiceServer(raster, token="secret+1/=") as server:
        rules = (("mosaicRule", '{"mosaicMethod": "esriMosaicNorthwest"}'),)
        service = ImageService(server.service, Access(token="secret+1/="), rules)
        ImageServiceSource(service).read(Window(0, 0, 10, 10))
        assert server.exports[0]["mosaicRule"] == rules[0][1]
        with pytest.raises(AddressError) as error:
            ImageServiceSource(ImageService(server.service, Access(token="wrong-one")))
        assert "Invalid token. (498)" in str(error.value)
        assert server.service in str(error.value)
        assert "wrong-one" not in str(error.value)


def test_an_authentication_configuration_signs_in(plugin: Any) -> None:
    from qgis.core import QgsApplication, QgsAuthMethodConfig

    manager = QgsApplication.authManager()
    if not manager.setMasterPassword("password of the test", True):
        pytest.skip("QGIS's authentication database is not usable here")
    configuration = QgsAuthMethodConfig("Basic")
    configuration.setName("test")
    configuration.setConfig("username", "user")
    configuration.setConfig("password", "word")
    manager.storeAuthenticationConfig(configuration)
    with Failures([Answer.json({"fine": True})]) as server:
        assert get_json(server.url, {}, Access(authcfg=configuration.id())) == {"fine": True}
        assert server.requests[0].headers["Authorization"] == "Basic dXNlcjp3b3Jk"
        with pytest.raises(AddressError, match="authentication configuration nothere cannot be used"):
            get_json(server.url, {}, Access(authcfg="nothere"))


@pytest.mark.parametrize("failure", [Answer(b"busy", 503), Answer(b"slow down", 429), ESRI_BUSY])
def test_a_service_that_is_busy_twice_is_asked_again(failure: Answer, tmp_path: Path) -> None:
    pixels = pixels_of("uint8")
    raster = write_raster(tmp_path / "scene.tif", pixels)
    with ImageServiceServer(raster, failures=[failure, failure]) as server:
        found, valid = ImageServiceSource(ImageService(server.service)).read(Window(5, 6, 30, 20))
        assert len(server.exports) == 3
    np.testing.assert_array_equal(found, pixels[:, 6:26, 5:35])
    assert valid.all()


def test_a_service_that_stays_busy_is_named() -> None:
    with Failures([Answer(b"", 503)]) as server, pytest.raises(AddressError) as error:
        get_bytes(server.url + "/image?token=secret", {})
    assert f"{server.url}/image could not be read: it returned 503 Service Unavailable (4 tries)" in str(error.value)
    assert len(server.requests) == 4


def test_a_missing_page_is_named_at_once() -> None:
    with Failures([Answer(b"no", 404)]) as server, pytest.raises(AddressError, match="it returned 404"):
        get_bytes(server.url + "/image", {})
    assert len(server.requests) == 1


def test_a_server_that_hangs_is_left_and_named() -> None:
    with (
        Failures([None]) as server,
        pytest.raises(AddressError, match="it did not respond within 0.2 seconds"),
    ):
        get_bytes(server.url, {}, timeout=0.2)


def test_a_server_that_is_not_there_is_named() -> None:
    with reserved_port() as port, pytest.raises(AddressError, match=f"127.0.0.1:{port}"):
        get_bytes(f"http://127.0.0.1:{port}", {})


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "http://", "scene.tif"])
def test_what_is_no_http_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match="not an HTTP address"):
        get_bytes(address, {})


def test_a_page_that_asks_for_a_password_is_an_error_in_every_thread() -> None:
    """QGIS's manager would wait for a dialog of the main thread, which waits for the reader."""
    caught: list[Exception] = []

    def fetch() -> None:
        try:
            get_bytes(server.url, {})
        except AddressError as error:
            caught.append(error)

    with Failures([Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})]) as server:
        thread = threading.Thread(target=fetch, daemon=True)
        thread.start()
        thread.join(300)
        assert not thread.is_alive()
    assert "401" in str(caught[0])


def test_a_redirect_is_followed_without_the_sign_in_of_another_host() -> None:
    with Failures([Answer(b"content")]) as other:
        redirect = Answer(b"moved", 302, headers={"Location": other.url + "/data"})
        with Failures([redirect]) as server:
            assert get_bytes(server.url, {}, Access(token="secret")) == b"content"
        assert other.requests[0].query == {}
        assert "Authorization" not in other.requests[0].headers


def test_a_circle_of_redirects_ends() -> None:
    circle = Answer(status=302, headers={"Location": "/again"})
    with Failures([circle]) as server, pytest.raises(AddressError, match="redirects too often"):
        get_bytes(server.url, {})


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html>", "not JSON"), (b"[1]", "not a JSON object"), (b'{"error": {"code": 400}}', "(400)")],
)
def test_an_answer_that_is_no_description_is_named(body: bytes, reason: str) -> None:
    with Failures([Answer(body)]) as server, pytest.raises(AddressError) as error:
        ImageServiceSource(ImageService(server.url))
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pixelType": "C64"}, "its pixel type C64 cannot be read"),
        ({"extent": None}, "it has no extent"),
        ({"pixelSizeX": 0}, "pixel size is invalid"),
        ({"pixelSizeY": "?"}, "pixel size is invalid"),
        ({"pixelSizeX": 1e9}, "its size is 0 x"),
        ({"bandCount": None}, "its bandCount is None"),
    ],
)
def test_a_description_that_lacks_something_says_what(changes: Any, reason: str, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    with ImageServiceServer(raster) as server:
        server.changes = changes
        with pytest.raises(ImageServiceError) as error:
            ImageServiceSource(ImageService(server.service))
    assert reason in str(error.value)


def test_an_answer_that_is_no_tiff_is_named(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    with ImageServiceServer(raster, failures=[Answer(b"<html>")]) as server:
        source = ImageServiceSource(ImageService(server.service))
        with pytest.raises(ImageServiceError, match="its response is not a TIFF"):
            source.read(Window(0, 0, 5, 5))


def test_an_image_of_another_size_is_refused(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", pixels_of("uint8"))
    small = write_raster(tmp_path / "small.tif", pixels_of("uint8")[:, :4, :4])
    with ImageServiceServer(raster, failures=[Answer(small.read_bytes())]) as server:
        source = ImageServiceSource(ImageService(server.service))
        with pytest.raises(ImageServiceError, match="it returned 4 x 4 and 3 instead of 5 x 5 cells and 3 bands"):
            source.read(Window(0, 0, 5, 5))
