# SPDX-License-Identifier: GPL-2.0-or-later
"""The job of a scene of a million pixels a side, without its pixels: begin, submission to Dask, and finish as a VRT.

    python -m benchmarks.cluster_plan FOLDER [SIDE]

prints seconds, and bytes beyond those of a small scene, as JSON. The network classifies nothing: tasks return at once,
and strips are files without pixels, with records.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from osgeo import gdal

import benchmarks.package  # noqa: F401
from benchmarks.engine import peak_memory
from benchmarks.models import SAMPLE
from benchmarks.scenes import BYTES
from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster import dask_executor
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.events import Event, Progressed
from classify_pixels.inference.models import read_model_reference
from classify_pixels.inference.raster import GdalInput, StripCounts
from classify_pixels.inference.run.job import StripJob
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import SharedStrips, manifest_digest
from classify_pixels.inference.run.resume.place import open_place
from classify_pixels.inference.run.resume.sealed_file import sealed
from classify_pixels.inference.run.resume.strip_record import StripRecord
from classify_pixels.inference.run.steps import begin, finish_as_vrt

BANDS, SIDE, SMALL = 6, 1_000_000, 4096
SILENT = SilentProgress()


def empty_scene(path: Path, side: int) -> Path:
    """Writes a VRT of this many pixels a side without a source."""
    bands = "".join(f'<VRTRasterBand dataType="Byte" band="{band}"/>' for band in range(1, BANDS + 1))
    place = "<SRS>EPSG:32633</SRS><GeoTransform>0,10,0,0,0,-10</GeoTransform>"
    size = f'rasterXSize="{side}" rasterYSize="{side}"'
    path.write_text(f"<VRTDataset {size}>{place}{bands}</VRTDataset>", encoding="utf-8")
    return path


def begun(folder: Path, side: int) -> tuple[StripJob, Path, float]:
    """Begins the job of a scene; returns it with its place and the seconds."""
    scene, place = empty_scene(folder / f"empty{side}.vrt", side), folder / f"place{side}"
    shutil.rmtree(place, ignore_errors=True)
    request = ClassificationRequest(
        GdalInput(str(scene)), read_model_reference(SAMPLE), folder / f"plan{side}.tif",
        environment=Environment(workers=1, cache=folder / "cache"), input_scale=(BYTES,),
    )  # fmt: skip
    started = time.perf_counter()
    return begin(request, place, SILENT), place, time.perf_counter() - started


class Growth(SilentProgress):
    """Keeps the peak memory after a tenth of the strips."""

    def __init__(self) -> None:
        self.tenth = 0

    def emit(self, event: Event) -> None:
        if isinstance(event, Progressed) and event.fraction >= 0.1 and not self.tenth:
            self.tenth = peak_memory()


def submitted(job: StripJob, place: Path) -> dict[str, float]:
    """Gives all strips to two workers, which do nothing; returns seconds and the growth of memory after a tenth."""
    from distributed import Client, LocalCluster

    def nothing() -> Any:
        def call(package: str, task: str, index: int) -> int:
            return index

        call.__module__ = "__main__"
        return call

    dask_executor.call_by_value = nothing
    growth, started = Growth(), time.perf_counter()
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **options) as cluster, Client(cluster.scheduler_address) as client:
        settings = ClusterSettings(cluster.scheduler_address)
        dask_executor.make_on_dask(client, settings, job, place, growth)
    return {"submit": time.perf_counter() - started, "submit_bytes": peak_memory() - growth.tenth}


def finished(job: StripJob, place: Path) -> float:
    """Finishes the job as a VRT of strips without pixels; returns the seconds."""
    classes = len(job.outputs().classes)
    counts = StripCounts((0,) * classes, (0,) * classes)
    store = SharedStrips(open_place(place), job.request.output)
    outputs, manifest = job.outputs(), manifest_digest(job.manifest)
    for strip in outputs.strips:
        form = outputs.form(strip.index)
        assert form is not None
        content = _without_pixels(form.file("classes"))
        digests = {"classes": hashlib.sha256(content).hexdigest()}
        record = StripRecord(manifest, strip.index, strip.window, digests, counts)
        store.place.write(f"{strip.index:06d}.classes.tif", content)
        store.place.write(f"{strip.index:06d}.strip.json", sealed(asdict(record))[0])
    started = time.perf_counter()
    finish_as_vrt(job, place)
    return time.perf_counter() - started


@cache
def _without_pixels(form: tuple[int, int, int, int]) -> bytes:
    """Returns a GeoTIFF of this width, height, number of bands and type, none of whose blocks is written."""
    name = "/vsimem/empty.tif"
    options = ["SPARSE_OK=TRUE", "TILED=YES", "BLOCKXSIZE=4096", "BLOCKYSIZE=4096"]
    dataset = gdal.GetDriverByName("GTiff").Create(name, *form, options)
    dataset = None  # noqa: F841  (closes the file)
    file = gdal.VSIFOpenL(name, "rb")
    content = bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
    gdal.VSIFCloseL(file)
    return content


def main(folder: Path, side: int) -> dict[str, float]:
    """Measures all steps."""
    folder.mkdir(parents=True, exist_ok=True)
    begun(folder, SMALL)
    small = peak_memory()
    job, place, seconds = begun(folder, side)
    found = {"strips": len(job.strips), "begin": seconds, "begin_bytes": peak_memory() - small}
    found.update(submitted(job, place))
    before = peak_memory()
    return {**found, "finish": finished(job, place), "finish_bytes": peak_memory() - before}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else SIDE)))
