# SPDX-License-Identifier: GPL-2.0-or-later
"""Who decides on padding, stride and tile size, and what is said of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.models import Model, parse_emd, read_arguments, resolve_arguments
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.network.probe import Probe, Probing, sizes
from classify_pixels.inference.network.tile_choice import choose_tiles
from classify_pixels.inference.notices import HaloReason, ProbeFailure, StrideReason
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.tiling import TileShape
from tests.networks import class_definition, pooling_network, valid_network
from tests.unit.runs import Recorder

pytestmark = pytest.mark.usefixtures("onnx_runtime_alone")
VALUES = [11, 22, 33]
EXACT = HaloReason.EXACT


def prepare(network: Path, arguments: dict[str, str] | None = None, seconds: float = 600, **keys: Any) -> PreparedModel:
    """Fits a definition of 40 pixel tiles to a network of two bands."""
    definition = parse_emd(class_definition(network, 2, VALUES, 40, **keys), "model")
    probing = Probing(network.parent / "cache", Recorder(), seconds)
    with closing(open_backend(network, BackendOptions(processor="CPU", bands=2))) as backend:
        return prepare_model(Model("model", network, definition), read_arguments(arguments), backend, probing)


@pytest.fixture(autouse=True)
def equal_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the smallest tiles, as if all sizes were equally fast."""
    monkeypatch.setattr(sizes, "sides_for", lambda shape: [max(shape.height, shape.width)])


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pooling network, beside a cache of what is found of it."""
    return pooling_network(tmp_path_factory.mktemp("free") / "n.onnx")


def chosen(prepared: PreparedModel) -> tuple[int, int, int]:
    shape = prepared.shape
    return shape.height, shape.halo, shape.stride


def test_all_is_found_where_nobody_says_anything(free: Path) -> None:
    prepared = prepare(free)
    assert chosen(prepared) == (544, 13, 4)
    assert prepared.reasons.halo == Phrase(EXACT)
    assert prepared.reasons.stride == Phrase(StrideReason.MEASURED)


@pytest.mark.parametrize(
    ("share", "reason"), [(0.007, HaloReason.SEAMS), (0.05, HaloReason.SEAMS), (0.22, HaloReason.STRONG_SEAMS)]
)
def test_only_small_differences_are_called_faint(share: float, reason: HaloReason, free: Path) -> None:
    definition = parse_emd(class_definition(free, 2, VALUES, 40), "model")
    probe = Probe(stride=4, halo=8, profile=(0.5,) * 8 + (share,))
    arguments = resolve_arguments(read_arguments(None), definition)
    _, reasons = choose_tiles(definition, arguments, TileShape(40, 40, 4, 0, fixed=False), probe)
    assert reasons.halo == Phrase(reason, {"share": f"{100 * share:.2g}"})
    assert (reasons.seam, reasons.visible) == (share, reason is HaloReason.STRONG_SEAMS)
    assert reason.measured


@pytest.mark.parametrize(
    ("arguments", "keys", "expected", "reason"),
    [
        ({"padding": "8"}, {}, (40, 8, 4), HaloReason.GIVEN),
        ({"padding": "auto"}, {}, (544, 13, 4), EXACT),
        ({"padding": "AUTO"}, {"Padding": 8}, (544, 13, 4), EXACT),
        ({}, {"Padding": 8}, (40, 8, 4), HaloReason.DEFINITION),
        ({}, {"ModelPadding": 0}, (40, 0, 4), HaloReason.DEFINITION),
        ({}, {"ClassifyPixels": {"Halo": 12}}, (40, 12, 4), HaloReason.DEFINITION),
        ({}, {"ClassifyPixels": {"Stride": 8}}, (560, 17, 8), EXACT),
        ({"tile_size": "64"}, {}, (64, 13, 4), EXACT),
        ({"tile_size": "24"}, {}, (24, 4, 4), HaloReason.TILE_TOO_SMALL),
        ({}, {"Framework": "arcgis.learn"}, (40, 8, 4), HaloReason.ARCGIS_LEARN),
        ({"padding": "auto"}, {"Framework": "arcgis.learn"}, (544, 13, 4), EXACT),
    ],
    ids=str,
)
def test_who_decides(
    arguments: dict[str, str],
    keys: dict[str, Any],
    expected: tuple[int, int, int],
    reason: HaloReason,
    free: Path,
) -> None:
    prepared = prepare(free, arguments, **keys)
    assert chosen(prepared) == expected
    assert prepared.reasons.halo.text is reason
    assert prepared.reasons.halo.values == ({"found": 9} if reason is HaloReason.TILE_TOO_SMALL else {})


def test_nothing_is_run_where_definition_and_user_say_all(tmp_path: Path) -> None:
    prepare(pooling_network(tmp_path / "n.onnx"), {"tile_size": "40"}, ClassifyPixels={"Stride": 4, "Halo": 12})
    prepare(pooling_network(tmp_path / "n.onnx"), {"padding": "3"}, ClassifyPixels={"Stride": 4})
    assert not (tmp_path / "cache").exists()


def test_a_fixed_size_stays(tmp_path: Path) -> None:
    prepared = prepare(pooling_network(tmp_path / "n.onnx", size=40))
    assert chosen(prepared) == (40, 13, 4)
    assert prepared.reasons.halo == Phrase(EXACT)


def test_a_margin_belongs_to_the_halo(tmp_path: Path) -> None:
    prepared = prepare(valid_network(tmp_path / "n.onnx"))
    assert (prepared.shape.halo, prepared.shape.margin, prepared.shape.stride) == (2, 2, 1)


def test_without_time_the_usual_is_taken_and_told(tmp_path: Path) -> None:
    prepared = prepare(pooling_network(tmp_path / "n.onnx", size=40), seconds=-1)
    assert chosen(prepared) == (40, 8, 8)
    failure = Phrase(ProbeFailure.OUT_OF_TIME, {"limit": "-1"})
    assert prepared.reasons.halo == Phrase(HaloReason.PROBE_FAILED, {"failure": failure})
    assert prepared.reasons.stride == Phrase(StrideReason.DEFAULT)


def test_memory_is_measured_with_a_tile_of_the_run_that_the_network_takes(free: Path, tmp_path: Path) -> None:
    prepared = prepare(free)
    assert prepared.measured_sizes == [(1, 2, side, side) for side in (136, 272, 544)]
    odd = replace(prepared, shape=replace(prepared.shape, height=150, width=9000, margin=3, rest=1))
    assert odd.measured_sizes == [
        (1, 2, 4 * rows + 7, 4 * columns + 7) for rows, columns in ((7, 78), (16, 158), (35, 318))
    ]
    fixed = prepare(pooling_network(tmp_path / "n.onnx", size=40))
    assert fixed.measured_sizes == [(1, 2, 40, 40)]
