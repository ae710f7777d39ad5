# SPDX-License-Identifier: GPL-2.0-or-later
"""Paddle's networks, written without Paddle.

Source of the numbers of fields: github.com/PaddlePaddle/Paddle, framework/framework.proto, and that of the tensors
framework/lod_tensor.cc.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.tensorflow_graphs import field

SINGLE, TENSOR, FEED, FETCH = 5, 7, 9, 10


def save_scaling_network(path: Path, factors: np.ndarray, tensor: str = "w") -> Path:
    """Saves a network that multiplies each band with a factor, whose tensor is in a .pdiparams beside it."""
    image, weights = (None, len(factors), None, None), (1, len(factors), 1, 1)
    parts = [
        field(1, 0), field(2, -1),
        _variable("feed", FEED), _variable("fetch", FETCH),
        _variable("image", TENSOR, image), _variable(tensor, TENSOR, weights, persistable=True),
        _variable("scores", TENSOR, image),
        _operation("feed", {"X": "feed"}, {"Out": "image"}, col=0),
        _operation("elementwise_mul", {"X": "image", "Y": tensor}, {"Out": "scores"}, axis=-1),
        _operation("fetch", {"X": "scores"}, {"Out": "fetch"}, col=0),
    ]  # fmt: skip
    path.write_bytes(field(1, b"".join(parts)) + field(4, field(1, 0)))
    described = _tensor(weights)
    start = struct.pack("<IQIi", 0, 0, 0, len(described))
    path.with_suffix(".pdiparams").write_bytes(start + described + np.asarray(factors, np.float32).tobytes())
    return path


def _tensor(shape: Any) -> bytes:
    return field(1, SINGLE) + b"".join(field(2, -1 if size is None else size) for size in shape)


def _variable(name: str, kind: int, shape: Any = None, persistable: bool = False) -> bytes:
    typed = field(1, kind) + (field(3, field(1, _tensor(shape))) if shape else b"")
    return field(3, field(1, name.encode()) + field(2, typed) + field(3, int(persistable or kind != TENSOR)))


def _operation(kind: str, given: Mapping[str, str], made: Mapping[str, str], **numbers: int) -> bytes:
    ends = [
        field(number, field(1, parameter.encode()) + field(2, name.encode()))
        for number, names in ((1, given), (2, made))
        for parameter, name in names.items()
    ]
    attributes = [field(4, field(1, name.encode()) + field(2, 0) + field(3, value)) for name, value in numbers.items()]
    return field(4, b"".join([*ends, field(3, kind.encode()), *attributes]))
