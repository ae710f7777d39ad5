# SPDX-License-Identifier: GPL-2.0-or-later
"""The cells that a model was trained on, and the warning where a result has others."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import CellSizes, ModelDefinition, parse_emd, write_emd
from classify_pixels.inference.raster import cell_size_in
from classify_pixels.inference.run.cell_size_warning import cell_size_warning
from tests.networks import class_definition
from tests.unit.rasters import wkt

UTM33, WEB, DEGREES = 32633, 3857, 4326

# 50 degrees north on the central meridian.
UTM_PLACE = (500_000, 5_538_630)


def grid(cell: float, code: int | None = UTM33, middle: tuple[float, float] = UTM_PLACE) -> Grid:
    """A grid of square cells around a place."""
    x, y = middle[0] - 50 * cell, middle[1] + 50 * cell
    return Grid(100, 100, (x, cell, 0, y, 0, -cell), "" if code is None else wkt(code))


def esri(x: float, y: float, **reference: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "spatialReference": reference}


def parsed(**keys: Any) -> ModelDefinition:
    return parse_emd(class_definition(Path("n.onnx"), 3, [1, 2], 64, **keys), "m")


lengths = st.tuples(st.floats(1e-9, 1e6), st.floats(1e-9, 1e6))


@given(lengths, lengths, st.none() | st.integers(1, 2**31 - 1))
def test_sizes_are_written_and_read_back(smallest: Any, largest: Any, wkid: int | None) -> None:
    definition = parsed(ModelName="m")
    sizes = CellSizes(smallest, largest, wkid)
    text = json.dumps(write_emd(replace(definition, cell_sizes=sizes)))
    assert parse_emd(json.loads(text), "m").cell_sizes == sizes


def test_sizes_of_a_definition() -> None:
    reference = {"wkid": 102100, "latestWkid": 3857}
    definition = parsed(MinCellSize=esri(0.3, 0.3, **reference), MaxCellSize=esri(0.6, 0.7, **reference))
    assert definition.cell_sizes == CellSizes((0.3, 0.3), (0.6, 0.7), 3857)
    assert definition.ignored == ()
    only = parsed(MaxCellSize=esri(10, 10, wkid=32633)).cell_sizes
    assert only == CellSizes((10, 10), (10, 10), 32633)


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "10 m",
        [],
        {},
        {"x": 10, "y": 10},
        esri(10, 10),
        esri(10, 10, wkid=None),
        esri(10, 10, wkid="EPSG:4326"),
        esri(10, 10, wkid=-3),
        esri(0, 10, wkid=4326),
        esri(10, math.nan, wkid=4326),
        esri(10, 10**400, wkid=4326),
        {"x": 10, "y": 10, "spatialReference": "WGS 84"},
    ],
)
def test_sizes_that_cannot_be_compared_are_left_out(value: Any) -> None:
    definition = parsed(MinCellSize=value, MaxCellSize=value)
    assert definition.cell_sizes is None
    assert definition.ignored == ()


@pytest.mark.parametrize(
    ("code", "cell", "middle", "wkid", "expected"),
    [
        (UTM33, 10, UTM_PLACE, UTM33, (10, 10)),
        # On the central meridian the scale of UTM is 0.9996.
        (UTM33, 10, UTM_PLACE, None, (10 / 0.9996, 10 / 0.9996)),
        # At 50 degrees Web Mercator stretches by 1 / cos 50.
        (UTM33, 10, UTM_PLACE, 3857, (10 / math.cos(math.radians(50)),) * 2),
        (WEB, 10, (1_669_792, 6_446_276), None, (10 * math.cos(math.radians(50)),) * 2),
        (DEGREES, 0.001, (15, 60), None, (55.8, 111.2)),
        (DEGREES, 0.001, (15, 60), DEGREES, (0.001, 0.001)),
        (DEGREES, 0.001, (15, 60), 102100, (111.3, 222.6)),
        (UTM33, 100, UTM_PLACE, DEGREES, (0.001398, 0.000899)),
        (DEGREES, 0.001, (180, 0), None, (111.2, 111.2)),
    ],
)
def test_a_cell_is_told_in_another_crs(code: int, cell: float, middle: Any, wkid: int | None, expected: Any) -> None:
    np.testing.assert_allclose(cell_size_in(grid(cell, code, middle), wkid), expected, rtol=0.01)


def test_a_turned_cell_is_as_long_as_a_straight_one() -> None:
    straight = grid(10)
    x, _, _, y, _, _ = straight.effective_transform
    turn = math.radians(30)
    dx, dy = 10 * math.cos(turn), 10 * math.sin(turn)
    turned = Grid(100, 100, (x, dx, dy, y, dy, -dx), straight.crs)
    np.testing.assert_allclose(cell_size_in(turned, UTM33), (10, 10))


@pytest.mark.parametrize(
    ("place", "wkid"), [(grid(10, None), None), (grid(10), 999_999), (Grid(10, 10, None, wkt(UTM33)), None)]
)
def test_what_cannot_be_compared_is_not(place: Grid, wkid: int | None, gdal_mode: None) -> None:
    assert cell_size_in(place, wkid) is None
    assert cell_size_warning(CellSizes((0.01, 0.01), (0.01, 0.01), wkid), place) is None


@pytest.mark.parametrize(("cell", "factor"), [(0.5, "0.05"), (7.9, "0.79"), (8.5, ""), (20, ""), (24, ""), (50, "2.5")])
def test_cells_far_from_the_trained_ones_are_warned_of(cell: float, factor: str) -> None:
    """Trained on 10 to 20 metres; a quarter more or less is nothing."""
    found = cell_size_warning(CellSizes((10, 10), (20, 20), UTM33), grid(cell))
    assert (found is None) == (factor == "")
    if found is not None:
        assert found.values["factor"] == factor


@pytest.mark.parametrize(("code", "middle"), [(UTM33, UTM_PLACE), (WEB, (1_669_792, 6_446_276)), (DEGREES, (15, 50))])
def test_the_advice_leads_to_the_trained_size(code: int, middle: Any) -> None:
    """It is in the units of the result's CRS, whatever those of the model are."""
    cell = 0.01 if code == DEGREES else 1000.0
    sizes = CellSizes((0.2, 0.2), (0.2, 0.2))
    found = cell_size_warning(sizes, grid(cell, code, middle))
    assert found is not None
    advised = float(str(found.values["size"]))
    assert cell_size_warning(sizes, grid(advised, code, middle)) is None
    assert advised < cell / 1000
