# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the pictures of the service's pages in the guide: a service of the sample, in a headless Chromium.

    python scripts/service_screenshots.py

Each picture is reduced to 256 colours and written into docs/images.
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

from osgeo import gdal
from screenshots import IMAGES, ROOT, write_small

from tests.servers.browser import PROGRAM, Browser, browser

TASK = "/arcgis/rest/services/System/RasterAnalysisTools/GPServer/ClassifyPixelsUsingDeepLearning"
RASTER, MODEL = "/rasterStores/sample/landsat7_olinda.tif", "/fileShares/sample/landsat7_landcover.dlpk"
WIDTH, FORM, LIST, JOB = 760, 640, 330, 900
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


if __name__ == "__main__":
    sys.exit(main())
