# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU seconds of a Dask driver, its scheduler and two workers against a process with two workers.

    python -m benchmarks.cluster [FOLDER] [--size 20480] [--strip 0] [--kills 0] [--profiler 0]

Both start as separate programs, and their imports are counted. Dask's profiler is off, as in `scripts/cluster local`;
`--profiler 1` leaves it on. A strip size of 0 leaves it to the job, which cuts the usual scene into 100 strips. The
other findings are those of a scene of a million pixels a side, without its pixels. With `--kills 20` so many processes
are killed at random moments, and the class map is compared with that of one machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.command import main
from benchmarks.measure import Finding, NotMeasuredError, Target, compare
from benchmarks.models import SAMPLE
from benchmarks.package import ROOT
from benchmarks.scenes import BYTES, make_scene, repeat_scene

BANDS, SMALL, MEGABYTE = 6, 2048, 1e6

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
        size = StripSize(int(strip), int(strip)) if int(strip) else None
        classify_on_dask(request, settings, SilentProgress(), size)
"""


def measure(folder: Path, size: int = 20480, strip: int = 0, kills: int = 0, profiler: int = 0) -> Iterator[Finding]:
    """Compares both, then measures the job of a million pixels a side, and kills processes if that is requested."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise NotMeasuredError("the package distributed is not installed") from error
    small = make_scene(folder / f"scene{SMALL}x{BANDS}.tif", SMALL, BANDS)
    scene = repeat_scene(folder / f"scene{size}x{BANDS}.vrt", small, size)

    os.environ["DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED"] = str(bool(profiler))
    subject = f"the sample's U-Net on {size} x {size} pixels, CPU seconds on Dask with two workers against one process"
    yield compare(
        subject,
        lambda: cpu_seconds(CLUSTER, folder, scene, strip),
        lambda: cpu_seconds(ONE, folder, scene, strip),
        Target(1.1),
    )
    yield from _plan(folder)
    if kills:
        yield _killed(folder, kills)


def cpu_seconds(program: str, folder: Path, scene: Path, strip: int) -> float:
    """Returns the CPU seconds of a program and all processes that it starts."""
    given = [str(scene), str(SAMPLE), str(folder / "cluster.tif"), str(BYTES), str(strip)]
    path = folder / "cluster_program.py"
    path.write_text(program, encoding="utf-8")
    before = os.times()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    subprocess.run([sys.executable, str(path), *given], check=True, cwd=ROOT, env=environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def request_of(raster: Path, model: Path, output: Path, scale: float):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Returns the request that both ways classify."""
    from classify_pixels.inference.models import read_model_reference
    from classify_pixels.inference.raster import GdalInput
    from classify_pixels.inference.run.request import ClassificationRequest, Environment

    environment = Environment(workers=1, cache=output.parent / "cache")
    request = ClassificationRequest(
        GdalInput(str(raster)), read_model_reference(model), output, environment=environment
    )
    return replace(request, input_scale=(scale,))


def _plan(folder: Path) -> Iterator[Finding]:
    command = [sys.executable, "-m", "benchmarks.cluster_plan", str(folder / "plan")]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    found = json.loads(done.stdout.splitlines()[-1])
    subject, note = "a job of 1000000 x 1000000 pixels", f"{found['strips']:.0f} strips"
    yield Finding(f"{subject}: begin, seconds", Target(2.0), (found["begin"],), note)
    yield Finding(f"{subject}: begin, MB beyond a small job", Target(100.0), (found["begin_bytes"] / MEGABYTE,))
    per_strip = f"{1000 * found['submit'] / found['strips']:.1f} ms for each empty task"
    yield Finding(
        f"{subject}: growth of the driver after a tenth, MB",
        Target(10.0),
        (found["submit_bytes"] / MEGABYTE,),
        per_strip,
    )
    yield Finding(f"{subject}: finish as a VRT of empty strips, seconds", Target(60.0), (found["finish"],))


def _killed(folder: Path, kills: int) -> Finding:
    import benchmarks.package  # noqa: F401
    from classify_pixels.inference import SilentProgress
    from classify_pixels.inference.run.classification import classify_pixels
    from tests.faults.killed_cluster import kill_at_random, request_of
    from tests.unit.rasters import random_pixels, write_raster

    with tempfile.TemporaryDirectory(dir=folder) as place:
        once, killed = Path(place, "once.tif"), Path(place, "killed.tif")
        scene = write_raster(Path(place, "scene.tif"), random_pixels(2, 1100, 700))
        classify_pixels(request_of(scene, once), SilentProgress())
        report = kill_at_random(scene, killed, kills)
        other = once.read_bytes() != killed.read_bytes()
    note = ", ".join(f"{kind}: {count}" for kind, count in report.kills.items())
    subject = f"{kills} killed processes: finished strips computed again, plus 1 for another class map"
    return Finding(subject, Target(0.0), (float(len(report.again) + other),), note)


if __name__ == "__main__":
    main(measure, __doc__, size=20480, strip=0, kills=0, profiler=0)
