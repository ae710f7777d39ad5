# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters for accuracy assessment and sample points: name, type, description and help."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterDefinition,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ..inference.choices import ALLOCATIONS, LARGEST_SEED
from ..plugin_support.translation import tr
from .parameter_types import ChoiceParameter, LayerParameter, RasterParameter, advanced, with_help

INPUT = "INPUT"
REFERENCE = "REFERENCE"
REFERENCE_FIELD = "REFERENCE_FIELD"
STRATUM_FIELD = "STRATUM_FIELD"
STRATA = "STRATA"
OUTPUT_HTML = "OUTPUT_HTML"
OUTPUT_JSON = "OUTPUT_JSON"
OUTPUT_CSV = "OUTPUT_CSV"

ALLOCATION = "ALLOCATION"
SIZE = "SIZE"
MINIMUM = "MINIMUM"
COUNTS = "COUNTS"
TARGET_ERROR = "TARGET_ERROR"
EXPECTED_ACCURACY = "EXPECTED_ACCURACY"
SEED = "SEED"
OUTPUT = "OUTPUT"

DEFAULT_MINIMUM, DEFAULT_TARGET, DEFAULT_EXPECTED = 50, 0.01, "0.9"


class FieldParameter(QgsProcessingParameterField):
    """A field of a layer; the run reports a missing one."""

    def clone(self) -> FieldParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return FieldParameter(self)


def assess_accuracy_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters of the assessment in the order of the dialog."""
    return [
        _class_map(tr("The class map to assess: a raster with a class value in each pixel.")),
        with_help(
            LayerParameter(REFERENCE, tr("Reference")),
            tr(
                "The truth: points or polygons with a class field, or a raster of class values. Points are compared "
                "with the pixel below them, polygons with each pixel whose centre is inside, rasters with their "
                "nearest pixel. Other CRSs are transformed."
            ),
        ),
        with_help(
            FieldParameter(REFERENCE_FIELD, tr("Class field"), None, REFERENCE, optional=True),
            tr(
                "The field with the true class of points and polygons: the value or the name of a class of the map. "
                "Features without a class are left out and counted."
            ),
        ),
        advanced(
            with_help(
                FieldParameter(STRATUM_FIELD, tr("Stratum field"), None, REFERENCE, optional=True),
                tr(
                    "The field with the stratum from which each point was drawn, such as map_class of Create sample "
                    "points. It must agree with the map, or with Strata. Default: the estimates are post-stratified by "
                    "the classes of the map."
                ),
            )
        ),
        advanced(
            with_help(
                RasterParameter(STRATA, tr("Strata"), optional=True),
                tr(
                    "The raster from which the sample was drawn, if it is not this map, such as an earlier version. "
                    "Default: the strata are the classes of the map."
                ),
            )
        ),
        _file(OUTPUT_HTML, tr("Report"), tr("HTML files") + " (*.html)", tr("All results as a page with heat maps.")),
        _file(OUTPUT_JSON, tr("Accuracy as JSON"), "JSON (*.json)", tr("All results for scripts."), False),
        _file(OUTPUT_CSV, tr("Accuracy as CSV"), "CSV (*.csv)", tr("A row per class for spreadsheets."), False),
    ]


def sample_points_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters of sample points in the order of the dialog."""
    return [
        _class_map(tr("The class map from which points are drawn: each class is a stratum.")),
        with_help(
            _integer(SIZE, tr("Number of points"), least=1),
            tr("Points in all classes together. Default: as many as the target standard error needs."),
        ),
        with_help(
            ChoiceParameter(
                ALLOCATION,
                tr("Allocation"),
                options=list(ALLOCATIONS),
                defaultValue=ALLOCATIONS[0],
                optional=True,
                usesStaticStrings=True,
            ),
            tr(
                "MIXED gives rare classes the minimum per class and divides the rest by area, as Olofsson et al. "
                "recommend. PROPORTIONAL divides by area, EQUAL gives each class the same number."
            ),
        ),
        with_help(
            _integer(MINIMUM, tr("Minimum per class"), least=0, default=DEFAULT_MINIMUM),
            tr("The least number of points of a class with the allocation MIXED."),
        ),
        with_help(
            QgsProcessingParameterString(COUNTS, tr("Points per class"), optional=True),
            tr(
                "One number for all classes, such as 100, or one per class by value, such as 1=75;2=150. It replaces "
                "number and allocation."
            ),
        ),
        *_size_parameters(),
        advanced(
            with_help(
                _integer(SEED, tr("Random seed"), least=0, most=LARGEST_SEED),
                tr("The same seed draws the same points from the same map. Default: a new seed, shown in the log."),
            )
        ),
        with_help(
            QgsProcessingParameterVectorDestination(OUTPUT, tr("Sample points")),
            tr(
                "A GeoPackage with points in random order, their class in the map, and an empty field reference for "
                "the true class."
            ),
        ),
    ]  # fmt: skip


def _size_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters that determine the number of points, unless it is given."""
    return [
        advanced(
            with_help(
                QgsProcessingParameterNumber(
                    TARGET_ERROR, tr("Target standard error"), QgsProcessingParameterNumber.Type.Double,
                    defaultValue=DEFAULT_TARGET, optional=True, minValue=0.0001, maxValue=0.5,
                ),
                tr("The standard error of the overall accuracy that determines the number of points."),
            )
        ),
        advanced(
            with_help(
                QgsProcessingParameterString(
                    EXPECTED_ACCURACY, tr("Expected user's accuracy"), defaultValue=DEFAULT_EXPECTED, optional=True
                ),
                tr(
                    "The expected share of right pixels, from 0 to 1, for the number of points: one for all classes, "
                    "such as 0.9, or one per class by value, such as 1=0.7;2=0.95."
                ),
            )
        ),
    ]  # fmt: skip


def _class_map(text: str) -> QgsProcessingParameterDefinition:
    return with_help(RasterParameter(INPUT, tr("Class map")), text)


def _file(
    name: str, description: str, kinds: str, text: str, by_default: bool = True
) -> QgsProcessingParameterDefinition:
    parameter = QgsProcessingParameterFileDestination(
        name, description, kinds, optional=True, createByDefault=by_default
    )
    return with_help(parameter, text)


def _integer(
    name: str, description: str, least: int, most: int = 10**9, default: int | None = None
) -> QgsProcessingParameterDefinition:
    kind = QgsProcessingParameterNumber.Type.Integer
    return QgsProcessingParameterNumber(name, description, kind, default, optional=True, minValue=least, maxValue=most)
