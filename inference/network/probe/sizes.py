# SPDX-License-Identifier: GPL-2.0-or-later
"""The tile size of least time for one kept pixel, among those that give the same scores.

A large tile wastes less on its halo, but takes more memory, and some libraries run it slower. Each candidate is run on
a scene of noise. A halo that is only declared is checked thereby: the core of the usual tile, whose origin lies on the
stride within the larger one, must have the scores of the larger one, up to rounding. If a network sees the whole tile
or farther than its halo, or refuses the size, its usual tile stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ...notices import Note
from ...runtimes import Backend, weights_files
from ...tiling import TileShape, round_up
from ...window import Window
from ..memory import Growth, available, most_pixels, resident
from .busy_time import BusyTime
from .cache import read_document, write_document
from .comparison import MIXED_ROUNDING, ROUNDING, compare, spread
from .noise import noise_scenes
from .probe import Probing
from .probe_runner import Float32, OutOfTimeError, ProbeRunner
from .specimen import LARGEST_SCENE
from .tile_size import CORES, tile_size_for
from .weights_hash import files_sha256

# Changes with the method, so that findings of an older one are not used.
METHOD = 6

# A larger tile takes more memory, so it must save at least this share of the time.
WORTHWHILE = 0.03

# Timed calls of each size after the first one, which allocates memory.
REPEATED = 2

# Seconds that all calls may take, and bytes of one call: two of them may run at once (see `open_network`).
SECONDS, CALL_BYTES = 10.0, 3 * 2**28


@dataclass(frozen=True)
class TileSize:
    """The chosen side of tiles; `agrees` if larger ones give the same scores, so that the halo is exact."""

    side: int
    agrees: bool = False


def sides_for(shape: TileShape) -> list[int]:
    """Returns the sides of tiles worth a trial, in ascending order, from that of the shape.

    Each of them wastes less than the one before by a share that is worth its memory.
    """
    aligned = round_up(max(0, shape.halo - shape.margin), shape.stride)
    around = 2 * (aligned + shape.margin) + shape.rest
    cores = (max(core // shape.stride, 1) * shape.stride + around for core in CORES)
    sides = [max(shape.height, shape.width)]
    for side in sorted({*cores, tile_size_for(shape.halo, shape.stride, shape.margin) + shape.rest}):
        if side > sides[-1] and _waste(shape, sides[-1]) > _waste(shape, side) * (1 + WORTHWHILE):
            sides.append(side)
    return sides


def find_size(
    weights: Path, backend: Backend, bands: int, normalized: bool, shape: TileShape, probing: Probing
) -> TileSize:
    """Returns the finding on the size of tiles, from the cache if the network was tried before on this device.

    Raises RunCancelledError.
    """
    form = asdict(backend.form) if backend.form is not None else None
    kind = [probing.reading, asdict(backend.input), form, backend.device]
    asked = [bands, normalized, asdict(shape), sides_for(shape), memory_class(), *kind]
    content = probing.content or files_sha256(weights_files(weights))
    name = hashlib.sha256(json.dumps([METHOD, content, asked]).encode()).hexdigest()
    file = probing.cache / "probes" / f"{name}.size.json"
    known = _read(file, sides_for(shape))
    if known is not None:
        return known
    probing.progress.note(Note.PROBING)
    network = ProbeRunner(backend, backend.input.batch or 1, shape.margin, probing.progress, probing.seconds)
    try:
        found = fastest_size(network, shape, bands, normalized)
    except OutOfTimeError:
        return TileSize(sides_for(shape)[0])
    write_document(file, asdict(found))
    return found


def _read(file: Path, sides: Sequence[int]) -> TileSize | None:
    document = read_document(file) or {}
    side, agrees = document.get("side"), document.get("agrees")
    if isinstance(side, int) and side in sides and isinstance(agrees, bool):
        return TileSize(side, agrees)
    return None


def fastest_size(network: ProbeRunner, shape: TileShape, bands: int, normalized: bool) -> TileSize:
    """Returns the size of tiles that takes least time for one kept pixel; an exact halo is not checked again.

    Raises RunCancelledError and OutOfTimeError.
    """
    usual, *others = sides_for(shape)
    larger = [side for side in others if bands * side**2 <= LARGEST_SCENE]
    # Nothing is known of the memory of the first size.
    if not larger or network.batch * usual**2 > most_pixels():
        return TileSize(usual, shape.exact)
    # The time does not depend on the values.
    scene = np.random.default_rng(0).random((bands, larger[-1], larger[-1]), np.float32)
    trials: list[_Trial] = []
    agrees = shape.exact
    for trial in _trials(network, shape, [usual, *larger], scene):
        trials.append(trial)
        if trial.side > usual and not agrees:
            agrees = _alike(network, shape, (usual, trial.side), bands, normalized)
            if not agrees:
                return TileSize(usual)
    best = min((trial.cost for trial in trials), default=0.0)
    found = [trial for trial in trials if trial.cost <= best * (1 + WORTHWHILE)]
    return TileSize(found[0].side, agrees) if found else TileSize(usual)


@dataclass(frozen=True)
class _Trial:
    """A side, and the seconds of one kept pixel."""

    side: int
    cost: float


def _trials(network: ProbeRunner, shape: TileShape, sides: Sequence[int], scene: Float32) -> Iterator[_Trial]:
    """Yields the trials of these sides in turn, as long as time and memory last."""
    spent, before = BusyTime.of(network.backend), resident() or 0
    seconds, per_pixel, pixels = 0.0, 0.0, 0
    for side in sides:
        expected = (1 + REPEATED) * seconds * side**2 / pixels if pixels else 0.0
        if spent.seconds + expected > SECONDS or per_pixel * side**2 > _allowed_bytes():
            return
        window = Window(0, 0, *(_whole_output(shape, side),) * 2)
        with Growth() as growth:
            network.expect(len(scene), window)
            first = BusyTime.of(network.backend)
            if network.score(scene, window) is None:
                return
            once = first.seconds
        seconds, pixels = min(once, *(_seconds(network, scene, window) for _ in range(REPEATED))), side**2
        # What smaller tiles have left allocated serves this one too.
        per_pixel = max(per_pixel, (growth.before + growth.bytes - before) / pixels)
        yield _Trial(side, seconds / side**2 * _waste(shape, side))


def _seconds(network: ProbeRunner, scene: Float32, window: Window) -> float:
    spent = BusyTime.of(network.backend)
    network.score(scene, window)
    return spent.seconds


def _alike(network: ProbeRunner, shape: TileShape, sides: tuple[int, int], bands: int, normalized: bool) -> bool:
    """Returns True if a usual tile within a larger one has its scores beyond the halo, in all scenes."""
    rounding = MIXED_ROUNDING if network.backend.mixed_precision else ROUNDING
    output, large = (_whole_output(shape, side) for side in sides)
    aligned = round_up(max(0, shape.halo - shape.margin), shape.stride)
    # Off the edges of the larger tile, so that the smaller one lacks surroundings on all sides, and on an odd multiple
    # of the stride, which half the network's true stride would not pass.
    steps = (large - output) // 2 // shape.stride
    place = max(1, steps - (steps % 2 == 0)) * shape.stride
    if place + output >= large or output - shape.rest - 2 * aligned < shape.stride:
        return False
    told = False
    for scene in noise_scenes(bands, sides[1], sides[1], normalized):
        whole = network.score(scene, Window(0, 0, large, large))
        part = network.score(scene, Window(place, place, output, output))
        if whole is None or part is None:
            return False
        if spread(whole.scores) == 0:
            continue
        told = True
        if compare(whole, part).reach(aligned, rounding) is None:
            return False
    return told


def _whole_output(shape: TileShape, side: int) -> int:
    """Returns the length of an output of tiles of this side that loses nothing: whole strides and the rest."""
    return (side - 2 * shape.margin - shape.rest) // shape.stride * shape.stride + shape.rest


def _waste(shape: TileShape, side: int) -> float:
    """Returns the computed pixels for one that is kept."""
    aligned = round_up(max(0, shape.halo - shape.margin), shape.stride)
    core = max(shape.stride, side - 2 * shape.margin - shape.rest - 2 * aligned)
    return (side / core) ** 2


def memory_class() -> int:
    """Returns a number that grows with the memory of a call: a lack of it must not decide on runs that have more."""
    return _allowed_bytes().bit_length()


def _allowed_bytes() -> int:
    free = available()
    return CALL_BYTES if free is None else min(CALL_BYTES, free // 4)
