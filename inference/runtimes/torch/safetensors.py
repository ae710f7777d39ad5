# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads .safetensors files: the length of a header, the header in JSON, and the tensors' bytes.

Source of the format: github.com/huggingface/safetensors, "Format".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from ...errors import WeightsUnreadableError
from ...models.json_text import read_json

LENGTH = struct.Struct("<Q")

# Enough for thousands of tensors; the format's own reader accepts more, but parsed JSON takes twenty times its size.
LARGEST_HEADER = 16 * 1000**2
# Tensors of networks have six dimensions at most, and PyTorch counts their bytes in 63 bits.
MOST_SIZES, LARGEST_TENSOR = 64, 2**59
METADATA = "__metadata__"

# Names in the format: PyTorch's name and the bytes of a number.
TYPES = {
    "F64": ("float64", 8), "F32": ("float32", 4), "F16": ("float16", 2), "BF16": ("bfloat16", 2),
    "I64": ("int64", 8), "I32": ("int32", 4), "I16": ("int16", 2), "I8": ("int8", 1), "U8": ("uint8", 1),
    "BOOL": ("bool", 1),
}  # fmt: skip


class _FormatError(ValueError):
    """The file violates the format."""


def read_safetensors(torch: Any, weights: Path) -> dict[str, Any]:
    """Returns names and tensors of a file; never reads outside the file's bytes."""
    try:
        # PyTorch warns of every read-only tensor.
        content = bytearray(weights.read_bytes())
        header, start = _header(content)
        return {name: _tensor(torch, content, start, name, entry) for name, entry in header.items()}
    except (OSError, _FormatError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error


def _header(content: bytearray) -> tuple[dict[str, Any], int]:
    """Returns the entries of the header and the offset of the tensors."""
    if len(content) < LENGTH.size:
        raise _FormatError("it is too short for a safetensors file")
    (length,) = LENGTH.unpack_from(content)
    first = LENGTH.size
    start = first + length
    if length > LARGEST_HEADER or start > len(content):
        raise _FormatError(f"its header of {length} bytes does not lie in the file")
    try:
        header = read_json(content[first:start].decode())
    except (ValueError, RecursionError) as error:
        raise _FormatError(f"its header is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise _FormatError("its header is not a JSON object")
    return {name: entry for name, entry in header.items() if name != METADATA}, start


def _tensor(torch: Any, content: bytearray, start: int, name: str, entry: object) -> Any:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("dtype"), str) or entry["dtype"] not in TYPES:
        raise _FormatError(f"the tensor {name:.60} is of no known type")
    dtype, size = TYPES[entry["dtype"]]
    shape, (first, last) = _counts(entry.get("shape"), name), _ends(entry.get("data_offsets"), name)
    count = prod(shape)
    # PyTorch multiplies the sizes of empty tensors too.
    whole = prod(max(side, 1) for side in shape)
    if not first <= last <= len(content) - start or last - first != count * size or whole > LARGEST_TENSOR:
        raise _FormatError(f"the tensor {name:.60} does not lie in the file")
    kind = getattr(torch, dtype)
    # frombuffer does not accept empty tensors.
    if count == 0:
        return torch.zeros(shape, dtype=kind)
    return torch.frombuffer(content, dtype=kind, count=count, offset=start + first).reshape(shape)


def _counts(values: object, name: str) -> list[int]:
    """Reads a short list of whole numbers from 0."""
    if not isinstance(values, list) or len(values) > MOST_SIZES:
        raise _FormatError(f"the tensor {name:.60} has no proper shape or place")
    if not all(type(value) is int and value >= 0 for value in values):
        raise _FormatError(f"the tensor {name:.60} has no proper shape or place")
    return values


def _ends(values: object, name: str) -> tuple[int, int]:
    ends = _counts(values, name)
    if len(ends) != 2:
        raise _FormatError(f"the tensor {name:.60} has no proper shape or place")
    return ends[0], ends[1]
