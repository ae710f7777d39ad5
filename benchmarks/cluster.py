# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU seconds of a Dask driver, its scheduler and two workers against a process with two workers.

    python -m benchmarks.cluster [FOLDER] [--size 4096] [--strip 400]

Both start as programs of their own, and what they load is counted. The second finding is the begin of a scene of a
million pixels a side, in seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.command import main
from benchmarks.measure import Finding, NotMeasuredError, Target, compare
from benchmarks.models import SAMPLE
from benchmarks.package import ROOT
from benchmarks.scenes import BYTES, make_scene

BANDS, SIDE = 6, 1_000_000

ONE = """
import sys
import benchmarks.package
from benchmarks.engine import classify
from pathlib import Path
raster, model, output, scale, _ = sys.argv[1:]
classify(Path(raster), Path(model), Path(output), 2, float(scale))
"""
CLUSTER = """
import sys
import benchmarks.package
from pathlib import Path
from distributed import LocalCluster
from benchmarks.cluster import request_of
from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster.dask_executor import classify_on_dask
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.tiling import StripSize
if __name__ == "__main__":
    raster, model, output, scale, strip = sys.argv[1:]
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **options) as cluster:
        settings = ClusterSettings(cluster.scheduler_address)
        request = request_of(Path(raster), Path(model), Path(output), float(scale))
        classify_on_dask(request, settings, SilentProgress(), StripSize(int(strip), int(strip)))
"""


def measure(folder: Path, size: int = 4096, strip: int = 400) -> Iterator[Finding]:
    """Compares both, and begins the job of a million pixels a side."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise NotMeasuredError("the package distributed is not installed") from error
    scene = make_scene(folder / f"scene{size}x{BANDS}.tif", size, BANDS)

    def run(program: str) -> float:
        given = [str(scene), str(SAMPLE), str(folder / "cluster.tif"), str(BYTES), str(strip)]
        path = folder / "cluster_program.py"
        path.write_text(program, encoding="utf-8")
        before = os.times()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        subprocess.run([sys.executable, str(path), *given], check=True, cwd=ROOT, env=environment)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    subject = f"the sample's U-Net on {size} x {size} pixels, CPU seconds on Dask with two workers against one process"
    yield compare(subject, lambda: run(CLUSTER), lambda: run(ONE), Target(1.1))
    yield _begin(folder)


def request_of(raster: Path, model: Path, output: Path, scale: float):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Returns the request that both ways classify."""
    from classify_pixels.inference import ClassificationRequest, Environment
    from classify_pixels.inference.models import read_model_reference
    from classify_pixels.inference.raster import GdalInput

    environment = Environment(workers=1, cache=output.parent / "cache")
    request = ClassificationRequest(
        GdalInput(str(raster)), read_model_reference(model), output, environment=environment
    )
    return replace(request, input_scale=(scale,))


def _begin(folder: Path) -> Finding:
    import benchmarks.package  # noqa: F401
    from classify_pixels.inference import SilentProgress
    from classify_pixels.inference.run.steps import begin
    from classify_pixels.inference.tiling import StripSize

    vrt = folder / "million.vrt"
    bands = "".join(f'<VRTRasterBand dataType="Byte" band="{band}"/>' for band in range(1, BANDS + 1))
    place = "<SRS>EPSG:32633</SRS><GeoTransform>0,10,0,0,0,-10</GeoTransform>"
    vrt.write_text(
        f'<VRTDataset rasterXSize="{SIDE}" rasterYSize="{SIDE}">{place}{bands}</VRTDataset>', encoding="utf-8"
    )
    started = time.perf_counter()
    request = request_of(vrt, SAMPLE, folder / "million.tif", BYTES)
    job = begin(request, folder / "million", SilentProgress(), StripSize(4096, 4096))
    subject = f"begin of {SIDE} x {SIDE} pixels, seconds"
    return Finding(subject, Target(2.0), (time.perf_counter() - started,), f"{len(job.strips)} strips")


if __name__ == "__main__":
    main(measure, __doc__, size=4096, strip=400)
