# SPDX-License-Identifier: GPL-2.0-or-later
"""Where results lie, as GDAL and PROJ read it from the finished files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from classify_pixels.inference.errors import PlacingFileError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import (
    Extent,
    GdalInput,
    GridRequest,
    RasterFormat,
    check_unplaced,
    crs_lies_beside,
    open_scene,
)
from classify_pixels.inference.raster.collection import read_collection
from classify_pixels.inference.raster.read.source import grid_of
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.result import Classification
from classify_pixels.inference.window import Window
from tests.networks import class_definition, identity_network
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, wkt, write_raster
from tests.unit.runs import Recorder

ARC_SECONDS = wkt(4326).replace('UNIT["degree",0.0174532925199433', 'UNIT["arc-second",4.84813681109536E-06')
LYING_CODE = wkt(32633).replace('PARAMETER["false_easting",500000]', 'PARAMETER["false_easting",400000]')
KILOMETRES = wkt(32633).replace('UNIT["metre",1', 'UNIT["kilometre",1000')
GOES = "+proj=geos +h=35785831 +lon_0=-75 +ellps=GRS80 +units=m"
ROTATED = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +ellps=WGS84 +to_meter=0.0174532925199433"

# Numbers that lie in each.
IN_DEGREES, IN_METRES = (10.0, 0.01, 0.0, 50.0, 0.0, -0.01), TRANSFORM
IN_SECONDS = (36_000.0, 36.0, 0.0, 180_000.0, 0.0, -36.0)
IN_KILOMETRES = (500.0, 0.01, 0.0, 5_200.0, 0.0, -0.01)


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    """The brighter one of two bands names the class, 3 or 5."""
    network = identity_network(tmp_path / "network.onnx", 2)
    return class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})


def classify(
    raster: Any,
    model: dict[str, Any],
    output: Path,
    progress: Recorder | None = None,
    form: RasterFormat = RasterFormat(),  # noqa: B008  (frozen)
    scores: Path | None = None,
    **environment: Any,
) -> Classification:
    request = ClassificationRequest(
        raster=GdalInput(str(raster)) if isinstance(raster, Path) else raster,
        model=ModelReference(document=model),
        output=output,
        probability_output=scores,
        form=form,
        environment=Environment(cache=output.parent / "cache", **environment),
    )
    return classify_pixels(request, progress or Recorder())


def reference_of(text: str) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    assert reference.SetFromUserInput(text) == 0
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def placed(path: Path, crs: osr.SpatialReference, transform: Any) -> Path:
    """Writes a raster whose CRS lies beside it where the file itself does not hold it."""
    write_raster(path, random_pixels(2, 20, 30), transform=transform, epsg=None)
    dataset = gdal.Open(str(path))
    dataset.SetSpatialRef(crs)
    dataset.FlushCache()
    return path


def corner(path: Path) -> tuple[float, float]:
    """Returns the degrees of a raster's last corner, as PROJ has them."""
    dataset = gdal.Open(str(path))
    source, target = dataset.GetSpatialRef(), reference_of("EPSG:4326")
    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    place = (x0 + 30 * dx + 20 * rx, y0 + 30 * ry + 20 * dy)
    return tuple(osr.CoordinateTransformation(source, target).TransformPoint(*place)[:2])


def not_in_file(path: Path) -> bool:
    """Tells whether a raster lies elsewhere, or has another CRS, without what lies beside it."""
    alone = gdal.OpenEx(str(path), open_options=["GEOREF_SOURCES=INTERNAL"]).GetSpatialRef()
    return alone is None or not same_texts(alone, gdal.Open(str(path)).GetSpatialRef())


def same_texts(first: osr.SpatialReference, second: osr.SpatialReference) -> bool:
    """Compares all numbers of two CRSs, which come in the same order."""
    numbers = [re.findall(r"[-+]?\d[\d.eE+-]*", reference.ExportToProj4()) for reference in (first, second)]
    return numbers[0] == numbers[1]


# --- what a GeoTIFF does not hold ------------------------------------------------------------------


@pytest.mark.parametrize("form", [RasterFormat(), RasterFormat(cloud_optimized=True)], ids=["plain", "COG"])
@pytest.mark.parametrize(
    ("crs", "transform", "beside"),
    [
        ("EPSG:32633", IN_METRES, False),
        ("EPSG:32633+5773", IN_METRES, False),
        # What GeoTIFF holds of these depends on GDAL's version.
        (ARC_SECONDS, IN_SECONDS, None),
        ("EPSG:4807", IN_DEGREES, None),
        (LYING_CODE, IN_METRES, None),
        (KILOMETRES, IN_KILOMETRES, None),
        (GOES, IN_METRES, None),
        (ROTATED, IN_DEGREES, None),
        ("EPSG:8857", IN_METRES, None),
    ],
    ids=["utm", "heights", "arc seconds", "grads", "lying code", "kilometres", "satellite", "rotated", "equal earth"],
)
def test_a_result_lies_where_its_raster_lies(
    crs: str, transform: Any, beside: bool | None, form: RasterFormat, model: dict[str, Any], tmp_path: Path
) -> None:
    raster, output = placed(tmp_path / "scene.tif", reference_of(crs), transform), tmp_path / "map.tif"
    progress = Recorder()
    classify(raster, model, output, progress=progress, form=form)
    dataset = gdal.Open(str(output))
    assert dataset.GetGeoTransform() == transform
    assert corner(output) == pytest.approx(corner(raster), abs=1e-9)
    told = bool(progress.said(Note.CRS_BESIDE))
    assert crs_lies_beside(output) == told
    # Names alone, which GeoTIFF changes as well, are told too.
    assert told == beside if beside is not None else told or not not_in_file(output)
    # Whatever else lies there as well.
    assert dataset.GetRasterBand(1).GetDefaultRAT().GetRowCount() == 2


def test_scores_and_control_points_lie_there_as_well(model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    dataset = gdal.Open(str(raster))
    points = [gdal.GCP(36_000 + 36 * c, 180_000 - 36 * r, 7, c, r) for c, r in ((0, 0), (30, 0), (0, 20), (29, 19))]
    dataset.SetGCPs(points, reference_of(ARC_SECONDS))
    dataset = None
    scores = tmp_path / "scores.tif"
    classify(raster, model, tmp_path / "map.tif", scores=scores)
    for output in (tmp_path / "map.tif", scores):
        found = gdal.Open(str(output))
        assert found.GetGCPSpatialRef().GetAttrValue("UNIT") == "arc-second"
        assert [(p.GCPX, p.GCPY, p.GCPZ, p.GCPPixel, p.GCPLine) for p in found.GetGCPs()] == [
            (p.GCPX, p.GCPY, p.GCPZ, p.GCPPixel, p.GCPLine) for p in points
        ]


# --- coordinates that move ---------------------------------------------------------------------------


def moving(path: Path, transform: Any = IN_DEGREES) -> Path:
    reference = reference_of("EPSG:9000")
    reference.SetCoordinateEpoch(2021.3)
    write_raster(path, random_pixels(2, 20, 30), transform=transform, epsg=None)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetSpatialRef(reference)
    return path


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"cell_size": (0.02, 0.02)},
        {"crs": wkt(9000)},
        {"mosaic": True},
        {"transform": (10.0, 0.008, 0.006, 50.0, 0.006, -0.008), "cell_size": (0.02, 0.02)},
    ],
    ids=["as it is", "other cells", "the same CRS", "mosaic", "rotated"],
)
def test_the_epoch_of_coordinates_is_kept(asked: dict[str, Any], model: dict[str, Any], tmp_path: Path) -> None:
    asked = dict(asked)
    (tmp_path / "scenes").mkdir()
    raster: Any = moving(tmp_path / "scenes" / "a.tif", asked.pop("transform", IN_DEGREES))
    if asked.pop("mosaic", False):
        moving(tmp_path / "scenes" / "b.tif", (10.3, *IN_DEGREES[1:]))
        raster = read_collection(str(tmp_path / "scenes"))
    classify(raster, model, tmp_path / "map.tif", **asked)
    found = gdal.Open(str(tmp_path / "map.tif")).GetSpatialRef()
    assert found.GetCoordinateEpoch() == 2021.3
    assert found.GetAuthorityCode(None) == "9000"


def test_a_crs_that_moves_with_its_plate_has_no_epoch(model: dict[str, Any], tmp_path: Path) -> None:
    classify(moving(tmp_path / "scene.tif"), model, tmp_path / "map.tif", crs=wkt(25833))
    assert gdal.Open(str(tmp_path / "map.tif")).GetSpatialRef().GetCoordinateEpoch() == 0


# --- rational polynomials ----------------------------------------------------------------------------


def with_polynomials(path: Path, unit: str = "", transform: Any = None) -> Path:
    """Cells of 0.004 degrees from 11.9 degrees east and 50.08 north, with a bend."""
    write_raster(path, random_pixels(2, 40, 50), transform=transform, epsg=None if transform is None else 4326)

    def terms(**values: float) -> str:
        return " ".join(str(values.get(f"t{number}", 0)) for number in range(20))

    numbers = {"LAT_OFF": 50, "LONG_OFF": 12, "HEIGHT_OFF": 0, "LINE_SCALE": 20, "SAMP_SCALE": 25}
    numbers |= {"LAT_SCALE": 0.08, "LONG_SCALE": 0.1, "HEIGHT_SCALE": 100}
    polynomials = {"LINE_NUM_COEFF": terms(t2=-1, t4=0.01), "SAMP_NUM_COEFF": terms(t1=1, t7=0.02)}
    polynomials |= {"LINE_DEN_COEFF": terms(t0=1), "SAMP_DEN_COEFF": terms(t0=1, t2=0.001)}
    offsets = {"LINE_OFF": f"20.25{unit}", "SAMP_OFF": f"25.5{unit}"}
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata({name: str(value) for name, value in {**numbers, **polynomials, **offsets}.items()}, "RPC")
    return path


def places(path: Path, cells: list[tuple[float, float]]) -> np.ndarray:
    transformer = gdal.Transformer(gdal.Open(str(path)), None, ["METHOD=RPC"])
    return np.array([transformer.TransformPoint(0, *cell)[1] for cell in cells])


OFFSETS = ("LINE_OFF", "SAMP_OFF")
CELLS = [(0.0, 0.0), (12.5, 30.0), (50.0, 40.0)]


@pytest.mark.parametrize("form", [RasterFormat(), RasterFormat(cloud_optimized=True)], ids=["plain", "COG"])
@pytest.mark.parametrize("transform", [None, IN_DEGREES], ids=["alone", "beside a transform"])
def test_a_result_keeps_the_polynomials(
    transform: Any, form: RasterFormat, model: dict[str, Any], tmp_path: Path
) -> None:
    raster, output = with_polynomials(tmp_path / "scene.tif", transform=transform), tmp_path / "map.tif"
    result = classify(raster, model, output, form=form)
    assert places(output, CELLS) == pytest.approx(places(raster, CELLS), abs=1e-9)
    assert gdal.Open(str(output)).GetGeoTransform(can_return_null=True) == transform
    assert all((count.area is None) == (transform is None) for count in result.classes)


@pytest.mark.parametrize("unit", ["", " pixels"])
def test_polynomials_move_with_a_crop(unit: str, tmp_path: Path) -> None:
    raster = with_polynomials(tmp_path / "scene.tif")
    grid = grid_of(gdal.Open(str(raster)))
    if unit:
        grid = grid_of(FakeDataset({name: text + unit * (name in OFFSETS) for name, text in grid.polynomials}))
    crop = grid.crop(Window(7, 11, 20, 20))
    part = write_raster(tmp_path / "part.tif", random_pixels(2, 20, 20), transform=None, epsg=None)
    dataset = gdal.Open(str(part), gdal.GA_Update)
    dataset.SetMetadata(dict(crop.polynomials), "RPC")
    dataset = None
    moved = [(column - 7, row - 11) for column, row in CELLS]
    assert places(part, moved) == pytest.approx(places(raster, CELLS), abs=1e-9)


class FakeDataset:
    """A raster of 50 x 40 cells that has polynomials only."""

    RasterXSize, RasterYSize = 50, 40

    def __init__(self, polynomials: dict[str, str]) -> None:
        self._polynomials = polynomials

    def GetMetadata(self, domain: str) -> dict[str, str]:  # noqa: N802
        return self._polynomials if domain == "RPC" else {}

    def GetGeoTransform(self, can_return_null: bool) -> None:  # noqa: N802
        return None

    def __getattr__(self, name: str) -> Any:
        return lambda: () if name == "GetGCPs" else None


def test_polynomials_without_an_offset_are_none() -> None:
    assert grid_of(FakeDataset({"LINE_OFF": "5", "SAMP_OFF": "none"})).polynomials == ()
    assert grid_of(FakeDataset({"LINE_OFF": "5"})).polynomials == ()


def test_a_raster_on_another_grid_has_polynomials_no_longer(model: dict[str, Any], tmp_path: Path) -> None:
    raster, output = with_polynomials(tmp_path / "scene.tif"), tmp_path / "map.tif"
    classify(raster, model, output, crs=wkt(32633))
    assert not gdal.Open(str(output)).GetMetadata("RPC")
    assert gdal.Open(str(output)).GetGeoTransform(can_return_null=True) is not None


def warped_to(output: Path, raster: Path) -> tuple[np.ndarray, np.ndarray]:
    """The bands of a raster on the grid of a map, and where it covers that, by gdalwarp."""
    like = gdal.Open(str(output))
    x, dx, _, y, _, dy = like.GetGeoTransform()
    bounds = (x, y + like.RasterYSize * dy, x + like.RasterXSize * dx, y)
    found = gdal.Warp(
        "", str(raster), format="MEM", dstSRS=like.GetProjection(), outputBounds=bounds, width=like.RasterXSize,
        height=like.RasterYSize, dstAlpha=True, errorThreshold=0,
    ).ReadAsArray()  # fmt: skip
    return found[:2], found[2] != 0


@pytest.mark.parametrize("kind", ["polynomials", "coordinates", "control points", "both"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_a_mosaic_takes_rasters_that_are_placed_without_a_transform(
    kind: str, first: bool, model: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Also beside a raster with a transform, whose cells lie under or over them."""
    odd = request.getfixturevalue("swath") if kind == "coordinates" else tmp_path / "odd.tif"
    if kind in ("polynomials", "both"):
        with_polynomials(odd)
    elif kind == "control points":
        write_raster(odd, random_pixels(2, 40, 50), transform=None, epsg=None)
    if kind in ("control points", "both"):
        corners = [(0, 0), (50, 0), (0, 40), (50, 40), (25, 20)]
        points = [gdal.GCP(12 + c / 250 + r / 900, 50 - r / 250 + c / 700, 0, c, r) for c, r in corners]
        dataset = gdal.Open(str(odd), gdal.GA_Update)
        dataset.SetGCPs(points, wkt(4326))
        dataset = None
    transform = (12.05, 0.004, 0, 49.98, 0, -0.004)
    plain = write_raster(tmp_path / "plain.tif", random_pixels(2, 40, 50, seed=5), transform=transform, epsg=4326)
    rasters, output = ([odd, plain] if first else [plain, odd]), tmp_path / "map.tif"
    progress = Recorder()
    classify(read_collection([*map(str, rasters)]), model, output, progress=progress, resampling="nearest")
    # All of them are in degrees.
    assert not progress.said(Note.WARPED_FROM_CRS)
    expected = np.full(read_raster(output).shape, 255)
    for raster in rasters:
        pixels, covered = warped_to(output, raster)
        expected[covered] = np.where(pixels[1] > pixels[0], 5, 3)[covered]
    assert (expected != 255).sum() > 1500
    # GDAL finds the cell of a position by polynomials to a tenth of a cell.
    assert (read_raster(output) == expected).mean() > (0.97 if kind == "polynomials" else 0.997)


# --- arrays of coordinates ---------------------------------------------------------------------------


@pytest.fixture
def swath(tmp_path: Path) -> Path:
    """Places each cell by two rasters of coordinates, along lines that bend."""
    rows, columns = np.mgrid[0:40, 0:50].astype(float)
    longitude, latitude = 12 + 0.01 * columns + 0.002 * rows, 50 - 0.01 * rows + 0.00002 * columns**2
    for name, values in (("longitude", longitude), ("latitude", latitude)):
        write_raster(tmp_path / f"{name}.tif", values[None], transform=None, epsg=None)
    raster = write_raster(tmp_path / "swath.tif", random_pixels(2, 40, 50), transform=None, epsg=None)
    options = {"X_DATASET": str(tmp_path / "longitude.tif"), "Y_DATASET": str(tmp_path / "latitude.tif")}
    options |= {"X_BAND": "1", "Y_BAND": "1", "PIXEL_OFFSET": "0", "LINE_OFFSET": "0", "PIXEL_STEP": "1"}
    dataset = gdal.Open(str(raster))
    dataset.SetMetadata({**options, "LINE_STEP": "1", "SRS": wkt(4326)}, "GEOLOCATION")
    dataset.FlushCache()
    return raster


def test_a_swath_without_an_output_crs_has_no_place_and_says_so(
    swath: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    progress = Recorder()
    result = classify(swath, model, tmp_path / "map.tif", progress=progress)
    assert progress.said(Caution.NOT_GEOREFERENCED) == [{"raster": str(swath)}]
    assert all(count.area is None for count in result.classes)


@pytest.mark.parametrize("asked", [{"crs": wkt(32633)}, {"crs": wkt(4326)}])
def test_a_swath_is_brought_to_an_output_crs(
    asked: dict[str, Any], swath: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    progress, output = Recorder(), tmp_path / "map.tif"
    classify(swath, model, output, progress=progress, resampling="nearest", **asked)
    assert not progress.warnings
    dataset = gdal.Open(str(output))
    x0, dx, _, y0, _, dy = dataset.GetGeoTransform()
    options = {"outputBounds": (x0, y0 + dy * dataset.RasterYSize, x0 + dx * dataset.RasterXSize, y0)}
    options |= {"width": dataset.RasterXSize, "height": dataset.RasterYSize, "dstSRS": asked["crs"]}
    warped = gdal.Warp("", str(swath), format="MEM", geoloc=True, dstAlpha=True, errorThreshold=0, **options)
    first, second, alpha = warped.ReadAsArray()
    expected = np.where(alpha == 0, 255, np.where(first >= second, 3, 5))
    assert (read_raster(output) == expected).mean() > 0.99
    assert (expected != 255).sum() > 1500


# --- files that would give a wrong place -------------------------------------------------------------

WORLD = "10\n0\n0\n-10\n500005\n5199995\n"


@pytest.mark.parametrize("suffix", [".wld", ".tfw", ".TFW", ".tifw"])
def test_a_world_file_does_not_place_a_result_that_has_no_place(
    suffix: str, model: dict[str, Any], tmp_path: Path
) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    world, output = tmp_path / f"map{suffix}", tmp_path / "map.tif"
    world.write_text(WORLD, encoding="ascii")
    with pytest.raises(PlacingFileError, match=f"map{suffix}"):
        classify(raster, model, output)
    assert world.exists()
    assert not output.exists()
    # It would have: GDAL takes it.
    output.write_bytes(raster.read_bytes())
    assert gdal.Open(str(output)).GetGeoTransform() == TRANSFORM


def test_the_world_file_of_a_result_that_is_replaced_goes_with_it(model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), transform=None, epsg=None)
    output = tmp_path / "map.tif"
    output.write_bytes(raster.read_bytes())
    output.with_suffix(".tfw").write_text(WORLD, encoding="ascii")
    classify(raster, model, output)
    assert gdal.Open(str(output)).GetGeoTransform(can_return_null=True) is None


def test_control_points_would_give_way_to_a_world_file_as_well(tmp_path: Path) -> None:
    (tmp_path / "map.wld").write_text(WORLD, encoding="ascii")
    grid = grid_of(gdal.Open(str(with_polynomials(tmp_path / "scene.tif"))))
    with pytest.raises(PlacingFileError):
        check_unplaced(tmp_path / "map.tif", grid)
    check_unplaced(tmp_path / "map.tif", Grid(9, 9, TRANSFORM, wkt(32633)))


def test_a_table_of_mapinfo_is_no_place_unless_it_is_a_rasters(tmp_path: Path) -> None:
    table = tmp_path / "map.tab"
    table.write_text("!table\n!version 300\nDefinition Table\n  Type NATIVE\n", encoding="ascii")
    check_unplaced(tmp_path / "map.tif", Grid(9, 9))
    table.write_text('!table\n!version 300\nDefinition Table\n  File "map.tif"\n  Type "RASTER"\n', encoding="ascii")
    with pytest.raises(PlacingFileError):
        check_unplaced(tmp_path / "map.tif", Grid(9, 9))


def test_a_swath_with_an_extent_is_brought_to_degrees(swath: Path) -> None:
    extent = Extent((12.1, 49.7, 12.3, 49.9), wkt(4326))
    scene = open_scene(GdalInput(str(swath)), GridRequest(extent), "nearest")
    assert scene.source.grid.transform is not None
    assert not scene.source.grid.geolocated
    xmin, ymin, xmax, ymax = scene.source.grid.crop(scene.area).bounds
    assert (xmin, ymin, xmax, ymax) == pytest.approx((12.1, 49.7, 12.3, 49.9), abs=0.02)
    scene.source.close()
