# SPDX-License-Identifier: GPL-2.0-or-later
"""Safetensors files: read as their format says, and never beyond their bytes."""

from __future__ import annotations

import json
import struct
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ClassifyPixelsError, WeightsUnreadableError
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.torch.safetensors import read_safetensors
from tests.state_dicts import image, state_dict, tiny_unet_shapes

torch = pytest.importorskip("torch", reason="PyTorch is optional")

TYPES = {"float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int64": "I64"}


def written(path: Path, tensors: dict[str, Any], metadata: Any = None, **entries: Any) -> Path:
    """Writes a file by the format's own words; `entries` stand in the header as they are."""
    header: dict[str, Any] = {} if metadata is None else {"__metadata__": metadata}
    content = b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        kind = TYPES[str(tensor.dtype).split(".")[-1]]
        header[name] = {
            "dtype": kind,
            "shape": list(tensor.shape),
            "data_offsets": [len(content), len(content) + len(raw)],
        }
        content += raw
    text = json.dumps({**header, **entries}).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + content)
    return path


def entry(dtype: Any = "F32", shape: Any = (1,), data_offsets: Any = (0, 4)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": data_offsets}


def test_the_network_of_the_same_tensors_as_a_checkpoint(tmp_path: Path) -> None:
    tensors = state_dict(tiny_unet_shapes())
    torch.save(tensors, str(tmp_path / "n.pth"))
    paths = (tmp_path / "n.pth", written(tmp_path / "n.safetensors", tensors, {"format": "pt"}))
    outputs = []
    for path in paths:
        with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
            outputs.append(backend.run(image(3, 64, 64)))
    assert (outputs[0] == outputs[1]).all()


@pytest.mark.parametrize("dtype", sorted(TYPES))
def test_each_type_and_shape(dtype: str, tmp_path: Path) -> None:
    tensors = {
        "matrix": torch.arange(-6, 6).reshape(3, 4).to(getattr(torch, dtype)),
        "number": torch.tensor(5).to(getattr(torch, dtype)),
        "nothing": torch.zeros(0, 3).to(getattr(torch, dtype)),
    }
    found = read_safetensors(torch, written(tmp_path / "n.safetensors", tensors))
    assert list(found) == list(tensors)
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype
        assert found[name].shape == tensor.shape
        assert (found[name] == tensor).all()


def test_what_the_format_s_own_library_writes(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.numpy", reason="the safetensors library is not installed")
    arrays = {"a": np.arange(7, dtype=np.float32), "b": np.ones((2, 3), np.float16)}
    library.save_file(arrays, str(tmp_path / "n.safetensors"))
    found = read_safetensors(torch, tmp_path / "n.safetensors")
    assert all((found[name].numpy() == array).all() for name, array in arrays.items())


@pytest.mark.parametrize(
    "bad",
    [
        entry(data_offsets=(0, 8)),
        entry(shape=(2,)),
        entry(shape=(2**40, 2**40)),
        entry(shape=(-1,)),
        entry(shape=(True,)),
        entry(shape=(1.0,)),
        entry(shape=None),
        entry(data_offsets=(4, 0)),
        entry(data_offsets=(-4, 0)),
        entry(data_offsets=(0, 4, 8)),
        entry(data_offsets=(2**62, 2**62 + 4)),
        entry(data_offsets="04"),
        entry(dtype="F8_E4M3"),
        entry(dtype="posix.mkdir"),
        {},
        {"dtype": ["F32"], "shape": [1], "data_offsets": [0, 4]},
        entry(shape=[99] * 1_000_000),
        entry(shape=[10**999] * 100),
        entry(shape=[2**70, 0], data_offsets=[0, 0]),
        entry(shape=[2**62, 2**62, 0], data_offsets=[0, 0]),
        [],
        5,
        None,
    ],
    ids=lambda bad: f"{bad!s:.60}",
)
def test_a_tensor_that_does_not_lie_in_the_file_is_refused(bad: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "n.safetensors", {"good": torch.zeros(1)}, bad=bad)
    with pytest.raises(WeightsUnreadableError, match=r"n\.safetensors.*the tensor bad"):
        read_safetensors(torch, path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 7,
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 3) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 2) + b"{x",
        struct.pack("<Q", 2) + b"\xff\xfe",
        struct.pack("<Q", 200_000) + b"[" * 200_000,
    ],
)
def test_a_broken_header_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "n.safetensors").write_bytes(content)
    with pytest.raises(WeightsUnreadableError, match=r"n\.safetensors"):
        read_safetensors(torch, tmp_path / "n.safetensors")


@pytest.mark.parametrize("seed", range(60))
def test_mutated_files_end_in_a_named_error_or_load(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    path = written(tmp_path / "n.safetensors", state_dict(tiny_unet_shapes(width=2)))
    content = bytearray(path.read_bytes())
    reach = int(random.choice([8, 400, len(content)]))
    for place in random.integers(0, reach, int(random.choice([1, 8, 60]))):
        content[place] = random.integers(256)
    path.write_bytes(content[: len(content) - int(random.choice([0, 0, 5]))])
    with suppress(ClassifyPixelsError):
        open_backend(path, BackendOptions(processor="CPU")).close()
