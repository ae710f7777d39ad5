# SPDX-License-Identifier: GPL-2.0-or-later
"""The context of ArcGIS clients, read without QGIS."""

from __future__ import annotations

from typing import Any

import pytest

from classify_pixels.inference.errors import ContextError, ContextKeyError, ContextKeyRefusedError, ExtentError
from classify_pixels.inference.run.esri_context import read_context
from classify_pixels.inference.run.esri_values import esri_extent


def is_equal(one: Any, other: Any) -> bool:
    return one == other


def read(value: Any) -> Any:
    return read_context(value, is_equal)


BOUNDS = {"xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}


@pytest.mark.parametrize("key", ["extent", "processExtent"])
@pytest.mark.parametrize("value", [BOUNDS, "1 2 3 4", "1, 2, 3, 4, NaN, NaN", [1, 2, 3, 4]])
def test_an_extent_has_two_names_and_several_forms(key: str, value: Any) -> None:
    assert read({key: value}).values["extent"] == BOUNDS


def test_two_different_extents_are_refused() -> None:
    with pytest.raises(ContextKeyRefusedError):
        read({"extent": BOUNDS, "processExtent": {**BOUNDS, "xmax": 9}})
    assert read({"extent": BOUNDS, "processExtent": BOUNDS}).values["extent"] == BOUNDS


def test_harmless_keys_are_reported_and_empty_ones_dropped() -> None:
    context = read('{"outSR": {"wkid": 4326}, "tileSize": "128 128", "mask": ""}')
    assert context.values == {"outSR": {"wkid": 4326}}
    assert context.ignored == ("tileSize",)


@pytest.mark.parametrize("value", ["[1]", "{", 7])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(ContextError):
        read(value)


@pytest.mark.parametrize("content", [{"cellsize": 3}, {"env:mask": "x"}])
def test_a_misspelt_key_is_refused(content: Any) -> None:
    with pytest.raises(ContextKeyError):
        read(content)


@pytest.mark.parametrize("content", [{"renderingRule": {"a": 1}}, {"nodata": "MAXIMUM"}, {"processSR": 4326}])
def test_a_key_that_would_change_pixels_is_refused(content: Any) -> None:
    with pytest.raises(ContextKeyRefusedError):
        read(content)


def test_an_unknown_spatial_reference_of_an_extent_is_refused() -> None:
    with pytest.raises(ExtentError):
        esri_extent({**BOUNDS, "spatialReference": {"wkid": 1}}, lambda reference: "")
    assert esri_extent({**BOUNDS, "spatialReference": {"wkid": 1}}, lambda reference: "WKT").crs == "WKT"


@pytest.mark.parametrize("content", ['{"cellSize": 10, "cellSize": 20}', '{"extent": {"xmin": 1, "xmin": 2}}'])
def test_a_key_with_two_values_is_refused(content: str) -> None:
    with pytest.raises(ContextError, match="twice"):
        read(content)
