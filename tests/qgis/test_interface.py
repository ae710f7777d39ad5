# SPDX-License-Identifier: GPL-2.0-or-later
"""The public interface: ids, parameters and outputs; and loading and unloading of the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
)
from qgis.gui import QgsGui, QgsProcessingGui

from .command import ALGORITHM, ROOT

# Name: type, optional, advanced, default. Saved models and scripts use these names: never change one.
PARAMETERS = {
    "INPUT": ("raster", False, False, None),
    "MODEL": ("file", False, False, None),
    "MODEL_ARGUMENTS": ("string", True, False, None),
    "EXTENT": ("extent", True, False, None),
    "PROCESS_ALL_RASTER_ITEMS": ("boolean", True, False, False),
    "TARGET_CRS": ("crs", True, True, None),
    "CELL_SIZE": ("string", True, True, None),
    "SNAP_RASTER": ("raster", True, True, None),
    "MASK": ("layer", True, True, None),
    "RESAMPLING": ("enum", True, True, None),
    "STACK_ITEMS": ("boolean", True, True, False),
    "BAND_MAPPING": ("string", True, True, None),
    "INPUT_SCALE": ("string", True, True, None),
    "INPUT_OFFSET": ("string", True, True, None),
    "INPUT_NODATA": ("string", True, True, None),
    "NODATA_RULE": ("enum", True, True, "AUTO"),
    "PROCESSOR_TYPE": ("enum", True, True, None),
    "PARALLEL_PROCESSING_FACTOR": ("string", True, True, None),
    "CONTEXT": ("string", True, True, None),
    "COMPRESSION": ("enum", True, True, "DEFLATE"),
    "CREATION_OPTIONS": ("string", True, True, None),
    "PROBABILITY_BANDS": ("enum", True, True, "CLASSES"),
    "MIN_PATCH": ("string", True, True, None),
    "OUTPUT": ("rasterDestination", False, False, None),
    "OUTPUT_PROBABILITY": ("rasterDestination", True, False, None),
    "OUTPUT_POLYGONS": ("vectorDestination", True, False, None),
    "SUMMARY": ("fileDestination", True, False, None),
}
OUTPUTS = {
    "OUTPUT": "outputRaster",
    "OUTPUT_PROBABILITY": "outputRaster",
    "OUTPUT_POLYGONS": "outputVector",
    "SUMMARY": "outputHtml",
    "CLASSES": "outputString",
    "CLASS_COUNT": "outputNumber",
    "VALID_PIXELS": "outputNumber",
    "DEVICE": "outputString",
    "TILES": "outputNumber",
    "TILE_SIZE": "outputNumber",
    "PADDING": "outputNumber",
    "SECONDS": "outputNumber",
    "PEAK_MEMORY": "outputNumber",
}

DESCRIBE, PACKAGE = "deeplearning:describemodel", "deeplearning:packagemodel"
DESCRIBE_PARAMETERS = {
    "MODEL": ("file", False, False, None),
    "PROCESSOR_TYPE": ("enum", True, True, "AUTO"),
    "OUTPUT_HTML": ("fileDestination", True, False, None),
}
DESCRIBE_OUTPUTS = {
    "OUTPUT_HTML": "outputHtml",
    "TEXT": "outputString",
    "JSON": "outputString",
    "RUNS": "outputBoolean",
    "DEVICE": "outputString",
    "PROBLEM": "outputString",
    "BAND_COUNT": "outputNumber",
    "CLASS_COUNT": "outputNumber",
}
PACKAGE_PARAMETERS = {
    "WEIGHTS": ("file", False, False, None),
    "NAME": ("string", True, False, None),
    "CLASSES": ("matrix", True, False, None),
    "CLASSES_LAYER": ("layer", True, False, None),
    "BANDS": ("string", True, False, None),
    "SCALE": ("string", True, False, None),
    "MEAN": ("string", True, False, None),
    "STD": ("string", True, False, None),
    "TILE_SIZE": ("number", True, False, None),
    "PADDING": ("number", True, True, None),
    "DESCRIPTION": ("string", True, True, None),
    "VERSION": ("string", True, True, None),
    "DEFINITION": ("file", True, True, None),
    "FILES": ("multilayer", True, True, None),
    "OUTPUT": ("fileDestination", False, False, None),
    "OUTPUT_EMD": ("fileDestination", True, False, None),
}
PACKAGE_OUTPUTS = {
    "OUTPUT": "outputFile",
    "OUTPUT_EMD": "outputFile",
    "EMD": "outputString",
    "RUNS": "outputBoolean",
    "BAND_COUNT": "outputNumber",
    "CLASS_COUNT": "outputNumber",
}
ASSESS, SAMPLE = "deeplearning:assessaccuracy", "deeplearning:samplepoints"
ASSESS_PARAMETERS = {
    "INPUT": ("raster", False, False, None),
    "REFERENCE": ("layer", False, False, None),
    "REFERENCE_FIELD": ("field", True, False, None),
    "STRATUM_FIELD": ("field", True, True, None),
    "STRATA": ("raster", True, True, None),
    "OUTPUT_HTML": ("fileDestination", True, False, None),
    "OUTPUT_JSON": ("fileDestination", True, False, None),
    "OUTPUT_CSV": ("fileDestination", True, False, None),
}
ASSESS_OUTPUTS = {
    "OUTPUT_HTML": "outputHtml",
    "OUTPUT_JSON": "outputFile",
    "OUTPUT_CSV": "outputFile",
    "ACCURACY": "outputString",
    "SAMPLES": "outputNumber",
    "OVERALL_ACCURACY": "outputNumber",
    "KAPPA": "outputNumber",
    "ESTIMATED_ACCURACY": "outputNumber",
    "ESTIMATED_MARGIN": "outputNumber",
}
SAMPLE_PARAMETERS = {
    "INPUT": ("raster", False, False, None),
    "SIZE": ("number", True, False, None),
    "ALLOCATION": ("enum", True, False, "MIXED"),
    "MINIMUM": ("number", True, False, 50),
    "COUNTS": ("string", True, False, None),
    "TARGET_ERROR": ("number", True, True, 0.01),
    "EXPECTED_ACCURACY": ("string", True, True, "0.9"),
    "SEED": ("number", True, True, None),
    "OUTPUT": ("vectorDestination", False, False, None),
}
SAMPLE_OUTPUTS = {
    "OUTPUT": "outputVector",
    "COUNT": "outputNumber",
    "SEED": "outputNumber",
    "CLASSES": "outputString",
}
INTERFACES = {
    ALGORITHM: (PARAMETERS, OUTPUTS),
    DESCRIBE: (DESCRIBE_PARAMETERS, DESCRIBE_OUTPUTS),
    PACKAGE: (PACKAGE_PARAMETERS, PACKAGE_OUTPUTS),
    ASSESS: (ASSESS_PARAMETERS, ASSESS_OUTPUTS),
    SAMPLE: (SAMPLE_PARAMETERS, SAMPLE_OUTPUTS),
}


@pytest.fixture(params=INTERFACES)
def algorithm(plugin: Any, request: pytest.FixtureRequest) -> QgsProcessingAlgorithm:
    """Each algorithm in the registry."""
    return QgsApplication.processingRegistry().algorithmById(request.param)


# --- the stable interface -----------------------------------------------------------------------------


def test_algorithms(plugin: Any) -> None:
    provider = QgsApplication.processingRegistry().providerById("deeplearning")
    assert sorted(algorithm.id() for algorithm in provider.algorithms()) == sorted(INTERFACES)


def test_parameters(algorithm: QgsProcessingAlgorithm) -> None:
    flags = QgsProcessingParameterDefinition.Flag
    found = {
        definition.name(): (
            definition.type(),
            bool(definition.flags() & flags.FlagOptional),
            bool(definition.flags() & flags.FlagAdvanced),
            definition.defaultValue(),
        )
        for definition in algorithm.parameterDefinitions()
    }
    expected, _ = INTERFACES[algorithm.id()]
    assert found == expected
    assert list(found) == list(expected)


def test_outputs(algorithm: QgsProcessingAlgorithm) -> None:
    assert {output.name(): output.type() for output in algorithm.outputDefinitions()} == INTERFACES[algorithm.id()][1]


@pytest.mark.parametrize("name", [ALGORITHM, DESCRIBE])
def test_processor_types(name: str, plugin: Any) -> None:
    algorithm = QgsApplication.processingRegistry().algorithmById(name)
    definition = algorithm.parameterDefinition("PROCESSOR_TYPE")
    assert definition.options() == ["AUTO", "CPU", "GPU"]
    assert definition.usesStaticStrings()


@pytest.mark.parametrize("name", ["PROCESSOR_TYPE", "RESAMPLING"])
def test_a_dialog_leaves_open_what_the_context_may_say(name: str, plugin: Any) -> None:
    definition = QgsApplication.processingRegistry().algorithmById(ALGORITHM).parameterDefinition(name)
    registry = QgsGui.processingGuiRegistry()
    wrapper = registry.createParameterWidgetWrapper(definition, QgsProcessingGui.WidgetType.Standard)
    context = QgsProcessingContext()
    widget = wrapper.createWrappedWidget(context)
    wrapper.setParameterValue(definition.defaultValue(), context)
    assert wrapper.parameterValue() is None
    wrapper.setParameterValue(definition.options()[0], context)
    assert wrapper.parameterValue() == definition.options()[0]
    widget.deleteLater()


def test_every_parameter_and_output_is_described(algorithm: QgsProcessingAlgorithm) -> None:
    for definition in algorithm.parameterDefinitions():
        assert definition.description().strip(), definition.name()
        assert len(definition.help()) > 20, definition.name()
        assert definition.help().rstrip().endswith("."), definition.name()
    assert all(output.description().strip() for output in algorithm.outputDefinitions())


def test_copies_of_a_parameter_keep_their_class(algorithm: QgsProcessingAlgorithm) -> None:
    for definition in algorithm.parameterDefinitions():
        assert type(definition.clone()) is type(definition), definition.name()


def test_algorithm_may_run_in_the_background_and_be_cancelled(algorithm: QgsProcessingAlgorithm) -> None:
    flags = QgsProcessingAlgorithm.Flag
    assert not algorithm.flags() & flags.FlagNoThreading
    assert algorithm.flags() & flags.FlagCanCancel


def test_algorithm_tells_what_it_does(algorithm: QgsProcessingAlgorithm) -> None:
    assert algorithm.shortDescription().endswith(".")
    assert algorithm.shortHelpString().strip()
    assert algorithm.tags()
    assert all([algorithm.displayName(), algorithm.group(), algorithm.groupId()])
    assert not algorithm.icon().isNull()
    assert Path(algorithm.svgIconPath()).is_file()


def test_provider_tells_its_name_version_and_formats(plugin: Any) -> None:
    provider = QgsApplication.processingRegistry().providerById("deeplearning")
    metadata = (ROOT / "metadata.txt").read_text(encoding="utf-8")
    assert f"version={provider.versionInfo()}\n" in metadata
    assert all([provider.name(), provider.longName()])
    assert provider.defaultRasterFileExtension() == "tif"
    assert not provider.icon().isNull()


# --- coming and going ---------------------------------------------------------------------------------


@pytest.fixture
def unloaded(plugin: Any) -> Iterator[Any]:
    """The plugin, unloaded during the test."""
    plugin.unload()
    yield plugin
    plugin.unload()
    plugin.initProcessing()


def _providers() -> int:
    return [p.id() for p in QgsApplication.processingRegistry().providers()].count("deeplearning")


def test_unloading_unregisters_the_provider(unloaded: Any) -> None:
    assert _providers() == 0
    assert QgsApplication.processingRegistry().algorithmById(ALGORITHM) is None


def test_plugin_may_be_loaded_and_unloaded_twice(unloaded: Any) -> None:
    for _ in range(2):
        unloaded.initProcessing()
        unloaded.initGui()
        assert _providers() == 1
        assert QgsApplication.processingRegistry().algorithmById(ALGORITHM) is not None
        unloaded.unload()
        unloaded.unload()
        assert _providers() == 0


def test_another_instance_works_after_the_first_one(unloaded: Any) -> None:
    from classify_pixels import classFactory

    for _ in range(2):
        instance = classFactory(None)
        instance.initGui()
        assert _providers() == 1
        instance.unload()
        assert _providers() == 0
