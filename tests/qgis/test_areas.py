# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas of cells against QGIS's own measurement on the ellipsoid, of their common outline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
)

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster.write.area import cell_areas
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import classify

PER_EDGE = 400


def measured(grid: Grid, crs: QgsCoordinateReferenceSystem) -> float:
    """Returns the area of a grid's outline in square metres, as QGIS measures it."""
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    corners = [(0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height), (0, 0)]
    places = [
        (a + (c - a) * part / PER_EDGE, b + (d - b) * part / PER_EDGE)
        for (a, b), (c, d) in zip(corners, corners[1:])
        for part in range(PER_EDGE)
    ]
    ring = [QgsPointXY(x0 + c * dx + r * rx, y0 + c * ry + r * dy) for c, r in places]
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsCoordinateTransformContext())
    assert measure.setEllipsoid(crs.ellipsoidAcronym())
    return float(measure.measureArea(QgsGeometry.fromPolygonXY([ring])))


@pytest.mark.parametrize(
    ("system", "transform"),
    [
        ("EPSG:32635", (300_000, 500, 0, 7_220_000, 0, -500)),
        ("EPSG:32635", (300_000, 300, 400, 7_220_000, 400, -300)),
        ("EPSG:4087", (1_000_000, 700, 0, 7_300_000, 0, -700)),
        ("EPSG:3857", (-1_000_000, 3000, 0, 9_000_000, 0, -3000)),
        ("EPSG:3395", (-1_000_000, 3000, 0, 9_000_000, 0, -3000)),
        ("EPSG:3995", (500_000, 1000, 0, 800_000, 0, -1000)),
        ("EPSG:3031", (-1_500_000, 2000, 500, -800_000, 500, -2000)),
        ("EPSG:32661", (2_600_000, 1000, 0, 3_800_000, 0, -1000)),
        ("EPSG:3035", (4_300_000, 100, 0, 3_200_000, 0, -100)),
        ("EPSG:5070", (-1_000_000, 30, 0, 2_000_000, 0, -30)),
        ("EPSG:2263", (900_000, 100, 0, 250_000, 0, -100)),
        ("EPSG:2154", (200_000, 1000, 0, 6_900_000, 0, -1000)),
        ("ESRI:54030", (2_000_000, 5000, 0, 6_000_000, 0, -5000)),
        ("ESRI:54009", (2_000_000, 5000, 0, 6_000_000, 0, -5000)),
        ("EPSG:4326", (10, 0.01, 0, 66, 0, -0.01)),
        ("EPSG:4326", (10, 0.008, 0.006, 66, 0.006, -0.008)),
        ("EPSG:27572", (600_000, 250, 0, 2_400_000, 0, -250)),
    ],
)
def test_cells_cover_what_qgis_measures(plugin: Any, system: str, transform: tuple[float, ...]) -> None:
    crs = QgsCoordinateReferenceSystem(system)
    assert crs.isValid()
    grid = Grid(300, 200, tuple(map(float, transform)), crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019))  # type: ignore[arg-type]
    areas = cell_areas(grid)
    assert areas is not None
    found = areas.of(grid.window).sum() * areas.unit
    assert found == pytest.approx(measured(grid, crs), rel=1e-4)


@pytest.mark.parametrize("system", ["EPSG:32635", "EPSG:3035", "EPSG:4087", "EPSG:3995", "EPSG:32661", "EPSG:3857"])
def test_a_scene_has_the_same_area_in_every_crs(plugin: Any, system: str, tmp_path: Path) -> None:
    """At 65 degrees north; the plane of EPSG:4087 is 2.4 times as large, that of the polar maps 1.04 to 1.09 times."""
    crs = QgsCoordinateReferenceSystem("EPSG:32635")
    transform = (500_000.0, 28.5, 0.0, 7_220_000.0, 0.0, -28.5)
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 352, 349), transform=transform, epsg=32635)
    network = identity_network(tmp_path / "network.onnx", 2)
    model = class_definition(network, 2, [3, 5], 128, Padding=0, ClassifyPixels={"Stride": 1})
    target = QgsCoordinateReferenceSystem(system).toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)
    result = classify(raster, model, tmp_path / "map.tif", crs=target, resampling="nearest")
    areas = [count.area for count in result.classes]
    assert None not in areas
    outline = measured(Grid(349, 352, transform), crs)
    assert outline == pytest.approx(99.86e6, rel=1e-4)
    assert sum(filter(None, areas)) == pytest.approx(outline, rel=1e-3)
    dataset = gdal.Open(str(tmp_path / "map.tif"))
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    assert [table.GetValueAsDouble(row, 2) for row in range(2)] == pytest.approx(areas)
