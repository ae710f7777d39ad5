# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations of Lightning, TorchGeo and TerraTorch beside a network, and what others may have made of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    ModelKeyError,
    ModelTypeError,
    NetworkMismatchError,
    SideFileError,
    YamlReaderMissingError,
)
from classify_pixels.inference.models import ModelClass, ModelDefinition, normalize, read_network_facts
from classify_pixels.inference.models.training_config import LARGEST_FILE, TrainingConfig, read_training_config

pytest.importorskip("yaml", reason="PyYAML is optional")

PLAIN = ModelDefinition(
    "net", "net.onnx", 256, 256, (0, 1, 2), tuple(ModelClass(n, f"Class {n}", (n, n, n)) for n in range(2))
)
TERRATORCH = """
seed_everything: 0
model:
  class_path: terratorch.tasks.SemanticSegmentationTask
  init_args:
    model_factory: EncoderDecoderFactory
    model_args:
      backbone: prithvi_eo_v2_300
      backbone_bands: [RED, GREEN, NIR_NARROW]
      num_classes: 2
    class_names: [Not burned, Burn scar]
    ignore_index: -1
    tiled_inference_parameters: {h_crop: 224, h_stride: 196, w_crop: 224, w_stride: 196}
data:
  class_path: terratorch.datamodules.GenericNonGeoSegmentationDataModule
  init_args:
    dataset_bands: [BLUE, GREEN, RED, NIR_NARROW, SWIR_1, SWIR_2]
    output_bands: [RED, GREEN, NIR_NARROW]
    constant_scale: 1e-4
    means: [0.06, 0.05, 0.24]
    stds: [0.03, 0.02, 0.1]
    no_data_replace: 0
"""
TORCHGEO = """
model:
  class_path: torchgeo.trainers.SemanticSegmentationTask
  init_args: {model: unet, backbone: resnet18, in_channels: 3, task: multiclass, num_classes: 2}
data:
  class_path: LandCoverAIDataModule
  init_args: {batch_size: 4, patch_size: [128, 192], bands: rgb}
"""
OLDER = """
model:
  class_path: terratorch.tasks.SemanticSegmentationTask
img_norm_cfg: {means: [1, 2, 3], stds: [4, 5, 6]}
"""


def beside(folder: Path, text: str, name: str = "net.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "net.onnx").write_bytes(b"network")
    return folder / "net.onnx"


def applied(folder: Path, text: str, channels: int = 2, **more: Any) -> ModelDefinition:
    return read_training_config(beside(folder, text)).applied_to(PLAIN, channels, **more)


def test_a_configuration_of_terratorch(tmp_path: Path) -> None:
    definition = applied(tmp_path, TERRATORCH)
    assert [c.name for c in definition.classes] == ["Not burned", "Burn scar"]
    assert [c.value for c in definition.classes] == [0, 1]
    assert definition.bands == (2, 1, 3)
    assert definition.band_names == ("BLUE", "GREEN", "RED", "NIR_NARROW", "SWIR_1", "SWIR_2")
    assert (definition.said_beside, definition.ignored) == (("net.yaml",), ())
    pixels = np.random.default_rng(1).integers(0, 9000, (1, 3, 4, 5)).astype(np.float32)
    means, stds = (np.reshape(values, (3, 1, 1)) for values in ([0.06, 0.05, 0.24], [0.03, 0.02, 0.1]))
    assert definition.normalization is not None
    found = normalize(pixels, definition.normalization)
    np.testing.assert_allclose(found, (pixels * 1e-4 - means) / stds, rtol=1e-4, atol=1e-4)
    config = read_training_config(tmp_path / "net.onnx")
    assert (config.tile, config.bands) == (224, 3)


def test_a_configuration_of_torchgeo(tmp_path: Path) -> None:
    config = read_training_config(beside(tmp_path, TORCHGEO))
    assert (config.tile, config.bands, config.class_names) == (192, 3, ())
    definition = config.applied_to(PLAIN, 2)
    assert (definition.bands, definition.classes, definition.normalization) == (PLAIN.bands, PLAIN.classes, None)


def test_names_of_the_backbones_bands_are_no_choice_among_the_rasters(tmp_path: Path) -> None:
    text = TERRATORCH.replace("output_bands", "unknown").replace(", SWIR_1, SWIR_2]", "]").replace("[BLUE, ", "[")
    definition = applied(tmp_path, text.replace("GREEN, RED, NIR", "B3, B4, NIR"))
    assert (definition.bands, definition.band_names) == ((0, 1, 2), ("B3", "B4", "NIR_NARROW"))


def test_the_normalisation_of_older_configurations(tmp_path: Path) -> None:
    normalization = applied(tmp_path, OLDER).normalization
    assert normalization is not None
    assert (normalization.mean, normalization.std, normalization.maximum) == ((1, 2, 3), (4, 5, 6), (1, 1, 1))
    assert applied(tmp_path, OLDER, whole_numbers=True).normalization is None


@pytest.mark.parametrize(
    ("said", "factor"),
    [("rescale: true", 1 / 255), ("rescale: 0.5", 0.5), ("rescale: false", None), ("constant_scale: 1e-4", 1e-4)],
)
def test_factors(said: str, factor: float | None, tmp_path: Path) -> None:
    definition = applied(tmp_path, f"class_names: [a, b]\n{said}\n")
    assert (definition.normalization is None) == (factor is None)
    if factor is not None and definition.normalization is not None:
        assert definition.normalization.maximum == pytest.approx((1 / factor,) * 3)


@pytest.mark.parametrize("name", ["net.yaml", "net.yml", "net.onnx.yaml", "config.yaml", "config_deploy.yml"])
def test_the_names_that_are_looked_for(name: str, tmp_path: Path) -> None:
    assert read_training_config(beside(tmp_path, TERRATORCH, name)).file == name


def test_a_networks_own_file_goes_first_and_other_files_are_not_read(tmp_path: Path) -> None:
    beside(tmp_path, TORCHGEO, "config.yaml")
    assert read_training_config(beside(tmp_path, TERRATORCH)).file == "net.yaml"
    (tmp_path / "net.yaml").unlink()
    for name in ("other.yaml", "config.yaml", "docker-compose.yaml"):
        beside(tmp_path, "services: !reset []\n", name)
    assert read_training_config(tmp_path / "net.onnx") == TrainingConfig()


def test_metadata_and_files_of_hugging_face_go_first(tmp_path: Path) -> None:
    weights = beside(tmp_path, TERRATORCH)
    assert read_network_facts({}, weights).class_names == ("Not burned", "Burn scar")
    assert read_network_facts({"class_names": '{"0": "x", "1": "y"}'}, weights).class_names == ("x", "y")
    (tmp_path / "config.json").write_text('{"id2label": {"0": "p", "1": "q"}}')
    assert read_network_facts({}, weights).class_names == ("p", "q")


def test_what_would_change_pixels_and_is_not_done_is_named(tmp_path: Path) -> None:
    text = TERRATORCH.replace("no_data_replace: 0", "no_data_replace: -1\n    test_transform: [{class_path: x.Resize}]")
    assert applied(tmp_path, text).ignored == ("test_transform", "no_data_replace")
    text = TERRATORCH.replace("no_data_replace: 0", "test_transform: [{class_path: albumentations.pytorch.ToTensorV2}]")
    assert applied(tmp_path, text).ignored == ()


@pytest.mark.parametrize(
    ("path", "task"),
    [
        ("torchgeo.trainers.ObjectDetectionTask", "object detection"),
        ("torchgeo.trainers.InstanceSegmentationTask", "instance segmentation"),
        ("torchgeo.trainers.ClassificationTask", "whole images"),
        ("terratorch.tasks.MultiLabelClassificationTask", "whole images"),
        ("terratorch.tasks.PixelwiseRegressionTask", "regression"),
        ("torchgeo.trainers.MoCoTask", "pretraining"),
    ],
)
def test_networks_for_other_tasks_are_refused(path: str, task: str, tmp_path: Path) -> None:
    with pytest.raises(ModelTypeError, match=task):
        read_training_config(beside(tmp_path, f"model: {{class_path: {path}}}"))


@pytest.mark.parametrize("path", ["my.package.Net", "", "[]", "~", "7", "x.PixelClassification"])
def test_tasks_that_are_not_known_may_be_segmentation(path: str, tmp_path: Path) -> None:
    assert not read_training_config(beside(tmp_path, f"model: {{class_path: {path}}}")).says_nothing


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("[0.06, 0.05, 0.24]", "[0.06, 0.05]", ModelKeyError),
        ("[0.06, 0.05, 0.24]", "[0.06, 0.05, .nan]", ModelKeyError),
        ("[0.06, 0.05, 0.24]", "means.csv", ModelKeyError),
        ("[0.03, 0.02, 0.1]", "[0.03, 0, 0.1]", ModelKeyError),
        ("[0.03, 0.02, 0.1]", "1.0e+308", ModelKeyError),
        ("[0.03, 0.02, 0.1]", "[[0.03], 0.02, 0.1]", ModelKeyError),
        ("constant_scale: 1e-4", "constant_scale: 0", ModelKeyError),
        ("constant_scale: 1e-4", "constant_scale: 1.0e+300", ModelKeyError),
        ("output_bands: [RED, GREEN, NIR_NARROW]", "output_bands: [RED, GREEN, CIRRUS]", ModelKeyError),
        ("output_bands: [RED, GREEN, NIR_NARROW]", "output_bands: [RED, [0, 2], NIR_NARROW]", ModelKeyError),
        ("output_bands: [RED, GREEN, NIR_NARROW]", "output_bands: [RED, GREEN]", NetworkMismatchError),
        ("    output_bands: [RED, GREEN, NIR_NARROW]\n", "", NetworkMismatchError),
        ("[Not burned, Burn scar]", "[a, b, c]", NetworkMismatchError),
        ("[Not burned, Burn scar]", "{0: a, 2: b}", ModelKeyError),
        ("num_classes: 2", "num_classes: -1", ModelKeyError),
        ("h_crop: 224", "h_crop: 100000000", ModelKeyError),
    ],
)
def test_what_contradicts_itself_or_the_network_is_refused(
    old: str, new: str, error: type[ClassifyPixelsError], tmp_path: Path
) -> None:
    assert old in TERRATORCH
    config = read_training_config(beside(tmp_path, TERRATORCH.replace(old, new)))
    with pytest.raises(error):
        config.applied_to(PLAIN, config.tile and 2)


def test_a_count_that_is_not_the_networks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="3 channels"):
        applied(tmp_path, TORCHGEO, channels=3)
    assert applied(tmp_path, TORCHGEO, channels=1).classes == PLAIN.classes


@pytest.mark.parametrize(
    "text",
    [
        "class_path: !!python/object/apply:os.mkdir [canary]",
        "class_path: &a [*a]",
        "class_path: " + "[" * 5_000,
        "class_path: x\n- y",
        "- class_path: x",
        "class_path: x\n" + "#" * LARGEST_FILE,
        b"class_path: \xff\xfe",
    ],
)
def test_files_that_cannot_be_read_are_named(text: str | bytes, tmp_path: Path) -> None:
    weights = beside(tmp_path, "")
    (tmp_path / "net.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SideFileError, match=r"net\.yaml"):
        read_training_config(weights)


@pytest.mark.parametrize("inner", ["7", "x", "[]", "[{}]", "~", "{init_args: 7}", "{init_args: {model_args: [x]}}"])
def test_odd_parts_say_nothing(inner: str, tmp_path: Path) -> None:
    config = read_training_config(beside(tmp_path, f"class_path: x\nmodel: {inner}\ndata: {inner}\nbands: all\n"))
    assert (config.tile, config.bands, config.class_names) == (None, None, ())


def test_a_missing_library_is_an_error_instead_of_a_network_with_other_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(YamlReaderMissingError, match="pyyaml"):
        read_training_config(beside(tmp_path, TERRATORCH))
