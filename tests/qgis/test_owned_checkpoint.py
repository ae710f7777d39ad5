# SPDX-License-Identifier: GPL-2.0-or-later
"""A U-Net as arcgis.learn saves it, through the command line: its map equals that of arcgis.learn's rules."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..runs import read, write
from ..state_dicts import state_dict, tiny_unet_shapes
from .command import classify, classify_plainly, needs_qgis_process

torch = pytest.importorskip("torch", reason="PyTorch is optional")
pytestmark = needs_qgis_process

TILE, STRIDE = 128, 32
PIXELS = np.random.default_rng(3).integers(0, 4000, (5, 150, 250)).astype(np.uint16)
# The network has four channels: background, and the classes as they are listed.
CLASSES = (21, 11, 12)
USED = [3, 0, 1]
LOW, HIGH = [10.0, 0.0, 5.0, 20.0, 7.0], [4000.0, 3900.0, 3800.0, 3700.0, 3600.0]
MEAN, STD = [0.5, 0.4, 0.3, 0.45, 0.6], [0.2, 0.25, 0.3, 0.22, 0.21]
STATISTICS = {
    "band_min_values": LOW, "band_max_values": HIGH, "band_mean_values": MEAN, "band_std_values": None,
    "scaled_min_values": [0.0] * 5, "scaled_max_values": [1.0] * 5,
    "scaled_mean_values": MEAN, "scaled_std_values": STD,
}  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A scene with an invalid corner."""
    pixels = PIXELS.copy()
    pixels[:, :20, :30] = 65535
    return write(tmp_path / "scene.tif", pixels, no_data=65535)


def save_model(folder: Path, **keys: Any) -> Path:
    """Writes a definition with every key of arcgis.learn, beside weights with their optimiser."""
    weights = {"model": state_dict(tiny_unet_shapes()), "opt": {"param_groups": [{"lr": np.float64(0.1)}]}}
    torch.save(weights, str(folder / "land.pth"))
    document = {
        "Framework": "arcgis.learn.models._inferencing",
        "ModelConfiguration": "_unet",
        "ModelType": "ImageClassification",
        "InferenceFunction": "[Functions]System\\DeepLearning\\ArcGISLearn\\ArcGISImageClassifier.py",
        "ExtractBands": USED,
        "Classes": [{"Value": value, "Name": f"class {value} ", "Color": [value, 0, 9]} for value in CLASSES],
        "ModelFormat": "NCHW",
        "MinCellSize": None,
        "MaxCellSize": None,
        "SupportsVariableTileSize": True,
        "ArcGISLearnVersion": "1.10.1",
        "ModelFile": ".\\Land.pth",
        "ImageHeight": TILE,
        "ImageWidth": TILE,
        "ImageSpaceUsed": "MAP_SPACE",
        "LearningRate": "slice('7.5858e-06', '7.5858e-05', None)",
        "ModelName": "UnetClassifier",
        "backend": "pytorch",
        "ModelParameters": {"backbone": "resnet34", "backend": "pytorch"},
        "accuracy": "9.1e-01",
        "per_class_metrics": '{"precision": {"a": NaN}}',
        "monitored_valid_loss": float("nan"),
        "resize_to": 224,
        "IsMultispectral": True,
        "IsImageNetNormalization": False,
        "Bands": [None] * 5,
        "ImageryType": "multispectral",
        "NormalizationStats": STATISTICS,
        "DoNormalize": True,
        "ignore_mapped_class": [],
        **keys,
    }
    (folder / "land.emd").write_text(json.dumps(document, indent=4))
    return folder / "land.emd"


def packed(model: Path) -> Path:
    """Zips a model in its published form."""
    with zipfile.ZipFile(model.with_suffix(".dlpk"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (model, model.with_suffix(".pth")):
            archive.write(path, path.name)
        archive.writestr("ModelCharacteristics/loss_graph.png", b"")
    return model.with_suffix(".dlpk")


def scores_of(pixels: np.ndarray, tile: int, padding: int) -> np.ndarray:
    """Returns the scores (4, height, width) of a scene in plain PyTorch, of which the tiles' cores count.

    At the scene's ends tiles are moved inwards, and one as large as the scene covers it.
    """
    from classify_pixels.inference.runtimes.torch.architectures import StateDict, build_network

    state = StateDict(torch, torch.device("cpu"), state_dict(tiny_unet_shapes()))
    network = build_network(Path("land.pth"), state, None).run
    inner, (height, width) = tile - 2 * padding, pixels.shape[1:]
    sides = [-(-side // STRIDE) * STRIDE for side in (height, width)]
    # Missing pixels are 0 before the normalisation.
    whole = np.pad(pixels[USED], [(0, 0), (0, -height % STRIDE), (0, -width % STRIDE)])
    low, high, mean, std = (np.array(values)[USED].reshape(-1, 1, 1) for values in (LOW, HIGH, MEAN, STD))
    chips = (((whole - low) / (high - low) - mean) / std)[np.newaxis].astype(np.float32)
    scores = np.zeros((4, *whole.shape[1:]), np.float32)
    for top in range(0, height, inner):
        for left in range(0, width, inner):
            y, x = (max(0, min(at - padding, side - tile)) for at, side in zip((top, left), sides))
            above, before, read = top - y, left - x, (slice(y, y + tile), slice(x, x + tile))
            with torch.inference_mode():
                found = network(torch.from_numpy(chips[:, :, read[0], read[1]])).numpy()[0]
            kept = scores[:, top : top + inner, left : left + inner]
            kept[:] = found[:, above : above + kept.shape[1], before : before + kept.shape[2]]
    return scores[:, :height, :width]


# The default padding is a quarter of the tile.
@pytest.mark.parametrize(
    ("form", "tile", "padding", "keys", "arguments", "never"),
    [
        (".emd", 128, 32, {}, "", [0]),
        (".dlpk", 128, 32, {}, "predict_background True", []),
        (".dlpk", 256, 0, {"ignore_mapped_class": [2]}, "predict_background True;tile_size 256;padding 0", [0, 2]),
    ],
)
def test_the_whole_scene_is_what_plain_pytorch_gives(
    form: str,
    tile: int,
    padding: int,
    keys: dict[str, Any],
    arguments: str,
    never: list[int],
    scene: Path,
    tmp_path: Path,
) -> None:
    model = save_model(tmp_path, **keys)
    run = classify(
        tmp_path,
        INPUT=scene,
        MODEL=packed(model) if form == ".dlpk" else model,
        MODEL_ARGUMENTS=f"batch_size 4;{arguments}".rstrip(";"),
        OUTPUT="map.tif",
    )
    run.assert_done()
    pixels, counts = PIXELS.astype(float), np.ones(PIXELS.shape[1:], bool)
    pixels[:, :20, :30], counts[:20, :30] = 0, False
    scores = scores_of(pixels, tile, padding)
    scores[never] = -np.inf
    expected, found = np.array([0, *CLASSES])[scores.argmax(axis=0)], read(tmp_path / "map.tif")
    # Sums in another order may turn a tie.
    assert (found == expected)[counts].mean() > 0.9995
    assert len(np.unique(expected[counts])) == 4 - len(never)
    assert not np.isin(found[~counts], (0, *CLASSES)).any()


def test_another_network_is_refused_by_name_with_the_lines_that_export_it(scene: Path, tmp_path: Path) -> None:
    model = save_model(tmp_path, ModelName="MMSegmentation", ModelConfiguration="_model_extension_inferencing")
    run = classify_plainly(tmp_path, INPUT=scene, MODEL=model, OUTPUT="map.tif")
    assert run.code != 0
    assert "MMSegmentation" in run.stderr
    assert "torch.zeros(1, 3, SIZE, SIZE)" in run.stderr
    assert 'torch.onnx.export(network, image, "land.onnx")' in run.stderr
    assert not (tmp_path / "map.tif").exists()
