# SPDX-License-Identifier: GPL-2.0-or-later
"""State dicts as libraries save them give the map that their network gives for the whole scene."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.runs import classify, read, write

torch = pytest.importorskip("torch", reason="PyTorch is optional")

from tests.smp_unet import random_unet  # noqa: E402

BANDS, CLASSES, SIDES = 3, 4, (224, 288)


def save_pth(path: Path, state: dict[str, Any]) -> Path:
    torch.save(state, str(path.with_suffix(".pth")))
    return path.with_suffix(".pth")


def save_lightning(path: Path, state: dict[str, Any]) -> Path:
    """Saves what Lightning's trainer does: the network as a module's model, beside its loss, metrics and schedule."""
    content = {
        "state_dict": {
            **{f"model.{name}": tensor for name, tensor in state.items()},
            "criterion.weight": torch.ones(CLASSES),
            "train_metrics.MulticlassAccuracy.tp": torch.zeros(CLASSES, dtype=torch.long),
        },
        "hyper_parameters": {"lr": 1e-3, "backbone": "resnet18", "ignore": [0, None]},
        "optimizer_states": [{"state": {}, "param_groups": [{"lr": np.float64(1e-3)}]}],
        "epoch": 7,
    }
    torch.save(content, str(path.with_suffix(".ckpt")))
    return path.with_suffix(".ckpt")


def save_safetensors(path: Path, state: dict[str, Any]) -> Path:
    """Writes the format of safetensors: the length of a JSON header, the header, and the bytes of the tensors."""
    header, body = {}, b""
    for name, tensor in state.items():
        array = tensor.numpy()
        kind = {"float32": "F32", "int64": "I64"}[array.dtype.name]
        place = [len(body), len(body) + array.nbytes]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": place}
        body += array.tobytes()
    text = json.dumps(header).encode()
    path.with_suffix(".safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path.with_suffix(".safetensors")


@pytest.mark.parametrize("save", [save_pth, save_lightning, save_safetensors])
@pytest.mark.parametrize("tile", [128, 512])
def test_the_map_of_tiles_is_that_of_the_whole_scene(
    save: Callable[[Path, dict[str, Any]], Path], tile: int, tmp_path: Path
) -> None:
    network = random_unet(BANDS, CLASSES)
    weights = save(tmp_path / "net", network.state_dict())
    pixels = np.random.default_rng(5).normal(size=(BANDS, *SIDES)).astype(np.float32)
    raster = write(tmp_path / "scene.tif", pixels)
    with torch.inference_mode():
        expected = network(torch.from_numpy(pixels)[None])[0].argmax(0).numpy()
    classify(raster, weights, tmp_path / "map.tif", f"tile_size {tile}")
    same = (read(tmp_path / "map.tif") == expected).mean()
    assert same == 1 if tile > max(SIDES) else same > 0.99
