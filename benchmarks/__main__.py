# SPDX-License-Identifier: GPL-2.0-or-later
"""All measurements, one after the other, as one table in Markdown.

    python -m benchmarks [FOLDER] [--quick 1] [--model MODEL.onnx]

takes about two hours on two cores; `--quick 1` checks everything on small scenes within minutes. The model is that of
benchmarks.large_tiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import both_runtimes, cluster, desktop, fixed_tiles, gpu, large_tiles, memory, peers, pointwise, workers
from benchmarks.command import main
from benchmarks.measure import Finding, NotMeasuredError, Target


def measure(folder: Path, quick: int = 0, model: Path | None = None) -> Iterator[Finding]:
    """Measures everything; impossible measurements get a line with the reason."""
    large = partial(large_tiles.measure, model=model)
    whole = (
        both_runtimes.measure, fixed_tiles.measure, large, workers.measure, pointwise.measure, peers.measure,
        memory.measure, desktop.measure, gpu.measure, partial(cluster.measure, kills=20),
    )  # fmt: skip
    small = (
        partial(both_runtimes.measure, only="landsat7_landcover"),
        partial(fixed_tiles.measure, size=512),
        partial(large, size=1024),
        partial(workers.measure, size=512),
        partial(pointwise.measure, size=2048),
        partial(peers.measure, size=1024),
        partial(memory.measure, sizes="1024,4096", cloud=512),
        desktop.measure,
        partial(gpu.measure, size=512, tile=128, width=8),
        partial(cluster.measure, size=2048),
    )
    names = "both_runtimes fixed_tiles large_tiles workers pointwise peers memory desktop gpu cluster".split()
    for name, step in zip(names, small if quick else whole):
        try:
            yield from step(folder)
        except NotMeasuredError as error:
            yield Finding(name, Target(1.0), note=str(error))


if __name__ == "__main__":
    main(measure, __doc__, quick=0, model=None)
