# SPDX-License-Identifier: GPL-2.0-or-later
"""Models as other libraries leave them, with hostile contents: checkpoints, classifiers of rows, files beside them."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper

from tests.faults.hostile_cases import Cases, damaged, files
from tests.faults.hostile_definitions import VALUES
from tests.faults.hostile_torch import Call, Harmful, saved
from tests.networks import pointwise_network
from tests.onnx_classifiers import BANDS, FLOAT, INT64, ML, TEXT, forest_node
from tests.smp_unet import random_unet

OPSETS = (("", 17), (ML, 1))
MEGABYTE = 1024**2
# Names that an attacker wants evaluated; {canary} is a folder that must not appear.
LITERALS = {
    "code as a value": "{{0: __import__('os').mkdir('{canary}')}}",
    "code as a whole": "__import__('os').mkdir('{canary}')",
    "code in a comprehension": "{{k: open('{canary}', 'w') for k in range(3)}}",
    "code as a key": "{{__import__('os').mkdir('{canary}'): 'a'}}",
    "code in a lambda": "{{0: (lambda: __import__('os').mkdir('{canary}'))()}}",
    "code in a format": "{{0: f\"{{__import__('os').mkdir('{canary}')}}\"}}",
    "a YAML object": "!!python/object/apply:os.mkdir ['{canary}']",
    "a YAML bomb": "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n0: *c",
}


def owned_cases(folder: Path) -> Cases:
    """Returns the cases; code would create a canary in `folder`."""
    canary = folder / "canary"
    network = pointwise_network(folder / "net.onnx", BANDS, 2).read_bytes()
    cases = {f".ckpt: {name}": files("net.ckpt", {"net.ckpt": each}) for name, each in _checkpoints(canary).items()}
    cases.update(
        {f".pth: owned, {name}": files("net.pth", {"net.pth": each}) for name, each in _states(canary).items()}
    )
    for name, each in _safetensors().items():
        cases[f".safetensors: owned, {name}"] = files("net.safetensors", {"net.safetensors": each})
    for name, each in _rows().items():
        cases[f"rows: {name}"] = files("forest.onnx", {"forest.onnx": each.SerializeToString()})
    for name, beside in _side_files().items():
        cases[f"side file: {name}"] = files("net.onnx", {"net.onnx": network, **beside})
    for name, metadata in _metadata(canary).items():
        model = ModelProto.FromString(network)
        helper.set_model_props(model, metadata)
        cases[f"metadata: {name}"] = files("net.onnx", {"net.onnx": model.SerializeToString()})
    return cases


def _state() -> dict[str, Any]:
    """Returns the tensors of a small U-Net as Lightning names them."""
    return {f"model.{name}": tensor for name, tensor in random_unet(BANDS, 2).state_dict().items()}


def _checkpoints(canary: Path) -> dict[str, bytes]:
    """Returns checkpoints of Lightning, whose other parts are arbitrary objects."""
    state, harmful = _state(), Harmful(canary)
    first = next(iter(state))
    rest = {"epoch": 3, "global_step": 9, "pytorch-lightning_version": "2.5.0", "optimizer_states": [], "loops": {}}
    good = {**rest, "state_dict": state}
    deep: Any = []
    for _ in range(150):
        deep = [deep]
    contents = {
        "plain": good, "code as hyperparameters": {**good, "hyper_parameters": harmful},
        "code in hyperparameters": {**good, "hyper_parameters": {"model": {"encoder": harmful}}},
        "code as a callback": {**good, "callbacks": {"ModelCheckpoint": harmful}},
        "code as the state": {**rest, "state_dict": harmful},
        "code as a tensor": {**good, "state_dict": {**state, first: harmful}},
        "code as a name": {**good, "state_dict": {**state, harmful: torch.zeros(1)}},
        "a class of a library": {**good, "hyper_parameters": Path("weights")},
        "a large array": {**good, "hyper_parameters": Call(bytearray, 8 * 10**9)},
        "a large tensor": {**good, "hyper_parameters": Call(torch.Tensor, 10**10)},
        "deep hyperparameters": {**good, "hyper_parameters": deep},
        "an architecture of markup": {**good, "hyper_parameters": {"arch": "<script>{0}%s\x1b[2J"}},
        "two states": {**good, "state_dict": {**state, **{f"ema.{name}": each for name, each in state.items()}}},
        "prefixes upon prefixes": {**good, "state_dict": {"model." * 300 + name: each for name, each in state.items()}},
        "names that meet": {**good, "state_dict": {**state, **{name[6:]: each for name, each in state.items()}}},
        "a state of nothing": {**good, "state_dict": {}}, "no state": rest,
        "a state of numbers": {**good, "state_dict": dict.fromkeys(state, 1.5)},
        "NaN": {**good, "state_dict": {name: each * float("nan") for name, each in state.items()}},
        "one tensor for all": {**good, "state_dict": {name: torch.zeros(1) for name in state}},
    }  # fmt: skip
    return {name: saved(content) for name, content in contents.items()}


def _states(canary: Path) -> dict[str, bytes]:
    state = {name[len("model.") :]: tensor for name, tensor in _state().items()}
    first = next(name for name in state if name.endswith("conv1.weight"))
    layers = {f"encoder.layer1.{number}.conv1.weight": torch.zeros(1, 1, 1, 1) for number in range(5_000)}
    return {
        "code beside the tensors": saved({**state, "config": Harmful(canary)}),
        "code in the old form": saved({**state, "config": Harmful(canary)}, _use_new_zipfile_serialization=False),
        "layers without end": saved({**state, **layers}),
        "a layer of a long number": saved({**state, f"encoder.layer{'9' * 4000}.0.conv1.weight": torch.zeros(1)}),
        "bands without end": saved({**state, first: torch.zeros(1).expand(64, 10**7, 7, 7)}),
        "no bands": saved({**state, first: torch.zeros(64, 0, 7, 7)}),
        "classes without end": saved(
            {**state, "segmentation_head.0.weight": torch.zeros(1).expand(10**7, 16, 3, 3)}
        ),
        "no classes": saved({**state, "segmentation_head.0.weight": torch.zeros(0, 16, 3, 3)}),
        "another shape each": saved({name: torch.zeros([2] * each.dim()) for name, each in state.items()}),
    }  # fmt: skip


def _safetensors() -> dict[str, bytes]:
    state = {name[len("model.") :]: tensor.float() for name, tensor in _state().items()}
    entries: dict[str, Any] = {}
    data = b""
    for name, tensor in state.items():
        content = tensor.numpy().tobytes()
        entries[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content

    def joined(header: Any) -> bytes:
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    hundred = json.dumps(entries).encode()[:-1] + b', "__metadata__": {"a": "' + b"x" * 100 * MEGABYTE + b'"}}'
    size = max(entry["data_offsets"][1] - entry["data_offsets"][0] for entry in entries.values())
    lapping = {
        name: {**each, "data_offsets": [size % 4, size % 4 + each["data_offsets"][1] - each["data_offsets"][0]]}
        for name, each in entries.items()
    }
    return {
        "plain": joined(entries), "a header of 100 MB": joined(hundred),
        "a header of 100 MB of spaces": joined(json.dumps(entries).encode() + b" " * 100 * MEGABYTE),
        "tensors upon each other": joined(lapping),
        "metadata of code": joined({**entries, "__metadata__": {"format": "__import__('os').mkdir('/tmp/x')"}}),
    }  # fmt: skip


# --- classifiers of rows ----------------------------------------------------------------------------------------


def _classifier(
    nodes: Sequence[Any], outputs: Sequence[Any], weights: Mapping[str, np.ndarray] | None = None
) -> ModelProto:
    inputs = [helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])]
    tensors = [numpy_helper.from_array(array, name) for name, array in (weights or {}).items()]
    graph = helper.make_graph(list(nodes), "classifier", inputs, list(outputs), tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid(*each) for each in OPSETS], ir_version=8)


def _maps(kind: int = INT64, name: str = "maps") -> Any:
    entry = helper.make_map_type_proto(kind, helper.make_tensor_type_proto(FLOAT, []))
    return helper.make_value_info(name, helper.make_sequence_type_proto(entry))


def zip_map(labels: Any, table: str = "table", output: str = "maps") -> Any:
    """Returns the operator that returns a map of labels and numbers for each row."""
    key = "classlabels_strings" if labels and isinstance(labels[0], str) else "classlabels_int64s"
    node = helper.make_node("ZipMap", [table], [output], domain=ML)
    kind = AttributeProto.STRINGS if key.endswith("strings") else AttributeProto.INTS
    node.attribute.append(helper.make_attribute(key, list(labels), attr_type=kind))
    return node


def _rows() -> dict[str, ModelProto]:
    label = helper.make_tensor_value_info("label", INT64, ["n"])
    text = helper.make_tensor_value_info("label", TEXT, ["n"])
    forest, named = forest_node((0, 1, 2)), forest_node(("a", "b", "c"))
    lists: dict[str, Any] = {
        "twice the same": (0, 0, 1), "all the same": (5, 5, 5), "fewer than columns": (0, 1), "more than columns": range(9),  # noqa: E501
        "far apart": (-(2**63), 0, 2**63 - 1), "a thousand": range(1000), "a million": range(10**6),
        "beyond the class values": (2**31, 2**40, 7), "texts twice": ("a", "a", "b"), "empty texts": ("", "", ""),
        "markup": ("<script>alert(1)</script>", "{0}%s\x1b[2J\u202e", "\x00"), "a megabyte": ("x" * MEGABYTE, "b", "c"),
    }  # fmt: skip
    found = {}
    for name, labels in lists.items():
        kind = TEXT if isinstance(labels[0], str) else INT64
        found[f"a map of labels: {name}"] = _classifier([forest, zip_map(labels)], [label, _maps(kind)])
        # A forest of a thousand classes is slow, which is no fault.
        if len(labels) < 100:
            outputs = [
                text if kind == TEXT else label,
                helper.make_tensor_value_info("table", FLOAT, ["n", len(labels)]),
            ]
            found[f"labels of a forest: {name}"] = _classifier([forest_node(tuple(labels))], outputs)
    wide = {"w": np.full((BANDS, 10**5), 0.5, np.float32)}
    product = helper.make_node("MatMul", ["rows", "w"], ["table"])
    found.update({
        "a map in a circle": _classifier(
            [helper.make_node("Add", ["rows", "maps"], ["table"]), zip_map((0, 1, 2))], [_maps()]),
        "two maps in a circle": _classifier(
            [zip_map((0, 1), "b", "a"), zip_map((0, 1), "a", "b")], [_maps(name="a")]),
        "a map of itself": _classifier([zip_map((0, 1), "maps", "maps")], [_maps()]),
        "a map of texts of a table": _classifier([named, zip_map((0, 1, 2))], [text, _maps()]),
        "a hundred thousand labels": _classifier([product, zip_map(range(10**5))], [_maps()], wide),
        "labels of nothing": _classifier([forest, zip_map(())], [label, _maps()]),
        "a hundred maps": _classifier(
            [forest, *(zip_map((0, 1, 2), output=f"m{n}") for n in range(100))],
            [label, *(_maps(name=f"m{n}") for n in range(100))]),
        "a tree that leads back": _classifier([_circular_tree()], [label]),
        "a tree of a feature that is none": _classifier([_changed(forest, "nodes_featureids", 10**6)], [label]),
        "a tree of negative nodes": _classifier([_changed(forest, "nodes_truenodeids", -1)], [label]),
        "weights of NaN": _classifier([_changed(forest, "class_weights", float("nan"))],
            [label, helper.make_tensor_value_info("table", FLOAT, ["n", 3])]),
    })  # fmt: skip
    for what, content in damaged(found["a map of labels: fewer than columns"].SerializeToString(), 12, 4, 4):
        try:
            found[f"damaged, {what}"] = ModelProto.FromString(content)
        except Exception:  # noqa: BLE001, S112  (what protobuf cannot read is a case of its own elsewhere)
            continue
    return found


def _changed(node: Any, name: str, value: Any) -> Any:
    """Returns an operator one of whose lists has this value everywhere."""
    copy = type(node).FromString(node.SerializeToString())
    for attribute in copy.attribute:
        if attribute.name == name:
            numbers = attribute.floats if isinstance(value, float) else attribute.ints
            numbers[:] = [value] * len(numbers)
    return copy


def _circular_tree() -> Any:
    """Returns a tree whose branches lead back to its root."""
    ids = [0, 1, 2]
    return helper.make_node(
        "TreeEnsembleClassifier", ["rows"], ["label", "table"], domain=ML, post_transform="NONE",
        nodes_treeids=[0] * 3, nodes_nodeids=ids, nodes_featureids=[0] * 3, nodes_values=[9.0] * 3,
        nodes_modes=["BRANCH_LEQ", "BRANCH_LEQ", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[1, 0, 0],
        class_treeids=[0], class_nodeids=[2], class_ids=[0], class_weights=[1.0], classlabels_int64s=[0, 1],
    )  # fmt: skip


def endless_rows(folder: Path) -> Path:
    """Saves a classifier whose maps follow a loop of 2 to the power of 60 steps."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Sin", ["x"], ["y"])], "body",
        [helper.make_tensor_value_info("step", INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("x", FLOAT, None)],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []), helper.make_tensor_value_info("y", FLOAT, None)],
    )  # fmt: skip
    loop = helper.make_node("Loop", ["steps", "go", "rows"], ["table"], body=body)
    weights = {"steps": np.array(2**60, np.int64), "go": np.array(True)}
    model = _classifier([loop, zip_map(range(BANDS))], [_maps()], weights)
    (folder / "forest.onnx").write_bytes(model.SerializeToString())
    return folder / "forest.onnx"


# --- files beside a network -------------------------------------------------------------------------------------


def _side_files() -> dict[str, dict[str, bytes]]:
    config = {
        "architectures": ["SegformerForSemanticSegmentation"],
        "id2label": {"0": "a", "1": "b"},
        "num_channels": 3,
    }
    processor = {
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.4] * 3,
        "image_std": [0.2] * 3, "size": {"height": 32, "width": 32},
    }  # fmt: skip
    chance, found = random.Random(8), {}
    for key in (*config, "input_height", "input_width", "input_channels"):
        for title in chance.sample(sorted(VALUES), 6):
            found[f"{key} is {title}"] = {"config.json": _json({**config, key: VALUES[title]})}
    for key in (*processor, "do_flip_channel_order"):
        for title in chance.sample(sorted(VALUES), 6):
            found[f"processor's {key} is {title}"] = {
                "preprocessor_config.json": _json({**processor, key: VALUES[title]})
            }
    absurd: dict[str, Any] = {
        "sizes of 2^31": {"size": {"height": 2**31, "width": 2**31}}, "a size of 0": {"size": {"height": 0, "width": 0}},  # noqa: E501
        "a size of 10^400": {"size": 10**400}, "sizes of texts": {"size": {"height": "a", "width": []}},
        "a shortest edge of NaN": {"size": {"shortest_edge": float("nan")}}, "a factor of 0": {"rescale_factor": 0},
        "a factor of 1e308": {"rescale_factor": 1e308}, "a factor of 5e-324": {"rescale_factor": 5e-324},
        "a negative factor": {"rescale_factor": -1}, "a deviation of 0": {"image_std": [0.2, 0, 0.2]},
        "a deviation of 1e-300": {"image_std": [1e-300] * 3}, "a mean of 1e308": {"image_mean": [1e308] * 3},
        "means of NaN": {"image_mean": [float("nan")] * 3}, "means of texts": {"image_mean": ["0.5"] * 3},
        "a million means": {"image_mean": [0.5] * 10**5}, "one mean": {"image_mean": [0.5]},
        "means in lists": {"image_mean": [[0.5]] * 3}, "a truth that is a text": {"do_rescale": "no", "do_normalize": "x"},  # noqa: E501
    }  # fmt: skip
    for name, values in absurd.items():
        found[f"processor: {name}"] = {"preprocessor_config.json": _json({**processor, **values})}
        found[f"own file: {name}"] = {"net.onnx.json": _json({**config, **processor, **values})}
    labels: dict[str, Any] = {
        "twice the same": {"0": "a", "1": "a"}, "not from 0": {"5": "a", "9": "b"}, "negative": {"-1": "a", "0": "b"},
        "too many": {str(n): "x" for n in range(60_000)}, "no numbers": {"a": "0", "b": "1"},
        "a number of a thousand digits": {"9" * 1000: "a", "1": "b"}, "names that are objects": {"0": {"a": []}, "1": None},  # noqa: E501
        "a list": ["a", "b"], "markup": {"0": "<script>x</script>", "1": "{0}%s\x1b[2J"}, "far apart": {"0": "a", "99999999": "b"},  # noqa: E501
        "a place of 0x1": {"0x0": "a", "0x1": "b"}, "a place in other digits": {"\u0660": "a", "\u0661": "b"},
    }  # fmt: skip
    for name, names in labels.items():
        found[f"labels: {name}"] = {"config.json": _json({**config, "id2label": names})}
    texts: dict[str, bytes] = {
        "10 MB": _json({**config, "x": "y" * 10 * MEGABYTE}), "a megabyte of lists": b"[" * MEGABYTE + b"]" * MEGABYTE,
        "lists in a key": _json(config)[:-1] + b', "x": ' + b"[" * 400_000 + b"]" * 400_000 + b"}",
        "a number of 900000 digits": _json(config)[:-1] + b', "num_channels": ' + b"9" * 900_000 + b"}",
        "a YAML bomb": b"a: &a [x,x]\nb: &b [*a,*a]\n", "a pickle": b"\x80\x04\x95cos\nsystem\n.", "UTF-16": "{}".encode("utf-16"),  # noqa: E501
        "nothing": b"", "null": b"null", "a list": b"[]", "zero bytes": bytes(1000), "doubled keys": b'{"id2label": 1, "id2label": 2}',  # noqa: E501
    }  # fmt: skip
    for name, content in texts.items():
        for file in ("config.json", "preprocessor_config.json", "net.onnx.json"):
            found[f"{file} is {name}"] = {file: content}
    return found


def _json(document: Any) -> bytes:
    return json.dumps(document).encode("utf-8", "surrogatepass")


# --- metadata of Ultralytics ------------------------------------------------------------------------------------


def _metadata(canary: Path) -> dict[str, dict[str, str]]:
    good = {
        "author": "Ultralytics", "task": "semantic", "names": "{0: 'road', 1: 'roof'}", "imgsz": "[32, 32]", "stride": "4",  # noqa: E501
        "channels": "3", "batch": "1",
    }  # fmt: skip
    found = {name: {**good, "names": text.format(canary=canary)} for name, text in LITERALS.items()}
    for key in ("imgsz", "stride", "channels", "task"):
        found.update({f"{key}, {name}": {**good, key: text.format(canary=canary)} for name, text in LITERALS.items()})
    names = {
        "twice the same": "{0: 'a', 0: 'b'}", "not from 0": "{7: 'a', 8: 'b'}", "far apart": "{0: 'a', 999999999: 'b'}",
        "a number of a thousand digits": f"{{{'9' * 1000}: 'a'}}", "quotes without end": "{0: '" + "\\'" * 200_000,
        "commas without end": "{0: 'a'" + ", " * 300_000 + "}", "brackets without end": "{" * 300_000,
        "spaces without end": "{0: 'a'," + " " * 500_000 + "}", "entries without end": str(dict.fromkeys(range(40000), "x")),  # noqa: E501
        "a megabyte of a name": "{0: '" + "x" * 2 * MEGABYTE + "', 1: 'b'}", "markup": "{0: '<script>x</script>', 1: '\x1b[2J'}",  # noqa: E501
    }  # fmt: skip
    found.update({f"names {name}": {**good, "names": text} for name, text in names.items()})
    for key, values in {
        "imgsz": ("[]", "[0, 0]", "[-32, 32]", "[99999999, 99999999]", "[[32]]", "NaN", "1e400", "x" * 10**6),
        "stride": ("0", "-4", "99999999", "4.5", "[4]", "{}", "NaN"),
        "channels": ("0", "-3", "10000000", "[3]", "null"),
    }.items():
        found.update({f"{key} is {value[:12]}": {**good, key: value} for value in values})
    return found
