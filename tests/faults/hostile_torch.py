# SPDX-License-Identifier: GPL-2.0-or-later
"""PyTorch files that would run code, are damaged, or claim missing tensors."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from tests.faults.hostile_cases import Cases, damaged, files
from tests.faults.hostile_onnx import with_definition
from tests.state_dicts import state_dict, tiny_unet_shapes

LEARN = {"Framework": "arcgis.learn", "ModelConfiguration": "_unet", "SupportsVariableTileSize": True}


class Harmful:
    """Pickled, it creates the canary when loaded."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.canary),)


class Call:
    """Pickled, it calls functions that the loader of plain tensors allows."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> Any:
        return self.function, self.arguments


def torch_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` holds the canary that pickles aim at."""
    contents = {
        **{f".pth: {name}": content for name, content in _checkpoints(folder / "canary").items()},
        **{f".pt: {name}": content for name, content in _scripts(folder / "canary").items()},
        **{f".safetensors: {name}": content for name, content in _safetensors().items()},
        **{f".pt2: {name}": content for name, content in _programs(folder / "canary").items()},
        **{f".pb: {name}": content for name, content in _graphs().items()},
    }
    cases = {name: with_definition(content, f"net{name.split(':')[0]}") for name, content in contents.items()}
    for name, content in contents.items():
        if "flipped bytes 1" in name or "code" in name:
            suffix = name.split(":")[0]
            cases[f"bare {name}"] = files(f"net{suffix}", {f"net{suffix}": content})
    return cases


def saved(content: Any, **options: Any) -> bytes:
    """Returns the bytes that torch.save writes."""
    buffer = io.BytesIO()
    torch.save(content, buffer, **options)
    return buffer.getvalue()


def _checkpoints(canary: Path) -> dict[str, bytes]:
    tensors = state_dict(tiny_unet_shapes(channels=2))
    first = next(iter(tensors))
    good = saved({"model": tensors})
    old = saved({"model": tensors}, _use_new_zipfile_serialization=False)
    contents: dict[str, Any] = {
        "code as the whole": Harmful(canary), "code beside": {"model": tensors, "opt": Harmful(canary)},
        "code as a tensor": {"model": {**tensors, first: Harmful(canary)}},
        "code as a name": {"model": {**tensors, Harmful(canary): torch.zeros(1)}},
        "code in a list": [[[Harmful(canary)]]], "a whole network": torch.nn.Conv2d(3, 2, 1),
        "a large byte array": {"model": tensors, "opt": Call(bytearray, 8 * 10**9)},
        "a large tensor": {"model": tensors, "opt": Call(torch.Tensor, 10**10)},
        "a large storage": {"model": tensors, "opt": Call(torch.FloatTensor, 2 * 10**9)},
        "meta tensors": {"model": {name: tensor.to("meta") for name, tensor in tensors.items()}},
        "sparse tensors": {"model": {name: tensor.to_sparse() for name, tensor in tensors.items()}},
        "whole numbers": {"model": {name: tensor.long() for name, tensor in tensors.items()}},
        "complex numbers": {"model": {name: tensor.to(torch.complex64) for name, tensor in tensors.items()}},
        "NaN": {"model": {name: tensor * float("nan") for name, tensor in tensors.items()}},
        "infinite numbers": {"model": {name: tensor.float() * 3e38 for name, tensor in tensors.items()}},
        "empty tensors": {"model": {name: tensor[:0] if tensor.dim() else tensor for name, tensor in tensors.items()}},
        "scalars": {"model": {name: torch.tensor(1.0) for name in tensors}},
        "large views": {"model": {**tensors, first: torch.zeros(1).expand(10**6, 10**6)}},
        "overlapping views": {"model": {name: torch.zeros(1).expand(tensor.shape) for name, tensor in tensors.items()}},
        "many tensors": {"model": {f"t{number}": torch.zeros(1) for number in range(10_500)}},
        "names of markup": {"model": {**tensors, "<script>\x1b[2J": torch.zeros(1)}},
        "a name of a megabyte": {"model": {**tensors, "x" * 10**6: torch.zeros(1)}},
        "deep containers": {"model": {"model": {"model": {"state_dict": {"model": tensors}}}}},
        "itself": _cyclic(tensors), "nothing": {}, "no names": list(tensors.values()),
        "negative names": {"model": {"layers.-1.0.weight": tensors[first]}},
        "a long number in a name": {"model": {**tensors, f"layers.{'9' * 5000}.weight": torch.zeros(1)}},
    }  # fmt: skip
    found = {name: saved(content) for name, content in contents.items()}
    for protocol in (0, 2, 4):
        found[f"code in a bare pickle of protocol {protocol}"] = pickle.dumps(Harmful(canary), protocol)
    found["code in the old form"] = saved({"model": Harmful(canary)}, _use_new_zipfile_serialization=False)
    found.update(_pickles(good))
    for form, content in {"": good, "old form, ": old}.items():
        for what, bad in damaged(content, flips=14, cuts=5, moves=6):
            found[f"{form}{what}"] = bad
    return found


def _cyclic(tensors: Mapping[str, Any]) -> dict[str, Any]:
    circle: dict[str, Any] = {"opt": dict(tensors)}
    circle["model"] = circle
    return circle


def _pickles(good: bytes) -> dict[str, bytes]:
    """Returns checkpoints whose list of tensors is another pickle."""
    names = {
        "a text beyond the end": b"\x80\x02X\xff\xff\xff\x7f.",
        "a long text beyond the end": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f.",
        "a number beyond the end": b"\x80\x02\x8b\xff\xff\xff\x7f.",
        "places without end": b"\x80\x02" + b"]q\x00" * 100_000 + b".",
        "tuples in tuples": b"\x80\x02)" + b"\x85" * 200_000 + b".", "nothing on the stack": b"\x80\x02R.",
        "an unknown place": b"\x80\x02h\x63.", "no end": b"\x80\x02}", "an unknown step": b"\x80\x02\xee.",
        "a mark alone": b"\x80\x02(t(t(u.", "lists of lists": b"\x80\x02]" + b"(" * 50_000 + b".",
        "a foreign tensor": b"\x80\x02cbuiltins\neval\n(X\x03\x00\x00\x001+1tR.",
        "a place of memory": b"\x80\x02ctypes\nstring_at\n(K\x00K\xfftR.",
    }  # fmt: skip
    found = {f"a pickle with {name}": with_member(good, "data.pkl", content) for name, content in names.items()}
    found["a tensor that is stored nowhere"] = with_member(good, "data/3", None)
    found["a tensor that is cut off"] = with_member(good, "data/3", b"\0\0")
    found["an order of bytes that is none"] = with_member(good, "byteorder", b"middle")
    found["a version beyond all"] = with_member(good, "version", b"9" * 30)
    return found


def with_member(content: bytes, name: str, new: bytes | None, **added: bytes) -> bytes:
    """Returns an archive in which the member of this name is another one; None leaves it out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.namelist():
            inner = member.split("/", 1)[-1]
            if inner != name:
                target.writestr(member, source.read(member))
            elif new is not None:
                target.writestr(member, new)
        for member, data in added.items():
            target.writestr(member, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def script(body: str) -> bytes:
    """Returns TorchScript whose network applies this to the image x and returns it."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.CompilationUnit(f"def forward(x):\n    {body}\n    return x\n").forward, buffer)
    return buffer.getvalue()


class Endless(torch.nn.Module):
    """Its state is set by an endless loop."""

    @torch.jit.export
    def __getstate__(self) -> bool:
        """Returns anything."""
        return self.training

    @torch.jit.export
    def __setstate__(self, state: bool) -> None:
        """Never returns."""
        x = torch.zeros([1])
        while bool(x.sum() == 0.0):
            x = x * 0
        self.training = state

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Returns two bands."""
        return x[:, :2]


def endless_state() -> bytes:
    """Returns TorchScript that runs endlessly when opened."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Endless()), buffer)
    return buffer.getvalue()


def hungry_script(numbers: int) -> bytes:
    """Returns TorchScript that creates this many `numbers` when run."""
    return script(f"x = x + torch.ones([{numbers}]).mean()")


def _scripts(canary: Path) -> dict[str, bytes]:
    bodies = {
        "code that writes": f'torch.save([x], "{canary}")', "code that reads": "x = torch.from_file('/etc/passwd')",
        "an error": "raise Exception('no')", "an assertion": "assert 1 == 2",
        "no end of depth": "x = x.reshape([1] * 5000)", "another shape": "x = x[:, :, 0]", "a scalar": "x = x.sum()",
        "another batch": "x = torch.cat([x, x])", "a text": "y = str(x)", "integers": "x = x.long() * 1000000000000",
        "NaN": "x = x / 0", "no rows": "x = x[:, :, :0]", "a negative size": "x = torch.zeros([-1, 2])",
        "a huge tensor": "x = torch.zeros([1000000, 1000000, 3, 3])",
        "sizes that wrap": "x = torch.zeros([4611686018427387904, 8])",
        "division of whole numbers": "x = x * float(1 // (x.shape[0] - x.shape[0]))",
        "an index beyond": "x = x[:, 999]", "a picked index beyond": "x = x.index_select(1, torch.tensor([99]))",
        "set to other memory": "x = torch.as_strided(x, [1, 2, 4000, 4000], [1, 1, 1, 1])",
        "strides beyond memory": "x = torch.as_strided(x, [1, 2, 32, 32], [1, 100000000, 1, 1])",
        "printing": "print(x.shape)", "complex scores": "x = torch.view_as_complex(x.reshape(-1, 2).contiguous())",
        "sparse scores": "x = x.to_sparse()",
        "quantised scores": "x = torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)",
    }  # fmt: skip
    found = {name: script(body) for name, body in bodies.items()}
    good = found["printing"]
    harmful = pickle.dumps(Harmful(canary), 2)
    found["code in its pickle"] = with_member(good, "data.pkl", harmful)
    found["code in its constants"] = with_member(good, "constants.pkl", harmful)
    found["a bomb beside"] = with_member(good, "", None, **{"net/extra/zeros": bytes(90_000_000)})
    found["a bomb as code"] = with_member(good, "", None, **{"net/code/zeros.py": b" " * 63_000_000})
    for what, content in damaged(good, flips=25, cuts=6, moves=6):
        found[what] = content
    return found


def _safetensors() -> dict[str, bytes]:
    tensors = {name: tensor.numpy() for name, tensor in state_dict(tiny_unet_shapes(channels=2)).items()}
    header, data = OrderedDict[str, Any](), b""
    kinds = {"float32": "F32", "int64": "I64"}
    for name, array in tensors.items():
        header[name] = {
            "dtype": kinds[str(array.dtype)],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    first = next(iter(header))

    def joined(document: Any, length: int | None = None) -> bytes:
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        return struct.pack("<Q", len(text) if length is None else length) + text + data

    def changed(**entry: Any) -> bytes:
        return joined({**header, first: {**header[first], **entry}})

    good, ten = joined(header), 10 * 1024**2
    found = {
        "a huge shape": changed(shape=[2**40, 2**40]), "a negative shape": changed(shape=[-4, 3, 7, 7]),
        "a wrapping shape": changed(shape=[2**32, 2**32, 0]), "a shape of numbers": changed(shape=[4.0, 3, 7, 7]),
        "places beyond": changed(data_offsets=[0, 2**63]), "places turned round": changed(data_offsets=[2352, 0]),
        "another type": changed(dtype="F8_E4M3"), "a type that is none": changed(dtype=["F32"]),
        "all tensors in one place": joined({name: {**entry,
        "data_offsets": [0, entry["data_offsets"][1] - entry["data_offsets"][0]]} for name, entry in header.items()}),
        "the header beyond the end": joined(header, 2**40), "no header": joined(header, 0),
        "10 MB of lists in lists": joined(b"[" * (ten // 2) + b"]" * (ten // 2)),
        "10 MB of lists": joined(b'{"a":[' + b"[]," * (ten // 3) + b"0]}"),
        "90 MB of lists": joined(b'{"a":[' + b"[]," * (30 * 10**6) + b"0]}"),
        "a million empty tensors": joined({f"t{k}": {"dtype": "F32", "shape": [0],
        "data_offsets": [0, 0]} for k in range(10**6 // 4)}),
        "markup": joined({**header, "<script>": header[first]}),
    }  # fmt: skip
    for what, content in damaged(good, flips=10, cuts=4, moves=4):
        found[what] = content
    return found


def exports_programs() -> bool:
    """Returns True if this PyTorch exports programs in the plugin's form."""
    return importlib.util.find_spec("torch.export.pt2_archive") is not None


def _programs(canary: Path) -> dict[str, bytes]:
    if not exports_programs():
        return {}
    program = torch.export.export(torch.nn.Conv2d(3, 2, 1).eval(), (torch.zeros(1, 3, 32, 32),))
    buffer = io.BytesIO()
    torch.export.save(program, buffer)
    good = buffer.getvalue()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        name = next(name for name in archive.namelist() if name.endswith("models/model.json"))
        model = json.loads(archive.read(name))

    def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
        document = json.loads(json.dumps(model))
        change(document["graph_module"])
        return with_member(good, "models/model.json", json.dumps(document).encode())

    def called(target: str) -> bytes:
        return changed(lambda module: module["graph"]["nodes"][0].update(target=target))

    ten, code = 10 * 1024**2, pickle.dumps(Harmful(canary))
    # Whole floats would be weights, whatever they say as a pickle.
    code += b"." * (-(len(code) - 1) % 4)
    found = {
        "code as an operation": called("os.system"),
        "code as an expression": called(f"__import__('os').mkdir('{canary}')"),
        "another operation": called("torch.ops.aten.relu.default"),
        "an operation on files": called("torch.ops.aten.from_file.default"),
        "no nodes": changed(lambda module: module["graph"].update(nodes=[])),
        "no outputs": changed(lambda module: module["graph"].update(outputs=[])),
        "nodes of numbers": changed(lambda module: module["graph"].update(nodes=[1, None])),
        "no specification": changed(lambda module: module.update(signature={"input_specs": [{}]})),
        "10 MB of lists in lists": with_member(good, "models/model.json", b"[" * (ten // 2) + b"]" * (ten // 2)),
        "another document": with_member(good, "models/model.json", b"null"),
        "code in its weights": with_member(good, "data/weights/weight_0", code),
        "no weights": with_member(good, "data/weights/model_weights_config.json", b"{}"),
        "a bomb": with_member(good, "", None, **{"net/data/weights/zeros": bytes(90_000_000)}),
    }  # fmt: skip
    for what, content in damaged(good, flips=14, cuts=4, moves=6):
        found[what] = content
    return found


def _graphs() -> dict[str, bytes]:
    content = b"\x0a\x1b\x0a\x0bImageTensor\x12\x0bPlaceholder" + bytes(range(64))
    return dict(damaged(content, flips=5, cuts=3, moves=2))
