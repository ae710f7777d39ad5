# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions of models that can never run: said before any file or key is missed, from an .emd and from a package."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import (
    ArchitectureUnsupportedError,
    ClassifyPixelsError,
    FrameworkError,
    ModelKeyMissingError,
    ModelTypeError,
    TrainingTemplateError,
    WeightsMissingError,
)
from classify_pixels.inference.models import ModelReference, open_model, parse_emd, write_emd

CLASSES = [{"Value": 1, "Name": "a", "Color": [1, 2, 3]}, {"Value": 2, "Name": "b", "Color": [4, 5, 6]}]
# As definitions of published models are: no Framework, and ModelName and ModelConfiguration instead.
PUBLISHED = {
    "ModelName": "UnetClassifier", "ModelConfiguration": "_unet", "ModelType": "ImageClassification",
    "ModelFile": "net.pth", "ImageHeight": 256, "ImageWidth": 400, "ExtractBands": [0, 1, 2], "Classes": CLASSES,
    "ModelParameters": {"backbone": "resnet34"}, "SupportsVariableTileSize": True,
}  # fmt: skip
TRAINING = {
    "Framework": "", "ModelConfiguration": "", "ModelFile": "", "ModelType": "ImageClassification",
    "InferenceFunction": "[functions]System\\DeepLearning\\ImageClassifier.py", "ImageHeight": 256, "ImageWidth": 256,
    "ExtractBands": [0, 1, 2], "Classes": CLASSES, "InputRastersProps": {"RasterCount": 1}, "AllTilesStats": [],
}  # fmt: skip


def changed(document: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """Returns a definition with other keys; None leaves one out."""
    return {key: value for key, value in {**document, **keys}.items() if value is not None}


def forms(document: dict[str, Any], folder: Path) -> list[ModelReference]:
    """Returns a definition as JSON, as an .emd and in a package, each without its weights."""
    text = json.dumps(document)
    (folder / "model.emd").write_text(text)
    with zipfile.ZipFile(folder / "model.dlpk", "w") as archive:
        archive.writestr("model.emd", text)
    return [
        ModelReference(document=document),
        ModelReference(folder / "model.emd"),
        ModelReference(folder / "model.dlpk"),
    ]


@pytest.mark.parametrize(
    ("keys", "error", "said"),
    [
        ({"ModelType": "ObjectDetection"}, ModelTypeError, "Detect Objects"),
        ({"ModelType": "ObjectClassification"}, ModelTypeError, "Classify Objects"),
        ({"ModelType": "InstanceDetection"}, ModelTypeError, "Instance"),
        ({"ModelName": "MaskRCNN", "ModelConfiguration": None, "ModelType": None}, ModelTypeError, "MaskRCNN"),
        ({"ModelName": "PSETAE", "ModelConfiguration": "_psetae_inferencing"}, ModelTypeError, "PSETAE"),
        ({"ModelName": "MMSegmentation", "ModelConfiguration": "_model_extension_inferencing"},
         ArchitectureUnsupportedError, "MMSegmentation"),
        ({"ModelName": "MultiTaskRoadExtractor", "ModelConfiguration": "_road_infrencing"},
         ArchitectureUnsupportedError, "MultiTaskRoadExtractor"),
        ({"ModelParameters": {"backbone": "timm:convnext_tiny"}}, ArchitectureUnsupportedError, "convnext_tiny"),
        ({"Framework": "Keras", "ModelConfiguration": {"Name": "K", "Config": ".\\x"}, "ModelFile": "n.h5"},
         FrameworkError, '--keras "n.h5"'),
        ({"Framework": "CNTK", "ModelFile": "n.model"}, FrameworkError, "CNTK"),
    ],
)  # fmt: skip
def test_what_could_never_run_is_said_before_weights_are_missed(
    keys: dict[str, Any], error: type[ClassifyPixelsError], said: str, tmp_path: Path
) -> None:
    for reference in forms(changed(PUBLISHED, **keys), tmp_path):
        with pytest.raises(error) as caught:
            open_model(reference, tmp_path / "cache")
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"ModelConfiguration": "_model_extension_inferencing"}, ArchitectureUnsupportedError),
        ({"Framework": "CNTK"}, FrameworkError),
        ({}, ModelKeyMissingError),
    ],
)
def test_a_key_is_missed_only_where_the_network_could_run(
    keys: dict[str, Any], error: type[ClassifyPixelsError], tmp_path: Path
) -> None:
    for reference in forms(changed(PUBLISHED, ModelFile=None, **keys), tmp_path):
        with pytest.raises(error):
            open_model(reference, tmp_path / "cache")


def test_an_architecture_that_is_rebuilt_asks_for_its_weights(tmp_path: Path) -> None:
    for reference in forms(PUBLISHED, tmp_path):
        with pytest.raises(WeightsMissingError):
            open_model(reference, tmp_path / "cache")
    # A network in ONNX may be of any architecture.
    for reference in forms(changed(PUBLISHED, ModelName="MMSegmentation", ModelFile="n.onnx"), tmp_path):
        with pytest.raises(WeightsMissingError):
            open_model(reference, tmp_path / "cache")


@pytest.mark.parametrize(
    "document",
    [
        TRAINING,
        changed(TRAINING, AllTilesStats=None, ModelFile=None, InferenceFunction=None),
        changed(TRAINING, ModelFile="absent.pth"),
        changed(TRAINING, ModelType="ObjectDetection", ImageHeight=None),
        changed(TRAINING, InputRastersProps=None, AllTilesStats=None, InferenceFunction="DraftTemplateClassifier.py"),
    ],
)
def test_a_template_is_named_as_such(document: dict[str, Any], tmp_path: Path) -> None:
    for reference in forms(document, tmp_path):
        with pytest.raises(TrainingTemplateError, match="template"):
            open_model(reference, tmp_path / "cache")


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"ModelConfiguration": None},
        {"ModelName": "My map"},
        {"ModelName": "Unet", "ModelConfiguration": None},
        {"ModelName": "DeepLab", "ModelConfiguration": None, "ArcGISLearnVersion": "1.8.5"},
    ],
)
def test_published_definitions_without_a_framework_are_arcgis_learns(keys: dict[str, Any]) -> None:
    """They get what one with the key gets: square tiles, ImageNet's numbers, a channel for background."""
    found = parse_emd(changed(PUBLISHED, **keys), "model.emd")
    said = parse_emd(changed(PUBLISHED, Framework="arcgis.learn.models._inferencing", **keys), "model.emd")
    assert found.framework == "arcgis.learn"
    assert (found.tile_width, found.normalization, found.architecture) == (256, said.normalization, said.architecture)
    assert found.normalization is not None
    assert found.architecture is not None
    again = parse_emd(write_emd(found), "model.emd")
    assert (again.architecture, again.normalization, again.tile_width) == (
        found.architecture, found.normalization, found.tile_width,
    )  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [
        {"Framework": "PyTorch"},
        {"Framework": ""},
        {"ModelConfiguration": None, "ModelFile": "net.onnx"},
        {"ModelConfiguration": None, "ModelName": "Unet", "SupportsVariableTileSize": None},
        {"ModelConfiguration": "DeepLab", "ModelName": "Land cover"},
        {"ModelConfiguration": {"Name": "Custom"}, "ModelName": "DeepLab", "SupportsVariableTileSize": None},
    ],
)
def test_other_definitions_are_not_taken_for_arcgis_learns(keys: dict[str, Any]) -> None:
    """Their values would be normalised by the numbers of ImageNet, which nobody asked for."""
    found = parse_emd(changed(PUBLISHED, **keys), "model.emd")
    assert (found.normalization, found.architecture, found.tile_width) == (None, None, 400)


@pytest.mark.parametrize("value", [None, True, 7, [], {}, [[]], {"Name": []}, "x" * 10**5, "\udc80", "_unet\0"])
@pytest.mark.parametrize("key", ["ModelName", "ModelConfiguration", "Framework", "InferenceFunction", "ModelFile"])
def test_odd_names_end_in_a_definition_or_a_named_error(key: str, value: Any, tmp_path: Path) -> None:
    with suppress(ClassifyPixelsError):
        open_model(ModelReference(document={**PUBLISHED, key: value, "AllTilesStats": value}), tmp_path)
