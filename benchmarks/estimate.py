# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory that is announced before a run against the growth of the process.

    python -m benchmarks.estimate [FOLDER] [--data DATA] [--workers 1,2,4] [--only NAME] [--small 256]

Each network runs with each of its libraries on a large scene and on one of a single tile, the first time and as a known
network, each run in a separate process. The announced memory counts from the open network on, and so does the growth of
the process, up to the end of the run. An estimate is good within 25 % of the growth, and within 64 MB, which decide
nothing: the ratio in the table is that of the error to the larger one of both. Networks other than the sample's are
read from DATA, a folder of reference models; without it they are left out.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from itertools import product
from pathlib import Path

import benchmarks.package
from benchmarks import both_runtimes
from benchmarks.command import main
from benchmarks.estimate_run import Memory
from benchmarks.measure import Finding, NotMeasuredError, Target
from benchmarks.models import cloud_model
from benchmarks.scenes import BYTES, REFLECTANCE, make_scene

# An error up to the larger of these is allowed.
SHARE, BYTES_ALLOWED = 0.25, 64 * 2**20


@dataclass(frozen=True)
class Case:
    """A network, the side of its large scene, its bands, and the factor of the scene's values."""

    name: str
    model: Path
    size: int
    bands: int
    scale: float

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries that run the network, as far as they are installed."""
        names = ("torch",) if self.model.suffix == ".pt" else ("openvino", "onnxruntime")
        return tuple(name for name in names if importlib.util.find_spec(name) is not None)


def cases(data: Path) -> list[Case]:
    """Returns the networks that are at hand."""
    models = data / "models"
    scripts = {
        "landsat7_landcover": (models / "l7_cover4" / "l7_cover4_torchscript.pt", BYTES),
        "cloud3": (models / "cloud3_small_unet" / "cloud3_small_unet_torchscript.pt", REFLECTANCE),
    }
    known = [
        *(Case(each.name, each.model, each.size, each.bands, each.scale) for each in both_runtimes.cases(data)),
        *(Case(f"{name} TorchScript", path, 2048, 6, scale) for name, (path, scale) in scripts.items()),
    ]
    with suppress(NotMeasuredError):
        known.append(Case("ukis-csmask", cloud_model(), 2048, 6, REFLECTANCE))
    return [case for case in known if case.model.is_file()]


def measure(
    folder: Path, data: Path = both_runtimes.DATA, workers: str = "1,2,4", only: str = "", small: int = 256
) -> Iterator[Finding]:
    """Compares all."""
    if not Path("/proc/self/statm").exists():
        raise NotMeasuredError("only Linux reports the memory of a process")
    folder = folder.resolve()
    for case in cases(data):
        if only in ("", case.name):
            for library, number, size in product(case.libraries, workers.split(","), (case.size, small)):
                yield from compared(folder, case, library, int(number), size)


def compared(folder: Path, case: Case, library: str, workers: int, size: int) -> Iterator[Finding]:
    """Yields the first run of a network and one of the known network."""
    scene, cache = make_scene(folder / f"scene{size}x{case.bands}.tif", size, case.bands), folder / "estimate_cache"
    shutil.rmtree(cache, ignore_errors=True)
    for time in ("first", "known"):
        found = run(scene, case, folder / "estimate.tif", cache, library, workers)
        error = abs(found.told - found.growth) / max(SHARE * found.growth, BYTES_ALLOWED)
        told, growth, opened, opening = (round(number / 2**20) for number in astuple(found))
        taken = f"{told} MB announced, {growth} MB taken ({found.told / max(1, found.growth):.2f})"
        note = f"{taken}; open network {opened} MB, its opening {opening} MB"
        subject = f"{case.name}, {library}, workers {workers}, {size} x {size} pixels, {time} run"
        yield Finding(subject, Target(1.0), (error,), note)
    shutil.rmtree(cache, ignore_errors=True)


def run(scene: Path, case: Case, output: Path, cache: Path, library: str, workers: int) -> Memory:
    """Classifies a scene in a separate process, and deletes the class map."""
    values = (scene, case.model.resolve(), output, cache, workers, library, case.scale)
    command = [sys.executable, "-m", "benchmarks.estimate_run", *map(str, values)]
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=benchmarks.package.ROOT)
    finally:
        for path in output.parent.glob(f"{output.stem}.*"):
            path.unlink()
    return Memory(**json.loads(done.stdout))


if __name__ == "__main__":
    main(measure, __doc__, data=both_runtimes.DATA, workers="1,2,4", only="", small=256)
