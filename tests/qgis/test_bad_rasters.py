# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong rasters and extents: a sentence, a failed run, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from .bad_input import Bad, Case, Cases, Workshop, assert_command_refused, assert_refused
from .command import classify_plainly, needs_qgis_process
from .scenes import write_raster

case = Cases()


# --- the raster ---------------------------------------------------------------------------------------


@case
def raster_missing(_: Workshop) -> Bad:
    return Bad({"INPUT": "nothing.tif"}, ("nothing.tif", "the file does not exist"))


@case
def raster_is_a_text(workshop: Workshop) -> Bad:
    (workshop.folder / "notes.tif").write_text("no raster at all", encoding="utf-8")
    return Bad({"INPUT": "notes.tif"}, ("notes.tif", "cannot be read"))


@case
def raster_is_a_folder(workshop: Workshop) -> Bad:
    (workshop.folder / "empty").mkdir()
    return Bad({"INPUT": "empty"}, ("empty", "contains no raster"))


@case
def raster_truncated(workshop: Workshop) -> Bad:
    pixels = np.random.default_rng(2).integers(0, 255, (2, 300, 300), np.uint8)
    path = write_raster(workshop.folder / "half.tif", pixels, options=["COMPRESS=DEFLATE", "TILED=YES"])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return Bad({"INPUT": "half.tif"}, ("half.tif", "cannot be read"))


@case
def raster_truncated_in_its_header(workshop: Workshop) -> Bad:
    (workshop.folder / "head.tif").write_bytes((workshop.folder / "good.tif").read_bytes()[:6])
    return Bad({"INPUT": "head.tif"}, ("head.tif", "cannot be read"))


@case
def raster_with_too_few_bands(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "grey.tif", np.ones((1, 40, 50), np.uint8))
    return Bad({"INPUT": "grey.tif"}, ("needs band 2", "grey.tif has 1 band"))


@case
def raster_whose_second_band_is_alpha(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "alpha.tif", np.full((2, 40, 50), 255, np.uint8), alpha=True)
    return Bad({"INPUT": "alpha.tif"}, ("needs band 2", "alpha.tif has 1 band"))


@case
def raster_without_the_named_band(workshop: Workshop) -> Bad:
    return workshop.bad_model('needs band "nir"', "good.tif has 2 bands (red, green)", ExtractBands=["red", "nir"])


@case
def raster_of_complex_numbers(workshop: Workshop) -> Bad:
    write_raster(workshop.folder / "radar.tif", np.ones((2, 40, 50), np.complex64))
    return Bad({"INPUT": "radar.tif"}, ("Band 1 of radar.tif", "CFloat32"))


@case
def raster_is_a_container(workshop: Workshop) -> Bad:
    for table in ("first", "second"):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE={table}"]
        gdal.Translate(
            str(workshop.folder / "two.gpkg"),
            str(workshop.folder / "good.tif"),
            format="GPKG",
            creationOptions=options,
        )
    return Bad({"INPUT": "two.gpkg"}, ("two.gpkg is a container of 2 rasters", "GPKG:"))


# --- the extent ---------------------------------------------------------------------------------------


@case
def extent_that_misses(_: Workshop) -> Bad:
    return Bad({"EXTENT": "0,100,0,100 [EPSG:32633]"}, ("0, 0, 100, 100", "outside the raster good.tif"))


@case
def extent_without_area(_: Workshop) -> Bad:
    return Bad({"EXTENT": "500100,500100,5399700,5399900 [EPSG:32633]"}, ("500100", "it has no area"))


@case
def extent_of_zeros(_: Workshop) -> Bad:
    return Bad({"EXTENT": "0,0,0,0"}, ("The extent", "0"))


@case
def extent_in_esris_form_without_xmax(_: Workshop) -> Bad:
    return Bad({"EXTENT": '{"xmin": 1, "ymin": 2, "ymax": 4}'}, ("The extent", "xmin, ymin, xmax and ymax"))


@case
def extent_in_broken_json(_: Workshop) -> Bad:
    return Bad({"EXTENT": '{"xmin": 1,'}, ('{"xmin": 1,', "it is not JSON"))


@case
def extent_in_an_unknown_crs(_: Workshop) -> Bad:
    extent = {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9, "spatialReference": {"wkid": 999999}}
    return Bad({"EXTENT": json.dumps(extent)}, ("999999", "unknown"))


@case
def extent_whose_spatial_reference_is_a_list(_: Workshop) -> Bad:
    extent = {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9, "spatialReference": [4326]}
    return Bad({"EXTENT": json.dumps(extent)}, ("The extent", "4326"))


@case
def extent_that_no_projection_reaches(_: Workshop) -> Bad:
    return Bad({"EXTENT": "-170,-160,89.9,90 [EPSG:4326]"}, ("The extent", "89.9"))


# --- the tests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", case, ids=lambda make: make.__name__)
def test_bad_input_is_refused_with_a_sentence(make: Case, workshop: Workshop, run: Callable[..., Any]) -> None:
    assert_refused(workshop, make(workshop), run)


@needs_qgis_process
@pytest.mark.parametrize("make", [raster_truncated, extent_in_broken_json], ids=lambda make: make.__name__)
def test_the_command_line_ends_with_the_sentence_and_exit_code_1(make: Case, workshop: Workshop) -> None:
    assert_command_refused(workshop, make(workshop))


@needs_qgis_process
def test_the_good_input_of_these_tests_is_accepted(workshop: Workshop) -> None:
    finished = classify_plainly(workshop.folder, **workshop.good)
    assert finished.code == 0, finished.stderr
