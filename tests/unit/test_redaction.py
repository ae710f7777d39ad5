# SPDX-License-Identifier: GPL-2.0-or-later
"""What is shown or kept of a text that may hold secrets, and of one that may be HTML."""

from __future__ import annotations

import random
import time

import pytest

from classify_pixels.inference.errors import RasterUnreadableError
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.raster.collection.collection import item_name
from classify_pixels.inference.redaction import without_markup, without_secrets

S = "s3cr3t"
SECRETS = [
    f"/vsicurl/http://h/scene.tif?token={S}",
    f"/vsicurl/http://user:{S}@h:80/scene.tif",
    f"/vsicurl/http://[::1]:8080/a.tif?token={S}",
    f"/vsicurl?header.Authorization=Bearer%20{S}&url=http%3A%2F%2Fh%2Fscene.tif",
    f"/vsicurl?url=http%3A%2F%2Fu%3A{S}%40h%2Fscene.tif%3Fsig%3D{S}&header.X={S}",
    f"/vsizip/{{/vsicurl/http://h/a.zip?t={{z}}&token={S}}}/a.tif",
    f"vrt:///vsicurl/https://u:{S}@h/a.tif?token={S}&bands=1",
    f"http://user:p/{S}@h/x",
    f"https://{S}@h/x",
    f"http:\\/\\/h\\/a?token={S}",
    f"PG:host=h user=u password={S} dbname=d",
    f"PG:\"host=h password='{S} and \\' more {S}' dbname=d\"",
    f"PG:postgresql://u:{S}@h/db?password={S}",
    f"MSSQL:server=h;uid=u;pwd={S};database=d",
    f"MySQL:db,user=u,password={S},tables=a",
    f"mongodb://u:{S}@h:27017/db",
    f"geor:scott/{S}@db,t",
    f"geor:scott,{S},db,t",
    f"PLMOSAIC:api_key={S},mosaic=x",
    f"WMS:http://h/wms?SERVICE=WMS&token={S}",
    f'NETCDF:"http://h/x.nc?token={S}":var',
    f"<WCS_GDAL><ServiceURL>http://h/wcs?token={S}&amp;x=1</ServiceURL><UserPwd>u:{S}</UserPwd></WCS_GDAL>",
    f"<GDAL_WMS><Service><ServerUrl>http://u:{S}@h/?</ServerUrl></Service><Cookie>a={S}</Cookie></GDAL_WMS>",
    f'<VRTDataset><OpenOptions><OOI key="PASSWORD">{S}</OOI></OpenOptions></VRTDataset>',
    f"<HttpHeader>X-Key: {S}</HttpHeader>",
    f"contextualWMSLegend=0&password={S}&url=http%3A%2F%2Fh%2Fwms%3Ftoken%3D{S}&username=u",
    f"crs='EPSG:3857' url='http://h/ImageServer' token='{S}'",
    f"http-header:Authorization=Basic%20{S}&type=xyz",
    f'{{"url": "http://h", "serviceToken": "{S}"}}',
    f"{{'token': '{S}'}}",
    f"scene.tif?token={S}.{S}",
    f"scene.tif?sv=1&sig={S}%2F&x=1",
    f"HTTP error 404 on `http://h/x?token={S}': not found",
    f"Authorization: Bearer {S}",
    f"X-Api-Key: {S}",
    f"password='{S}",
]
PLAIN = [
    "/data/a b/scene (1).tif",
    "C:\\data\\x.tif",
    "\\\\server\\share\\x.tif",
    "vrt://a.tif?bands=3,2,1",
    'NETCDF:"a.nc":band1',
    'HDF5:"x.h5"://group/band',
    "/vsis3/bucket/x.tif",
    "http://127.0.0.1:8080/a/b@2x.tif",
    "/vsicurl/https://h/x/{z}/{x}/{y}.png",
    "Unexpected token: 'x' at 3",
    "Expecting value: line 1 column 2 (char 1)",
]


@pytest.mark.parametrize("text", SECRETS)
def test_no_form_of_a_secret_is_shown(text: str) -> None:
    assert S not in without_secrets(text)
    assert S not in str(RasterUnreadableError(raster=text, reason=f"`{text}' failed"))
    assert S not in GdalInput(text).name
    assert S not in item_name(GdalInput(text)) or "/" not in text


@pytest.mark.parametrize("text", PLAIN)
def test_a_name_without_secrets_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_what_a_place_is_stays_to_be_seen() -> None:
    assert without_secrets(SECRETS[3]) == "/vsicurl/http://h/scene.tif"
    assert without_secrets(f"PG:host=h password={S} dbname=d") == "PG:host=h password=*** dbname=d"


@pytest.mark.parametrize("text", SECRETS)
def test_what_is_shown_once_is_shown_so_again(text: str) -> None:
    shown = without_secrets(text)
    assert without_secrets(shown) == shown


def test_texts_made_to_take_long_take_no_time() -> None:
    pieces = ["a", "token", "http://", "http://a:b", "<token", "password='", "geor:", "odbc:a/", "bearer ", "token=x;"]
    dice = random.Random(1)
    texts = [piece * 4000 for piece in pieces]
    texts += ["".join(dice.choices(pieces, k=4000)) for _ in range(20)]
    started = time.thread_time()
    for text in texts:
        without_secrets(text)
    # Seconds of this thread alone; a pattern that goes back and forth would take hours.
    assert time.thread_time() - started < 30


@pytest.mark.parametrize(
    "text",
    ['<img src="http://h/x">', "< img src=x>", "</b>", "<!--", "<?x", "<IMG SRC=x", 'a<a href="x">', "<\nimg src=x>"],
)
def test_nothing_that_starts_an_element_is_left(text: str) -> None:
    assert "<" not in without_markup(text)


@pytest.mark.parametrize("text", ["Slope < 5 %", "a < b > c", "x <5", "Heath & moor", "5 > 3"])
def test_what_starts_none_stays(text: str) -> None:
    assert without_markup(text) == text
