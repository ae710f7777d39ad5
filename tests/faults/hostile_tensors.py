# SPDX-License-Identifier: GPL-2.0-or-later
"""Tensors and exported programs with false sizes, and numbers that are expensive to evaluate."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from tests.faults.hostile_cases import Cases, files
from tests.faults.hostile_onnx import with_definition
from tests.faults.hostile_torch import Harmful, exports_programs, saved, with_member

DOCUMENT, WEIGHTS = "models/model.json", "data/weights/model_weights_config.json"
F32 = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


def tensor_cases(folder: Path) -> Cases:
    """Returns the cases; pickles aim at a canary in `folder`."""
    contents = {
        **{f".safetensors: {name}": content for name, content in _safetensors().items()},
        **{f".pt2: {name}": content for name, content in _programs(folder / "canary").items()},
        **{f".pth: {name}": content for name, content in _packed(saved({"w": torch.zeros(9)})).items()},
    }
    cases = {name: with_definition(content, f"net{name.split(':')[0]}") for name, content in contents.items()}
    bare = {name: content for name, content in contents.items() if "packed" in name or "sizes" in name}
    for name, content in bare.items():
        model = f"net{name.split(':')[0]}"
        cases[f"bare {name}"] = files(model, {model: content})
    return cases


def _safetensors() -> dict[str, bytes]:
    def named(document: Any, data: bytes = bytes(4)) -> bytes:
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        return struct.pack("<Q", len(text)) + text + data

    def one(**entry: Any) -> bytes:
        return named({"layers.0.0.weight": {**F32, **entry}})

    good, million = one(), b"9" * 10**6
    return {
        "a header of its whole length": struct.pack("<Q", len(good) - 8) + good[8:],
        "a header of a byte more": struct.pack("<Q", len(good) - 7) + good[8:],
        "a header beyond 2^63": struct.pack("<Q", 2**64 - 1) + good[8:],
        "a header of nothing but a length": struct.pack("<Q", 0), "seven bytes": bytes(7),
        "millions of sizes": one(shape=[99] * 3_000_000), "millions of ones": one(shape=[1] * 3_000_000),
        "sizes of a thousand digits": one(shape=[10**999] * 2_000),
        "a size of a million digits": named(b'{"a":{"dtype":"F32","shape":[%b]}}' % million),
        "an empty tensor of 2^70": one(shape=[2**70, 0], data_offsets=[0, 0]),
        "an empty tensor of 2^62 by 2^62": one(shape=[2**62, 2**62, 0], data_offsets=[0, 0]),
        "a hundred sizes": one(shape=[1] * 100), "no sizes": one(shape=[]),
        "overlapping tensors": named({"a": F32, "b": {**F32, "data_offsets": [2, 6]}}, bytes(6)),
        "a tensor at an odd place": named({"a": {**F32, "data_offsets": [1, 5]}}, bytes(5)),
        "a hole between tensors": named({"a": {**F32, "data_offsets": [100, 104]}}, bytes(104)),
        "places before the start": one(data_offsets=[-4, 0]), "truths as places": one(data_offsets=[False, True]),
        "one place": one(data_offsets=[0]), "NaN as a place": one(data_offsets=[float("nan"), 4]),
        "a name twice": named(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":7}'),
        "truths of other bytes": named({"a": {**F32, "dtype": "BOOL", "shape": [4]}}, b"\xff\x02\x80\x01"),
        "metadata that is a list": named({"__metadata__": [1], "a": F32}),
        "a header in UTF-16": named('{"a": 1}'.encode("utf-16")), "a header of broken UTF-8": named(b'{"\xff": 1}'),
        "a lone surrogate": named(b'{"\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
        "a name of markup": named({"<img src=x>\x1b[2J\u202e": {"dtype": "F31"}}),
    }  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """An exported program, and variants with one change."""

    content: bytes

    def with_document(self, text: bytes) -> bytes:
        return with_member(self.content, DOCUMENT, text)

    def changed(self, change: Callable[[dict[str, Any]], Any]) -> bytes:
        document = _member(self.content, DOCUMENT)
        change(document["graph_module"]["graph"])
        return self.with_document(json.dumps(document).encode())

    def step(self, target: str, *arguments: Mapping[str, Any]) -> bytes:
        """Puts an unused step before the convolution."""
        inputs = [{"name": "", "arg": argument, "kind": 1} for argument in arguments]
        made = {"target": target, "inputs": inputs, "outputs": [{"as_tensor": {"name": "zz"}}], "metadata": {}}
        return self.changed(lambda graph: graph["nodes"].insert(0, made))

    def stored(self, **meta: Any) -> bytes:
        """Changes the description of the weight tensors."""
        return self._weights(lambda entry: entry["tensor_meta"].update(meta))

    def placed(self, name: str) -> bytes:
        """Declares another place of the weights."""
        return self._weights(lambda entry: entry.update(path_name=name))

    def _weights(self, change: Callable[[dict[str, Any]], Any]) -> bytes:
        weights = _member(self.content, WEIGHTS)
        for entry in weights["config"].values():
            change(entry)
        return with_member(self.content, WEIGHTS, json.dumps(weights).encode())


def _programs(canary: Path) -> dict[str, bytes]:
    if not exports_programs():
        return {}
    program = Exported(_exported(torch.nn.Conv2d(3, 2, 1)))
    step, stored, placed = program.step, program.stored, program.placed
    number, full = {"as_int": 10}, "torch.ops.aten.full.default"
    deep: dict[str, Any] = {"target": "x", "inputs": [], "outputs": []}
    found = {
        "a power beyond measure": step("_operator.pow", number, {"as_int": 10**9}),
        "a number of a million digits": program.with_document(b'{"a":%b}' % (b"9" * 10**6)),
        "a list ten billion times": step("_operator.mul", {"as_ints": [0, 0]}, {"as_int": 10**10}),
        "a list a billion times": step("_operator.mul", {"as_ints": [0]}, {"as_int": 5 * 10**8}),
        "a division by nothing": step("_operator.floordiv", number, {"as_int": 0}),
        "a number that is none": step("math.floor", {"as_float": "NaN"}),
        "a large tensor": step(full, {"as_ints": [10**5, 10**5]}, number),
        "a tensor of 2^80": step(full, {"as_ints": [2**40, 2**40]}, number),
        "a tensor of 2^70": step(full, {"as_ints": [2**70]}, number),
        "a nested graph of itself": step("torch.ops.higher_order.wrap_with_set_grad_enabled", number),
        "another operation of higher order": step("torch.ops.higher_order.while_loop", number),
        "a callable by its name": step("torch.ops.aten.conv2d.default.__call__", number),
        "an operation in private": step("torch.ops.aten.__class__.__init__", number),
        "an operation of another library": step("torch.ops.prims.device_put.default", number),
        "a step without inputs": program.changed(lambda graph: graph["nodes"].insert(0, deep)),
        "sizes without end": stored(sizes=_sizes(*[99] * 200_000), strides=_sizes(*[0] * 200_000)),
        "sizes that wrap around": stored(sizes=_sizes(2**32, 2**32), strides=_sizes(0, 0)),
        "sizes beyond the file": stored(sizes=_sizes(2**20, 2**20), strides=_sizes(0, 0)),
        "negative sizes": stored(sizes=_sizes(-2, 3, 1, 1)), "negative strides": stored(strides=_sizes(-3, 1, 1, 1)),
        "empty sizes of 2^70": stored(sizes=_sizes(0, 2**70, 1, 1)),
        "a place beyond its end": stored(storage_offset={"as_int": 2**40}),
        "a place before its start": stored(storage_offset={"as_int": -8}),
        "another type": stored(dtype=5), "a type that is none": stored(dtype=[7]),
        "weights elsewhere": placed("/etc/passwd"), "weights up there": placed("../../../../etc/passwd"),
        "weights that are the model": placed("../../models/model.json"),
        "code beside it": with_member(program.content, "data/sample_inputs/model.pt", pickle.dumps(Harmful(canary))),
        "100 MB of nodes": program.with_document(b'{"a":[' + b"{}," * (15 * 10**6) + b"0]}"),
    }  # fmt: skip
    return {**found, **_packed(program.content)}


def _sizes(*numbers: int) -> list[dict[str, int]]:
    return [{"as_int": number} for number in numbers]


def long_program(count: int, side: int) -> bytes:
    """Returns an exported program that multiplies `count` matrices, which it creates."""

    class Long(torch.nn.Module):
        def forward(self, image: Any) -> Any:
            matrix = torch.ones(side, side)
            for _ in range(count):
                matrix = matrix @ matrix
            return image + matrix.mean()

    return _exported(Long())


def _exported(module: torch.nn.Module) -> bytes:
    buffer = io.BytesIO()
    torch.export.save(torch.export.export(module.eval(), (torch.zeros(1, 3, 32, 32),)), buffer)
    return buffer.getvalue()


def _packed(good: bytes) -> dict[str, bytes]:
    """Returns archives whose members are compressed, then damaged: each method has different errors."""
    found = {}
    methods = {"deflated": zipfile.ZIP_DEFLATED, "in BZip2": zipfile.ZIP_BZIP2, "in LZMA": zipfile.ZIP_LZMA}
    for kind, method in methods.items():
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(buffer, "w", method) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))
        content = bytearray(buffer.getvalue())
        found[f"packed {kind}"] = bytes(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                start = member.header_offset + 30 + len(member.filename)
                # After the header that LZMA has within a member.
                content[start + 9 : start + 12] = b"\xff\xff\xff"
                content[start] ^= 0x06
        found[f"packed {kind} and damaged"] = bytes(content)
    return found


def _member(content: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read(next(full for full in archive.namelist() if full.endswith(name))))
