# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks that are damaged, contradictory, or exceed the resources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from tests.faults.hostile_cases import Cases, damaged, files
from tests.networks import class_definition, pooling_network

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
SHAPE = ("n", 3, "h", "w")
HUGE = 2**40


def onnx_cases(folder: Path) -> Cases:
    """Returns the cases; `folder` receives their files."""
    good = pooling_network(folder / "net.onnx", 3, 2).read_bytes()
    contents = {
        **_types_and_shapes(), **_outputs(), **_weights(), **_external(str(folder / "canary")), **_operations(),
        **_constants(), **_graphs(good), **_metadata(good), **_no_networks(good),
    }  # fmt: skip
    contents.update(damaged(good, flips=60, cuts=12, moves=25))
    cases = {}
    for name, content in contents.items():
        cases[f"ONNX: {name}"] = with_definition(content, "net.onnx")
    for what, content in damaged(good, flips=8, cuts=3, moves=3):
        cases[f"bare ONNX: {what}"] = files("net.onnx", {"net.onnx": content})
    for name, content in _metadata(good).items():
        cases[f"bare ONNX: {name}"] = files("net.onnx", {"net.onnx": content})
    return cases


def with_definition(content: bytes, name: str, **keys: Any) -> Any:
    """Returns the case of a network with a definition for three bands and two classes beside it."""
    own: dict[str, Any] = {"ClassifyPixels": {"Stride": 4, "Halo": 8}, **keys}
    emd = json.dumps(class_definition(Path(name), 3, [1, 2], 32, **own)).encode()
    return files("model.emd", {"model.emd": emd, name: content})


def network(
    nodes: Sequence[Any],
    weights: Mapping[str, np.ndarray] | None = None,
    image: tuple[int, Any] = (FLOAT, SHAPE),
    scores: tuple[int, Any] = (FLOAT, ("n", 2, "h", "w")),
    opset: int = 17,
    tensors: Sequence[TensorProto] = (),
) -> ModelProto:
    """Returns a graph from "image" to "scores" unchecked, also an invalid one."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("image", *image)],
        [helper.make_tensor_value_info("scores", *scores)],
        [*(numpy_helper.from_array(array, name) for name, array in (weights or {}).items()), *tensors],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def node(kind: str, *inputs: str, to: str = "scores", **attributes: Any) -> Any:
    return helper.make_node(kind, list(inputs), [to], **attributes)


def _saved(models: Mapping[str, ModelProto]) -> dict[str, bytes]:
    return {name: model.SerializeToString() for name, model in models.items()}


def _types_and_shapes() -> dict[str, bytes]:
    same = [node("Identity", "image")]
    types = {
        name: TensorProto.DataType.Value(name)
        for name in ("STRING", "BOOL", "COMPLEX64", "UINT64", "INT8", "BFLOAT16", "UNDEFINED", "FLOAT8E4M3FN", "INT4")
    }
    models = {f"images of {name}": network(same, image=(kind, SHAPE)) for name, kind in types.items()}
    models.update({f"scores of {name}": network(same, scores=(kind, SHAPE)) for name, kind in types.items()})
    shapes: dict[str, Any] = {
        "no dimension": (), "one": (3,), "three": (3, "h", "w"), "five": (1, 3, "h", "w", 1), "unknown": None,
        "zero bands": ("n", 0, "h", "w"), "no rows": ("n", 3, 0, 0), "negative": (-1, -3, -32, -32),
        "other bands": ("n", 4, "h", "w"), "huge tiles": (1, 3, HUGE, HUGE), "large tiles": (1, 3, 60_000, 60_000),
        "a huge batch": (2**31, 3, "h", "w"), "a large batch": (100_000, 3, 64, 64), "many bands": (1, HUGE, 32, 32),
        "one tile of other size": (1, 3, 48, 31), "names without letters": ("", "\0", "\n", "<b>"),
    }  # fmt: skip
    models.update({f"images of {name}": network(same, image=(FLOAT, shape)) for name, shape in shapes.items()})
    for count in (0, 2, 300):
        model = network(same)
        del model.graph.input[:]
        model.graph.input.extend(helper.make_tensor_value_info(f"i{k}", FLOAT, SHAPE) for k in range(count))
        models[f"{count} images"] = model
    return _saved(models)


def _outputs() -> dict[str, bytes]:
    reduce = [node("ReduceMean", "image", axes=[2, 3], keepdims=0)]
    models = {
        "a score for all": network(reduce, scores=(FLOAT, ("n", 3))),
        "a flat list": network([node("Flatten", "image", axis=0)], scores=(FLOAT, ("a", "b"))),
        "one number": network([node("ReduceSum", "image", keepdims=0)], scores=(FLOAT, ())),
        "the size of the image": network([node("Shape", "image")], scores=(INT64, (4,))),
        "scores that are not finite": network(
            [node("Div", "image", "z")], {"z": np.array(0, np.float32)}, scores=(FLOAT, SHAPE)
        ),
        "an empty image": network(
            [node("Slice", "image", "z", "z", "a")],
            {"z": np.array([0]), "a": np.array([2])}, scores=(FLOAT, None),
        ),
        "half the image": network(
            [node("MaxPool", "image", kernel_shape=[2, 2], strides=[2, 2])], scores=(FLOAT, None)
        ),
        "a list of images": network([node("SplitToSequence", "image", axis=1)], scores=(FLOAT, None)),
        "the batch turned over": network([node("Transpose", "image", perm=[3, 2, 1, 0])], scores=(FLOAT, None)),
        "texts": network([_cast("image", "scores", TensorProto.STRING)], scores=(TensorProto.STRING, None)),
        "no output": network([node("Identity", "image")]),
    }  # fmt: skip
    del models["no output"].graph.output[:]
    classes = {"negative": -7, "above 2^31": 2**40, "lowest": -(2**63)}
    for name, value in classes.items():
        nodes = [
            node("Shape", "image", to="s"),
            node("Slice", "s", "a", "b", to="t"),
            node("Concat", "o", "o", "t", to="u", axis=0),
        ]
        constants = {"a": np.array([2]), "b": np.array([4]), "o": np.array([1]), "v": np.array(value)}
        models[f"ready classes {name}"] = network([*nodes, node("Expand", "v", "u")], constants, scores=(INT64, None))
    return _saved(models)


def _weights() -> dict[str, bytes]:
    """Kernels with fewer or more numbers than their shapes."""
    conv = [node("Conv", "image", "w")]

    def kernel(dims: Sequence[int], numbers: int, kind: int = FLOAT, raw: bool = True) -> ModelProto:
        tensor = TensorProto(name="w", data_type=kind, dims=list(dims))
        if raw:
            tensor.raw_data = bytes(4 * numbers)
        else:
            tensor.float_data.extend([0.0] * numbers)
        return network(conv, tensors=[tensor])

    models = {
        "a huge kernel without numbers": kernel((HUGE, 3, 1, 1), 0),
        "a kernel of 2^80": kernel((HUGE, HUGE, 1, 1), 6),
        "sizes that wrap around": kernel((2**62, 2**2, 1, 1), 6),
        "a kernel of 40 GB": kernel((10**10, 1, 1, 1), 6, raw=False),
        "a negative kernel": kernel((-2, -3, 1, 1), 6),
        "an empty kernel": kernel((2, 0, 1, 1), 0),
        "too few numbers": kernel((2, 3, 1, 1), 5),
        "too many numbers": kernel((2, 3, 1, 1), 600),
        "numbers of no type": kernel((2, 3, 1, 1), 6, TensorProto.UNDEFINED),
        "numbers of type 99": kernel((2, 3, 1, 1), 6, 99),
        "texts as numbers": kernel((2, 3, 1, 1), 6, TensorProto.STRING),
        "a kernel of 300 dimensions": kernel((1,) * 300, 1),
        "a kernel for other bands": kernel((2, 4, 1, 1), 8),
        "a kernel twice": network(conv, {"w": np.zeros((2, 3, 1, 1), np.float32)}, tensors=[
            numpy_helper.from_array(np.zeros((9, 3, 1, 1), np.float32), "w")]),
        "no kernel": network(conv),
        "a kernel that is the image": network([node("Conv", "image", "image")]),
    }  # fmt: skip
    sparse = network(conv)
    values = numpy_helper.from_array(np.ones(2, np.float32), "w")
    places = TensorProto(name="i", data_type=INT64, dims=[2], raw_data=np.array([5, HUGE]).tobytes())
    sparse.graph.sparse_initializer.add(values=values, indices=places, dims=[2, 3, 1, 1])
    models["a sparse kernel beyond its end"] = sparse
    sparse = ModelProto.FromString(sparse.SerializeToString())
    sparse.graph.sparse_initializer[0].dims[:] = [2**31, 2**31, 1, 1]
    models["a sparse kernel without measure"] = sparse
    return _saved(models)


def _external(canary: str) -> dict[str, bytes]:
    models = {}
    entries: dict[str, dict[str, str]] = {
        "absolute": {"location": canary}, "in /proc": {"location": "/proc/self/environ"},
        "a device": {"location": "/dev/zero"},
        "climbing": {"location": "../canary"}, "climbing by backslash": {"location": "..\\canary"},
        "on a server": {"location": "//server/share"}, "an address": {"location": "http://localhost/x"},
        "without a name": {"location": ""}, "a folder": {"location": "."}, "a missing one": {"location": "absent.bin"},
        "a zero in its name": {"location": "net.onnx\0"}, "a long name": {"location": "x" * 5000},
        "the network itself": {"location": "net.onnx"},
        "beyond its end": {"location": "net.onnx", "offset": str(2**62)},
        "before its start": {"location": "net.onnx", "offset": "-8"},
        "too long": {"location": "net.onnx", "length": str(2**62)},
        "of negative length": {"location": "net.onnx", "length": "-24"},
        "with an offset that is a text": {"location": "net.onnx", "offset": "NaN"},
        "in memory": {"location": "*/_ORT_MEM_ADDR_/*", "offset": "4096", "length": "24"},
    }  # fmt: skip
    for name, values in entries.items():
        tensor = TensorProto(name="w", data_type=FLOAT, dims=[2, 3, 1, 1], data_location=TensorProto.EXTERNAL)
        for key, value in values.items():
            tensor.external_data.add(key=key, value=value)
        models[f"external data {name}"] = network([node("Conv", "image", "w")], tensors=[tensor])
    return _saved(models)


def _operations() -> dict[str, bytes]:
    """Operations with attributes that divide by zero, or refer to something missing."""
    kernel = {"w": np.ones((2, 3, 1, 1), np.float32)}
    nodes: dict[str, Any] = {
        "Conv without groups": node("Conv", "image", "w", group=0),
        "Conv of many groups": node("Conv", "image", "w", group=2**40),
        "Conv without strides": node("Conv", "image", "w", strides=[0, 0]),
        "Conv with negative strides": node("Conv", "image", "w", strides=[-1, -1]),
        "Conv without dilation": node("Conv", "image", "w", dilations=[0, 0]),
        "Conv with a wide dilation": node("Conv", "image", "w", dilations=[2**31, 2**31]),
        "Conv with huge pads": node("Conv", "image", "w", pads=[2**40] * 4),
        "Conv with negative pads": node("Conv", "image", "w", pads=[-(2**40)] * 4),
        "Conv of another kernel": node("Conv", "image", "w", kernel_shape=[0, 0]),
        "MaxPool without kernel": node("MaxPool", "image", kernel_shape=[0, 0]),
        "MaxPool without strides": node("MaxPool", "image", kernel_shape=[2, 2], strides=[0, 0]),
        "AveragePool with huge pads": node("AveragePool", "image", kernel_shape=[1, 1], pads=[2**30] * 4),
        "DepthToSpace by nothing": node("DepthToSpace", "image", blocksize=0),
        "SpaceToDepth by nothing": node("SpaceToDepth", "image", blocksize=0),
        "Softmax of no axis": node("Softmax", "image", axis=99),
        "Transpose to nowhere": node("Transpose", "image", perm=[0, 1, 7, -9]),
        "Concat along no axis": node("Concat", "image", "image", axis=-2000),
        "LRN of size nothing": node("LRN", "image", size=0),
        "InstanceNormalization of others": node("InstanceNormalization", "image", "w", "w"),
        "LSTM of nothing": node("LSTM", "image", "w", "w", hidden_size=0),
        "an operation that is none": node("Nonsense", "image"),
        "an operation of another domain": node("Identity", "image", domain="com.example"),
        "no inputs": helper.make_node("Conv", [], ["scores"]),
        "no outputs": helper.make_node("Conv", ["image", "w"], []),
        "an input from nowhere": node("Conv", "image", "nowhere"),
        "itself as an input": node("Add", "image", "scores"),
        "an attribute of a wrong type": node("Conv", "image", "w", strides="two"),
        "a thousand inputs": node("Concat", *["image"] * 1000, axis=1),
        "an Einsum of nonsense": node("Einsum", "image", "image", equation="abc...,->zz"),
        "an If without branches": node("If", "image"),
    }  # fmt: skip
    models = {name: network([item], kernel) for name, item in nodes.items()}
    numbers: dict[str, tuple[str, Any]] = {
        "Reshape to nothing": ("Reshape", np.array([0, 0, 0, 0])), "Reshape to huge": ("Reshape", np.array([HUGE, -1])),
        "Reshape to negative": ("Reshape", np.array([-5, -1])),
        "Expand to huge": ("Expand", np.array([HUGE, 3, 32, 32])),
        "Tile to huge": ("Tile", np.array([1, HUGE, 1, 1])), "Tile to negative": ("Tile", np.array([1, -1, 1, 1])),
        "Pad to huge": ("Pad", np.array([0] * 6 + [2**33, 2**33])),
        "Pad to negative": ("Pad", np.array([0] * 6 + [-99, -99])),
        "Gather beyond": ("Gather", np.array([HUGE, -HUGE])), "GatherND beyond": ("GatherND", np.array([[[[99, 99]]]])),
        "TopK of huge": ("TopK", np.array([HUGE])), "TopK of negative": ("TopK", np.array([-3])),
        "Split into none": ("Split", np.array([0, 0, 0])), "Unsqueeze far": ("Unsqueeze", np.array([99])),
        "ReduceMax of no axis": ("ReduceSum", np.array([77])),
        "Squeeze of no axis": ("Squeeze", np.array([0, 1, 2, 3])),
        "GatherElements beyond": ("GatherElements", np.full((1, 3, 32, 32), 2**31)),
    }  # fmt: skip
    for name, (kind, value) in numbers.items():
        models[name] = network([node(kind, "image", "v")], {"v": value.astype(np.int64)}, scores=(FLOAT, None))
    for name, scales in {"nothing": 0, "huge": 1e9, "NaN": np.nan, "negative": -1}.items():
        item = helper.make_node("Resize", ["image", "", "v"], ["scores"], mode="nearest")
        models[f"Resize by {name}"] = network([item], {"v": np.array([1, 1, scales, scales], np.float32)})
    for kind in ("Div", "Mod"):
        nodes = [_cast("image", "i", INT64), node(kind, "i", "z", to="d"), _cast("d", "scores", FLOAT)]
        models[f"{kind} by zero in whole numbers"] = network(nodes, {"z": np.array(0)}, scores=(FLOAT, SHAPE))
    return _saved(models)


def _cast(source: str, target: str, kind: int) -> Any:
    return helper.make_node("Cast", [source], [target], to=kind)


def _constants() -> dict[str, bytes]:
    """Small files whose constants are evaluated before an image is seen."""
    models = {}
    for name, size in {"2^40": HUGE, "2^62": 2**62, "negative": -5}.items():
        filled = node("ConstantOfShape", "s", to="c")
        models[f"a constant of {name} numbers"] = network(
            [filled, node("ReduceMax", "c", to="m", keepdims=0), node("Add", "image", "m")],
            {"s": np.array([size])}, scores=(FLOAT, SHAPE),
        )  # fmt: skip
    ends = {"a": np.array(0), "b": np.array(HUGE), "c": np.array(1)}
    models["a range of 2^40 numbers"] = network(
        [node("Range", "a", "b", "c", to="r"), node("Shape", "r", to="s"), _cast("s", "t", FLOAT),
        node("Add", "image", "t")],
        ends, scores=(FLOAT, SHAPE),
    )  # fmt: skip
    return _saved(models)


def _graphs(good: bytes) -> dict[str, bytes]:
    models: dict[str, ModelProto] = {}
    for name, opset in {"0": 0, "negative": -1, "10^9": 10**9}.items():
        models[f"opset {name}"] = network([node("Identity", "image")], opset=opset)
    for name, version in {"0": 0, "huge": 2**60}.items():
        models[f"form {name}"] = ModelProto.FromString(good)
        models[f"form {name}"].ir_version = version
    circle = [node("Add", "image", "b", to="a"), node("Add", "image", "a", to="b"), node("Identity", "a")]
    models["a circle"] = network(circle)
    models["a value made twice"] = network([node("Identity", "image"), node("Neg", "image")])
    models["a chain of 4000 steps"] = network(
        [node("Neg", f"v{k}" if k else "image", to=f"v{k + 1}") for k in range(4_000)] + [node("Neg", "v4000")],
        scores=(FLOAT, SHAPE),
    )
    models["a name of a megabyte"] = network([node("Neg", "image", name="x" * 10**6)])
    models["names of markup"] = network([node("Neg", "<script>"), node("Neg", "\0")])
    models["a function that calls itself"] = _recursive(["f"])
    models["functions that call each other"] = _recursive(["f", "g"])
    models["a graph in a graph in a graph"] = _nested(25)
    empty = ModelProto()
    models["no graph"] = empty
    return _saved(models)


def _recursive(names: Sequence[str]) -> ModelProto:
    model = network([node("f", "image", domain="own")])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    model.opset_import.append(opsets[1])
    for number, name in enumerate(names):
        following = names[(number + 1) % len(names)]
        inner = helper.make_node(following, ["x"], ["y"], domain="own")
        model.functions.append(helper.make_function("own", name, ["x"], ["y"], [inner], opsets))
    return model


def _nested(depth: int) -> ModelProto:
    """Returns up to as many nested branches as protobuf's reader allows."""

    def branch(nodes: Sequence[Any]) -> Any:
        return helper.make_graph(list(nodes), "g", [], [helper.make_tensor_value_info("y", FLOAT, None)])

    same = [node("Identity", "image", to="y")]
    nodes = same
    for _ in range(depth):
        nodes = [node("If", "go", to="y", then_branch=branch(nodes), else_branch=branch(same))]
    return network([*nodes, node("Identity", "y")], {"go": np.array(True)})


def _metadata(good: bytes) -> dict[str, bytes]:
    ten = 10 * 1024**2
    values = {
        "10 MB of lists in lists": {"class_names": "[" * (ten // 2) + "]" * (ten // 2)},
        "10 MB of printed entries": {"class_names": "{" + "0: 'a', " * (ten // 8) + "}"},
        "an expression": {"class_names": "__import__('os').system('touch canary')"},
        "markup": {"class_names": json.dumps({"0": "<script>", "1": "\u202e\x1b[2J"})},
        "a tile that is not finite": {"tile_size": "NaN", "model_type": '"Segmentor"'},
        "a huge tile": {"tile_size": str(2**31 - 1), "model_type": '"Segmentor"'},
        "a resolution that is not finite": {"resolution": "1e999", "class_names": '["a", "b"]'},
        "an overlap beyond all": {"tiles_overlap": "1e30", "class_names": '["a", "b"]'},
        "standardisation by nothing": {"standardization_mean": "[0,0,0]", "standardization_std": "[0,0,0]"},
        "numbers beyond floats": {"standardization_mean": f"[{'9' * 400},0,0]", "standardization_std": "[1,1,1]"},
    }
    models = {}
    for name, entries in values.items():
        models[f"metadata with {name}"] = ModelProto.FromString(good)
        helper.set_model_props(models[f"metadata with {name}"], entries)
    return _saved(models)


def _no_networks(good: bytes) -> dict[str, bytes]:
    chance = np.random.default_rng(9)
    return {
        "an empty file": b"", "zero bytes": bytes(5000), "a text": b"ONNX" * 100,
        "a zip archive": b"PK\x03\x04" + bytes(100),
        **{f"noise {number}": chance.bytes(2000) for number in range(5)},
        "a network twice": good + good,
        "a length without end": b"\x3a" + b"\xff" * 9 + b"\x01" + good,
        "groups": b"\x3b" * 5000,
        "messages in messages": b"".join(b"\x3a\xff\x7f" for _ in range(5000)) + bytes(20_000),
        "two million fields": b"\x30\x08" * 2_000_001,
    }  # fmt: skip


def product_of_constants(count: int, side: int) -> bytes:
    """Returns a network of a few bytes per step, each of which multiplies two constant matrices."""
    nodes = [node("ConstantOfShape", "s", to="c0")]
    for number in range(count):
        nodes.append(node("MatMul", f"c{number}", f"c{number}", to=f"c{number + 1}"))
    nodes += [node("ReduceMean", f"c{count}", to="m", keepdims=0), node("Add", "image", "m")]
    return network(nodes, {"s": np.array([side, side])}, scores=(FLOAT, SHAPE)).SerializeToString()


def hungry(numbers: int) -> bytes:
    """Returns a network that creates this many `numbers` when run and adds their mean to the image."""
    nodes = [node("ConstantOfShape", "s", to="c"), node("Exp", "c", to="e")]
    nodes += [node("ReduceMean", "e", to="m", keepdims=0), node("Add", "image", "m")]
    return network(nodes, {"s": np.array([numbers])}, scores=(FLOAT, SHAPE)).SerializeToString()
