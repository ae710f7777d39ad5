# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the pictures of the service's pages in the guide: a service of the sample, in a headless Chromium.

    python scripts/service_screenshots.py

Each picture is reduced to its 256 most frequent colours and written into docs/images.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers.browser import PROGRAM, Browser, browser  # noqa: E402

IMAGES, COLOURS = ROOT / "docs" / "images", 256
TASK = "/arcgis/rest/services/System/RasterAnalysisTools/GPServer/ClassifyPixelsUsingDeepLearning"
RASTER, MODEL = "/rasterStores/sample/landsat7_olinda.tif", "/fileShares/sample/landsat7_landcover.dlpk"
WIDTH, FORM, LIST, JOB = 860, 880, 450, 900
TEXT = "document.body.innerText"


def main() -> int:
    """Takes the pictures and writes them."""
    if PROGRAM is None:
        print("No Chromium is installed.", file=sys.stderr)
        return 1
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        service = start(folder, address)
        try:
            with browser(folder / "profile", WIDTH, JOB) as window:
                take(window, address, folder)
        finally:
            service.terminate()
            service.wait()
    return 0


def start(folder: Path, address: str) -> subprocess.Popen[str]:
    """Starts a service of the sample; returns once it answers."""
    command = [sys.executable, str(ROOT / "scripts" / "serve"), "--jobs", str(folder / "jobs")]
    command += ["--stores", str(ROOT / "service" / "sample_stores.json"), "--port", address.rpartition(":")[2]]
    command += ["--address", "https://maps.example.org"]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert service.stdout is not None
    service.stdout.readline()
    return service


def take(window: Browser, address: str, folder: Path) -> None:
    """Takes the form, the list of jobs in several states, and the page of a job."""
    context = '{"cellSize": 30}'
    given = {"inputRaster": RASTER, "outputClassifiedRaster": "olinda", "model": MODEL, "context": context}
    window.resize(WIDTH, FORM)
    window.open(f"{address}{TASK}?{urlencode(given)}")
    save(window, "service-form", folder)
    submit(address, **{**given, "outputClassifiedRaster": "recife", "inputRaster": "/rasterStores/sample/recife.tif"})
    done = submit(address, **given)
    path = f"{address}{TASK}/jobs/{done}"
    window.open(path)
    window.wait(f"{TEXT}.includes('State: succeeded')")
    submit(address, **{**given, "outputClassifiedRaster": "olinda_5m", "context": '{"cellSize": 5}'})
    window.resize(WIDTH, LIST)
    window.open(f"{address}{TASK}/jobs")
    window.wait(f"/[1-9]\\d %/.test({TEXT}.replace('100 %', ''))")
    save(window, "service-jobs", folder)
    window.resize(WIDTH, JOB)
    window.open(path)
    window.wait("document.images[0].complete")
    save(window, "service-job", folder)


def submit(address: str, **inputs: str) -> str:
    """Submits a job; returns its id."""
    data = urlencode({**inputs, "f": "json"}).encode()
    with urllib.request.urlopen(f"{address}{TASK}/submitJob", data) as answer:
        job = str(json.load(answer)["jobId"])
    # The list has the time of submission in seconds.
    time.sleep(1)
    return job


def save(window: Browser, name: str, folder: Path) -> None:
    """Writes what the window shows into docs/images."""
    window.picture(folder / f"{name}.png", whole=False)
    target = IMAGES / f"{name}.png"
    write_small(folder / f"{name}.png", target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1000:.0f} kB")


def write_small(source: Path, target: Path) -> None:
    """Writes a picture with its own palette; other colours become the nearest ones of it."""
    pixels = gdal.Open(str(source)).ReadAsArray()[:3]
    colours, inverse, counts = np.unique(pixels.reshape(3, -1), axis=1, return_inverse=True, return_counts=True)
    kept = colours[:, np.argsort(-counts, kind="stable")[:COLOURS]].astype(int)
    nearest = ((colours[:, :, None] - kept[:, None]) ** 2).sum(axis=0).argmin(axis=1)
    palette = gdal.ColorTable()
    for number, colour in enumerate(kept.T.tolist()):
        palette.SetColorEntry(number, tuple(colour))
    height, width = pixels.shape[1:]
    reduced = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    reduced.GetRasterBand(1).SetColorTable(palette)
    reduced.GetRasterBand(1).WriteArray(nearest[inverse].reshape(height, width).astype(np.uint8))
    gdal.GetDriverByName("PNG").CreateCopy(str(target), reduced, options=["ZLEVEL=9"])
    target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
