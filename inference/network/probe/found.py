# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds out how a network's tiles must lie, unless that is known from an earlier run."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

from ...notices import Note, ProbeFailure
from ...runtimes import Backend, weights_files
from ...tiling import round_up
from ...window import Window
from .cache import read_probe, write_probe
from .local import Local, local_of_any_size, local_of_fixed_size
from .probe import Probe, Probing
from .probe_runner import OutOfTimeError, ProbeRunner
from .specimen import Specimen, specimens_of
from .weights_hash import files_sha256
from .wide import wide

# Changes with the method, so that findings of an older one are not used.
METHOD = 7

LARGEST_STRIDE = 64

# Pooling by three, patches of 14 pixels, and attention within windows of 7 or 12 patches: tried at a fixed size even if
# that is no multiple, since networks may pad it.
ODD_STRIDES = (3, 5, 7)

# Small tiles on the stride differ by less than this share of the usual difference of others, and by up to this multiple
# of the smallest one, or by rounding.
LIKELY, ALIKE, ROUNDED = 0.5, 1.5, 1e-4

# Tiles that networks of any size are tried with: the larger one where the smaller one shows no end, the middle one for
# seams. They are multiples of the largest stride.
SIZES, SEAM_SIZE = (192, 512), 256


def find_probe(
    weights: Path, backend: Backend, bands: int, normalized: bool, margin: int, stride: int | None, probing: Probing,
    taken: int = 0,
) -> Probe:  # fmt: skip
    """Returns the finding on a network, from the cache if it was probed before.

    `stride` is that of the definition, None if it is to be measured; `normalized` is True for normalised input, and
    `margin` is the number of pixels that the output lacks on each side. An output of `taken` pixels, or whole strides
    more, lacks nothing else. Raises RunCancelledError.
    """
    form = asdict(backend.form) if backend.form is not None else None
    kind = [probing.reading, asdict(backend.input), form, backend.mixed_precision]
    asked = [bands, normalized, margin, stride, taken, *kind]
    content = probing.content or files_sha256(weights_files(weights))
    name = hashlib.sha256(json.dumps([METHOD, content, asked]).encode()).hexdigest()
    file = probing.cache / "probes" / f"{name}.json"
    known = read_probe(file)
    if known is not None:
        return known
    probing.progress.note(Note.PROBING)
    network = ProbeRunner(backend, backend.input.batch or 1, margin, probing.progress, probing.seconds)
    try:
        probe = _find(network, bands, normalized, stride, taken)
    except OutOfTimeError:
        probe = Probe(failure=ProbeFailure.OUT_OF_TIME, limit=probing.seconds)
    write_probe(file, probe)
    return probe


def _find(network: ProbeRunner, bands: int, normalized: bool, stride: int | None, taken: int) -> Probe:
    declared = network.backend.input
    if declared.height is None or declared.width is None:
        return _find_of_any_size(network, bands, normalized, stride, taken)
    height, width = declared.height - 2 * network.margin, declared.width - 2 * network.margin
    largest = max(1, min(height, width) // 4)
    specimens = specimens_of(network, bands, normalized, height, width)
    strides = (stride,) if stride is not None else _powers_of_two(largest, network.backend)
    if not specimens or not strides or strides[-1] > largest:
        return _nothing_seen(height) if not specimens else _unaligned(largest)
    # Sizes of networks that take any reveal other strides than powers of two; here only trials do.
    odds = [odd for odd in _odds() if odd in ODD_STRIDES or math.gcd(height, width) % odd == 0]
    others = [_multiples(odd, largest, strides) for odd in odds] if stride is None else []
    tries = (local_of_fixed_size(specimens, each, largest) for each in (strides, *others) if each)
    found = next((each for each in tries if each is not None), None)
    if found is None or min(height, width) - 2 * round_up(found.halo, found.stride) < found.stride:
        return _find_wide(specimens, strides)
    return _exact(found)


def _find_of_any_size(network: ProbeRunner, bands: int, normalized: bool, stride: int | None, taken: int) -> Probe:
    strides = (stride,) if stride is not None else _powers_of_two(LARGEST_STRIDE, network.backend)
    for least in SIZES:
        size = _length(least, strides[-1], taken)
        specimens = specimens_of(network, bands, normalized, size, size)
        found = local_of_any_size(specimens, strides, size // 2) if specimens else None
        if found:
            return _exact(found)
    size = _length(SEAM_SIZE, strides[-1], taken)
    specimens = specimens_of(network, bands, normalized, size, size)
    if not specimens:
        return _nothing_seen(size)
    accepted = _accepted(specimens[0], strides, taken)
    bounded = _find_wide(specimens, accepted) if accepted else _nothing_seen(size)
    found = _local_of_odd_stride(network, bands, normalized, strides, taken) if stride is None else None
    return _exact(found) if found else bounded


def _local_of_odd_stride(
    network: ProbeRunner, bands: int, normalized: bool, powers: Sequence[int], taken: int
) -> Local | None:
    """Returns the finding on a network that takes any size, whatever its stride: it pads, or resizes its scores.

    Returns None if there is none within the time.
    """
    with suppress(OutOfTimeError):
        strides = _likely(network, bands, normalized, powers, taken)
        if strides:
            size = _length(SIZES[-1], strides[-1], taken)
            specimens = specimens_of(network, bands, normalized, size, size)
            return local_of_any_size(specimens, strides, size // 2) if specimens else None
    return None


def _likely(network: ProbeRunner, bands: int, normalized: bool, powers: Sequence[int], taken: int) -> tuple[int, ...]:
    """Returns the odd multiples of powers of two that make small tiles agree far better than most others do.

    Small tiles are fast, and agree in their middle even if the receptive field is larger. Empty if none stands out.
    """
    found: dict[tuple[int, ...], float] = {}
    for strides in filter(None, (_multiples(odd, LARGEST_STRIDE, powers) for odd in _odds())):
        size = _length(2 * LARGEST_STRIDE, strides[-1], taken)
        comparisons = [
            specimen.without_start(strides[-1])
            for specimen in specimens_of(network, bands, normalized, size, size, most=1)
        ]
        found.update((strides, each.inner) for each in comparisons if each is not None)
    least = min(found.values(), default=0.0)
    if not found or least >= LIKELY * median(found.values()):
        return ()
    return next(strides for strides, difference in found.items() if difference <= max(ALIKE * least, ROUNDED))


def _odds() -> range:
    # Each takes two runs; larger ones have no multiple, and occur in no network that is known.
    return range(3, LARGEST_STRIDE // 2, 2)


def _find_wide(specimens: Sequence[Specimen], strides: Sequence[int]) -> Probe:
    found = wide(specimens, strides)
    if found.stride is None:
        return replace(_unaligned(strides[-1]), profile=found.profile)
    return Probe(found.stride, found.halo, profile=found.profile)


def _exact(found: Local) -> Probe:
    return Probe(found.stride, found.halo, exact=True, profile=found.profile)


def _nothing_seen(size: int) -> Probe:
    return Probe(failure=ProbeFailure.NOTHING_SEEN, limit=size)


def _unaligned(stride: int) -> Probe:
    return Probe(failure=ProbeFailure.UNALIGNED, limit=stride)


def _length(least: int, stride: int, taken: int) -> int:
    """Returns the first length from `least` that is by whole strides longer, or shorter, than one that is taken."""
    return least + (taken - least) % stride


def _accepted(specimen: Specimen, strides: Sequence[int], taken: int) -> tuple[int, ...]:
    """Returns the strides whose odd multiples the network takes as sizes, tried on small tiles."""
    network, scene, least = specimen.network, specimen.scene, _length(2 * strides[-1], strides[-1], taken)
    sizes = ((stride, least + stride) for stride in strides)
    return tuple(stride for stride, size in sizes if network.score(scene, Window(0, 0, size, size)) is not None)


def _multiples(odd: int, largest: int, powers: Sequence[int]) -> tuple[int, ...]:
    """Returns the odd multiples of powers of two up to the largest stride."""
    return tuple(odd * power for power in powers if odd * power <= min(largest, LARGEST_STRIDE))


def _powers_of_two(largest: int, backend: Backend) -> tuple[int, ...]:
    """Returns possible strides up to the largest one, multiples of the block of pixels per score."""
    times = backend.form.times if backend.form is not None else 1
    powers = (1 << power for power in range(min(largest, LARGEST_STRIDE).bit_length()))
    return tuple(power for power in powers if power % times == 0)
