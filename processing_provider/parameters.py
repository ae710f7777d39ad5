# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters and outputs of the classification: name, type, description and help.

The names are a stable interface: saved models and scripts use them.
"""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ..inference.choices import NODATA_RULES, PROCESSOR_TYPES
from ..inference.choices import RESAMPLING as RESAMPLING_METHODS
from ..plugin_support.translation import tr
from .parameter_types import (
    ChoiceParameter,
    CrsParameter,
    ExtentParameter,
    LayerParameter,
    ModelParameter,
    PolygonsParameter,
    RasterParameter,
    ResultParameter,
    advanced,
    with_help,
)

INPUT = "INPUT"
MODEL = "MODEL"
MODEL_ARGUMENTS = "MODEL_ARGUMENTS"
PROCESS_ALL_RASTER_ITEMS = "PROCESS_ALL_RASTER_ITEMS"
STACK_ITEMS = "STACK_ITEMS"
EXTENT = "EXTENT"
TARGET_CRS = "TARGET_CRS"
CELL_SIZE = "CELL_SIZE"
SNAP_RASTER = "SNAP_RASTER"
MASK = "MASK"
RESAMPLING = "RESAMPLING"
BAND_MAPPING = "BAND_MAPPING"
INPUT_SCALE = "INPUT_SCALE"
INPUT_OFFSET = "INPUT_OFFSET"
INPUT_NODATA = "INPUT_NODATA"
NODATA_RULE = "NODATA_RULE"
PROCESSOR_TYPE = "PROCESSOR_TYPE"
PARALLEL_PROCESSING_FACTOR = "PARALLEL_PROCESSING_FACTOR"
CONTEXT = "CONTEXT"
COMPRESSION = "COMPRESSION"
CREATION_OPTIONS = "CREATION_OPTIONS"
PROBABILITY_BANDS = "PROBABILITY_BANDS"
OUTPUT = "OUTPUT"
OUTPUT_PROBABILITY = "OUTPUT_PROBABILITY"
OUTPUT_POLYGONS = "OUTPUT_POLYGONS"
MIN_PATCH = "MIN_PATCH"
SUMMARY = "SUMMARY"
# The page of a model's description.
OUTPUT_HTML = "OUTPUT_HTML"

# Processing imports the widgets by name, because they need a desktop.
WIDGETS = f"{__package__.rpartition('.')[0]}.ui.dialog.parameter_widgets"

COMPRESSIONS = ("DEFLATE", "LZW", "ZSTD", "PACKBITS", "NONE")
CLASSES, WINNER = "CLASSES", "WINNER"


def classify_pixels_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters in the order of the dialog."""
    return [
        *_main_parameters(),
        *map(advanced, [*_grid_parameters(), *_band_parameters(), *_run_parameters(), *_file_parameters()]),
        *_results(),
    ]


def classify_pixels_outputs() -> list[QgsProcessingOutputDefinition]:
    """Returns the outputs other than files."""
    return [
        QgsProcessingOutputString("CLASSES", tr("Classes with pixel counts and areas in square metres, as JSON")),
        QgsProcessingOutputNumber("CLASS_COUNT", tr("Number of classes found")),
        QgsProcessingOutputNumber("VALID_PIXELS", tr("Number of classified pixels")),
        QgsProcessingOutputString("DEVICE", tr("Device that ran the model")),
        QgsProcessingOutputNumber("TILES", tr("Number of tiles")),
        QgsProcessingOutputNumber("TILE_SIZE", tr("Tile size in pixels")),
        QgsProcessingOutputNumber("PADDING", tr("Padding in pixels")),
        QgsProcessingOutputNumber("SECONDS", tr("Run time in seconds")),
        QgsProcessingOutputNumber("PEAK_MEMORY", tr("Peak memory of the process in MB")),
    ]


def model_parameter() -> QgsProcessingParameterDefinition:
    """Returns the parameter for a model in any form."""
    return with_help(
        _with_widget(ModelParameter(MODEL, tr("Model"), fileFilter=model_filter()), "ModelWrapper"),
        tr(
            "An Esri model definition (.emd) or deep learning package (.dlpk); a bare network (.onnx, .pt, .pth, .pt2, "
            ".safetensors, .pb, .tflite, .xml); a STAC item of a model (.json); or a definition or reference as JSON."
        ),
    )


def processor_parameter(default: str | None = PROCESSOR_TYPES[0]) -> QgsProcessingParameterDefinition:
    """Returns the parameter for the kind of processor."""
    return with_help(
        _choice(PROCESSOR_TYPE, tr("Processor type"), PROCESSOR_TYPES, default),
        tr("AUTO or empty: a GPU if the runtime finds one, otherwise the CPU. GPU: the run fails without one."),
    )


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            RasterParameter(INPUT, tr("Input raster")),
            tr(
                "The raster to classify: a layer, a file, any name that GDAL opens, or an ArcGIS image service or "
                "portal item as JSON. A folder, a list, a tile index or a STAC file stands for several rasters. "
                "To sign in, end the address with |authcfg= and the id of a QGIS authentication configuration."
            ),
        ),
        model_parameter(),
        with_help(
            _with_widget(_text(MODEL_ARGUMENTS, tr("Model arguments")), "ArgumentsWrapper"),
            tr(
                "Names and values, such as padding 32;batch_size 4;tile_size 512, or JSON. Available: padding "
                "(pixels at each edge of a tile that are computed but not kept, or auto), batch_size, tile_size, "
                "predict_background, test_time_augmentation, merge_policy (mean, max or min), threshold, "
                "return_probability_raster, mixed_precision, output (name of a network output, or index from 0) and "
                "runtime (auto, onnxruntime, openvino or torch). "
                "Default: the values of the model."
            ),
        ),
        with_help(
            ExtentParameter(EXTENT, tr("Extent"), optional=True),
            tr("The part to classify, in any CRS. Default: the whole raster."),
        ),
        with_help(
            QgsProcessingParameterBoolean(
                PROCESS_ALL_RASTER_ITEMS, tr("Process all raster items separately"), defaultValue=False, optional=True
            ),
            tr(
                "Classify each of several rasters into a separate map, in a folder named after the output. A later run "
                "with the same settings keeps existing maps. Otherwise the rasters are mosaicked and classified as "
                "one."
            ),
        ),
    ]


def _grid_parameters() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            CrsParameter(TARGET_CRS, tr("Output CRS"), optional=True),
            tr("CRS of the result. Default: that of the raster."),
        ),
        with_help(
            # As text, because a number parameter reads the name of a raster as 0.
            _text(CELL_SIZE, tr("Cell size")),
            tr(
                "Cell size of the result in units of its CRS, or a raster with this size. With several rasters, MAXOF "
                "uses the coarsest cells and MINOF the finest. Default: that of the input."
            ),
        ),
        with_help(
            RasterParameter(SNAP_RASTER, tr("Snap raster"), optional=True),
            tr("Align output cells to this raster."),
        ),
        with_help(
            LayerParameter(MASK, tr("Mask"), optional=True),
            tr(
                "Polygons or a raster, including ArcGIS feature and image services. Nothing is computed outside the "
                "polygons, or where the raster is NoData. As in ArcGIS, every other value of the raster counts as "
                "inside, including 0."
            ),
        ),
        with_help(
            # Without a default, because a value here takes precedence over the context.
            _choice(RESAMPLING, tr("Resampling"), RESAMPLING_METHODS, None),
            tr("Resampling method for another CRS, cell size or alignment. Default: bilinear."),
        ),
    ]


def _band_parameters() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            QgsProcessingParameterBoolean(STACK_ITEMS, tr("Stack raster items"), defaultValue=False, optional=True),
            tr(
                "Several rasters become the bands of one, for networks that take several dates: a list in its order, a "
                "folder by name, a STAC file by date. Items are brought to the cells of the first one. A pixel outside "
                "one of them is NoData there."
            ),
        ),
        with_help(
            _with_widget(_text(BAND_MAPPING, tr("Band mapping")), "BandsWrapper"),
            tr(
                "Raster band for each band of the model: 4,3,2 in the model's order, or red=4;nir=B8. Default: matched "
                "by name, wavelength or number."
            ),
        ),
        with_help(
            _text(INPUT_SCALE, tr("Input scale")),
            tr("Factor for the raster's values, or one per band of the model, such as 0.0001."),
        ),
        with_help(
            _text(INPUT_OFFSET, tr("Input offset")),
            tr("Number added to the scaled values, or one per band of the model, such as -1000."),
        ),
        with_help(
            _text(INPUT_NODATA, tr("Input NoData values")),
            tr("Additional values that are NoData in all bands, separated by commas."),
        ),
        with_help(
            _choice(NODATA_RULE, tr("NoData rule"), NODATA_RULES, NODATA_RULES[0]),
            tr(
                "ANY: a pixel is NoData if any band used by the model is NoData. ALL: only if all of them are. AUTO: "
                "ALL for 8-bit RGB images, otherwise ANY."
            ),
        ),
    ]


def _run_parameters() -> list[QgsProcessingParameterDefinition]:
    return [
        processor_parameter(default=None),
        with_help(
            _text(PARALLEL_PROCESSING_FACTOR, tr("Parallel processing factor")),
            tr(
                "Number of tiles processed at once, such as 4, or a share of the cores, such as 75%. At most one per "
                "core. Default: all cores."
            ),
        ),
        with_help(
            _text(CONTEXT, tr("Context")),
            tr(
                "Environment settings as JSON: extent, outSR, snapRaster, cellSize, mask, processorType, "
                "parallelProcessingFactor, gpuId, resamplingMethod. Parameters set separately take precedence."
            ),
        ),
    ]


def _file_parameters() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            _choice(COMPRESSION, tr("Compression"), COMPRESSIONS, COMPRESSIONS[0]),
            tr("Lossless compression of the result."),
        ),
        with_help(
            _text(CREATION_OPTIONS, tr("Creation options")),
            tr(
                "GDAL creation options for GeoTIFF, such as BLOCKXSIZE=256|BLOCKYSIZE=256. FORMAT=COG: cloud-optimized."
            ),
        ),
        with_help(
            _choice(PROBABILITY_BANDS, tr("Bands of scores"), (CLASSES, WINNER), CLASSES),
            tr("Bands of a raster of scores. CLASSES: one per class. WINNER: only the largest score."),
        ),
        with_help(
            _text(MIN_PATCH, tr("Minimum patch in polygons")),
            tr(
                "Size in pixels of the smallest patch of the polygons, such as 20. Smaller patches become part of "
                "their largest neighbour, as in GDAL's sieve; patches without a large neighbour stay. The classified "
                "raster does not change. Default: all patches."
            ),
        ),
    ]


def _results() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            ResultParameter(OUTPUT, tr("Classified raster")),
            tr("The class map, a GeoTIFF with the names and colours of the model's classes."),
        ),
        with_help(
            ResultParameter(OUTPUT_PROBABILITY, tr("Scores"), optional=True, createByDefault=False),
            tr("The scores as the network outputs them, a floating-point GeoTIFF."),
        ),
        with_help(
            PolygonsParameter(
                OUTPUT_POLYGONS,
                tr("Polygons"),
                QgsProcessing.SourceType.TypeVectorPolygon,
                optional=True,
                createByDefault=False,
            ),
            tr(
                "A polygon for each patch of connected pixels of a class, with class, name, colour, pixels, area (m² "
                "on the ellipsoid), hectares and, with scores, their mean: .gpkg, .geojson, .shp or .fgb."
            ),
        ),
        with_help(
            QgsProcessingParameterFileDestination(
                SUMMARY, tr("Summary"), tr("HTML files") + " (*.html)", optional=True, createByDefault=True
            ),
            tr("A page for the results viewer: classes with areas and shares, a chart, and the log."),
        ),
    ]


def _text(name: str, description: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterString(name, description, optional=True)


def _choice(
    name: str, description: str, options: tuple[str, ...], default: str | None
) -> QgsProcessingParameterDefinition:
    # By name, because the command line otherwise accepts only numbers.
    return ChoiceParameter(
        name, description, options=list(options), defaultValue=default, optional=True, usesStaticStrings=True
    )


def model_filter() -> str:
    """Returns the file filter for models, for file dialogs."""
    return ";;".join(
        [
            tr("Models") + " (*.emd *.dlpk *.onnx *.pt *.pth *.ckpt *.pt2 *.safetensors *.pb *.tflite *.xml *.json)",
            tr("Esri model definition") + " (*.emd)",
            tr("Deep learning package") + " (*.dlpk)",
            tr("STAC item of a model") + " (*.json)",
            tr("Networks") + " (*.onnx *.pt *.pth *.ckpt *.pt2 *.safetensors *.pb *.tflite *.xml *.pdmodel)",
        ]
    )


def _with_widget(parameter: QgsProcessingParameterDefinition, wrapper: str) -> QgsProcessingParameterDefinition:
    """Sets the widget of the parameter, imported only by dialogs."""
    parameter.setMetadata({"widget_wrapper": {"class": f"{WIDGETS}.{wrapper}"}})
    return parameter
