# SPDX-License-Identifier: GPL-2.0-or-later
"""Outputs with the names of inputs, of each other, and of side files."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify_pixels.inference.distinct_files import check_distinct
from classify_pixels.inference.errors import OutputIsInputError


@pytest.mark.parametrize(
    ("output", "other"),
    [
        ("map.tif", "map.tif"),
        ("map.tif.aux.xml", "map.tif"),
        ("MAP.TIF.OVR", "map.tif"),
        ("map.tif.msk", "map.tif"),
        ("map.tif.vat.dbf", "map.tif"),
        ("map.tfw", "map.tif"),
        ("map.qml", "map.tif"),
        ("truth.gpkg-wal", "truth.gpkg"),
        ("truth.gpkg-shm", "truth.gpkg"),
        ("truth.dbf", "truth.shp"),
        ("truth.cpg", "truth.shp"),
        ("x/../truth.prj", "truth.shp"),
        ("linked/map.tif.aux.xml", "map.tif"),
    ],
)
def test_an_output_is_no_other_file_of_the_run(output: str, other: str, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path)
    mine, theirs = tmp_path / output, tmp_path / other
    with pytest.raises(OutputIsInputError):
        check_distinct([mine], [str(theirs)])
    with pytest.raises(OutputIsInputError):
        check_distinct([mine, theirs], [])
    with pytest.raises(OutputIsInputError):
        check_distinct([theirs, mine], [])


def test_links_to_an_input_are_the_input(tmp_path: Path) -> None:
    (tmp_path / "map.tif").write_bytes(b"map")
    (tmp_path / "page.html").symlink_to(tmp_path / "map.tif")
    with pytest.raises(OutputIsInputError):
        check_distinct([tmp_path / "page.html"], [str(tmp_path / "map.tif")])


def test_other_names_are_free(tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("map.html", "map.json", "map.csv", "map.tif.html", "map2.tfw")]
    inputs = [str(tmp_path / "map.tif"), str(tmp_path / "truth.shp"), "", "/vsicurl/https://example.org/map.html"]
    check_distinct(outputs, inputs)
    check_distinct([tmp_path / "map.qml"], [str(tmp_path / "other" / "map.tif")])
