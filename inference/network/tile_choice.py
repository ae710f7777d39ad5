# SPDX-License-Identifier: GPL-2.0-or-later
"""Tile size, halo and stride of a network: from the user, the definition, a probe of the network, or by default."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..models import ModelArguments, ModelDefinition, default_padding
from ..notices import HaloReason, StrideReason
from ..phrase import Phrase
from ..tiling import TileShape, round_up
from .probe import Probe, tile_size_for

# Stride of networks of which nothing is known: as deep as common encoders pool.
DEFAULT_STRIDE = 32

# Declared tiles are used if they exceed those that the halo requires, up to this size.
LARGEST_HINT = 2048

# Seams of a larger mean difference of scores, as a share of their range, are visible in class maps.
FAINT = 0.05

ARCGIS_LEARN = "arcgis.learn"


@dataclass(frozen=True)
class TileReasons:
    """The reasons for halo and stride: ends of sentences, whose texts are a HaloReason and a StrideReason.

    `seam` is the measured mean difference of neighbouring tiles' scores, as a share of their range; 0 if there is none,
    or if it is unknown.
    """

    halo: Phrase = Phrase(HaloReason.ASSUMED)
    stride: Phrase = Phrase(StrideReason.ASSUMED)
    seam: float = 0.0

    @property
    def visible(self) -> bool:
        """True if seams are likely to be visible in class maps."""
        return self.seam > FAINT


@dataclass(frozen=True)
class _Halo:
    """A halo in pixels and its reason; `size` is the tile size it requires, None if tiles stay unchanged."""

    pixels: int
    reason: Phrase
    size: int | None = None


def needs_probe(definition: ModelDefinition, arguments: ModelArguments) -> bool:
    """Returns True if halo or stride must be measured by running the network."""
    said = isinstance(arguments.padding, int) or _keeps_quarter(definition, arguments)
    return definition.stride is None or not said


def choose_tiles(
    definition: ModelDefinition,
    arguments: ModelArguments,
    shape: TileShape,
    probe: Probe | None,
    stride_found: bool = False,
) -> tuple[TileShape, TileReasons]:
    """Returns the tiles of a network and the reasons for them.

    `shape` has the size of the definition or the argument, and a stride that is the default, or was found by trying
    sizes. The size is chosen for the halo only if that is exact: then the result does not depend on the size.
    """
    stride, stride_reason = _stride(definition, shape.stride, probe, stride_found)
    halo = _halo(definition, arguments, shape, stride, probe)
    height, width = shape.height, shape.width
    if halo.size is not None and arguments.tile_size is None and not shape.fixed:
        height = width = halo.size
    exact = halo.size is not None
    chosen = TileShape(height, width, stride, halo.pixels, shape.fixed, shape.margin, exact=exact)
    seam = probe.seam(max(0, halo.pixels - shape.margin)) if probe is not None else 0.0
    return chosen, TileReasons(halo.reason, Phrase(stride_reason), seam)


def default_stride(fixed: bool, height: int, width: int) -> int:
    """Returns the largest power of two up to the default that tiles of this size allow."""
    if fixed:
        return math.gcd(DEFAULT_STRIDE, height, width)
    return min(DEFAULT_STRIDE, 1 << (min(height, width).bit_length() - 1))


def _stride(definition: ModelDefinition, assumed: int, probe: Probe | None, found: bool) -> tuple[int, StrideReason]:
    if definition.stride is not None:
        return definition.stride, StrideReason.DEFINITION
    if probe is not None and probe.stride is not None:
        return probe.stride, StrideReason.MEASURED
    unmeasured = StrideReason.ASSUMED if probe is None else StrideReason.DEFAULT
    return assumed, StrideReason.MEASURED if found else unmeasured


def _halo(
    definition: ModelDefinition,
    arguments: ModelArguments,
    shape: TileShape,
    stride: int,
    probe: Probe | None,
) -> _Halo:
    quarter = min(shape.height, shape.width) // 4 // stride * stride
    if isinstance(arguments.padding, int):
        asked = arguments.padding != default_padding(definition)
        return _Halo(arguments.padding, Phrase(HaloReason.GIVEN if asked else HaloReason.DEFINITION))
    if _keeps_quarter(definition, arguments):
        return _Halo(quarter, Phrase(HaloReason.ARCGIS_LEARN))
    if probe is not None and probe.failure is not None:
        failure = Phrase(probe.failure, {"limit": f"{probe.limit:g}"})
        return _Halo(quarter, Phrase(HaloReason.PROBE_FAILED, {"failure": failure}))
    if probe is None or probe.halo is None:
        return _Halo(quarter, Phrase(HaloReason.QUARTER))
    return _probed(probe, probe.halo, arguments, shape, stride, quarter)


def _probed(probe: Probe, found: int, arguments: ModelArguments, shape: TileShape, stride: int, quarter: int) -> _Halo:
    if not probe.exact:
        halo = min(found, quarter)
        share = probe.seam(halo)
        reason = HaloReason.SEAMS if share <= FAINT else HaloReason.STRONG_SEAMS
        return _Halo(halo + shape.margin, Phrase(reason, {"share": f"{100 * share:.2g}"}))
    # One stride more than was seen: the images of the probe need not have excited all that the network looks at.
    reach = found + stride if found else 0
    kept_by_size = shape.fixed or arguments.tile_size is not None
    if kept_by_size and not _has_core(shape, stride, reach):
        # Such a tile has room for the measured reach only.
        reach = found
    if kept_by_size and not _has_core(shape, stride, reach):
        return _Halo(quarter, Phrase(HaloReason.TILE_TOO_SMALL, {"found": found}))
    reason = HaloReason.EXACT_BUT_ROUNDED if arguments.mixed_precision else HaloReason.EXACT
    halo = reach + shape.margin
    wanted = min(LARGEST_HINT, round_up(max(shape.height, shape.width), stride))
    return _Halo(halo, Phrase(reason), max(wanted, tile_size_for(halo, stride, shape.margin)))


def _has_core(shape: TileShape, stride: int, reach: int) -> bool:
    """Returns True if a tile has a core between its halos."""
    return min(shape.height, shape.width) - 2 * shape.margin - 2 * round_up(reach, stride) >= stride


def _keeps_quarter(definition: ModelDefinition, arguments: ModelArguments) -> bool:
    """Is true for models of arcgis.learn, which were made for that halo, unless the user asks to find another."""
    return definition.framework.lower().startswith(ARCGIS_LEARN) and arguments.padding is None
