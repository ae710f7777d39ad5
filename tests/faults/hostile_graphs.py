# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks of a few bytes that grow when read, and those that hide the place of their tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper

from tests.faults.hostile_cases import Cases, Make
from tests.faults.hostile_onnx import FLOAT, INT64, SHAPE, network, node, with_definition

KEY_OF_GRAPH = b"\x3a"
# The same field, with bits that protobuf readers drop.
HIDDEN_KEY_OF_GRAPH = b"\xba\x80\x80\x80\x10"


def graph_cases(folder: Path) -> Cases:
    """Returns the cases; external tensors aim at a canary in `folder`."""
    canary = folder / "canary"
    canary.write_bytes(bytes(24))
    models = {**_functions(), **_dense(), **_elsewhere(str(canary)), **_domains()}
    cases = {f"ONNX: {name}": with_definition(model.SerializeToString(), "net.onnx") for name, model in models.items()}
    outside = network([node("Conv", "image", "w")], tensors=[external(str(canary))])
    cases["ONNX: a graph under a hidden key"] = with_definition(hidden(outside), "net.onnx")
    linked = network([node("Conv", "image", "w")], tensors=[external("data.bin")])
    cases["ONNX: external data behind a link"] = _linked(linked, canary)
    cases["ONNX: external data in a link to itself"] = _linked(linked, Path("data.bin"))
    return cases


def hidden(model: ModelProto) -> bytes:
    """Returns a network whose graph has a longer key than it needs."""
    content = model.SerializeToString()
    graph = model.graph.SerializeToString()
    place = content.index(graph)
    start = content.rindex(KEY_OF_GRAPH, 0, place)
    return content[:start] + HIDDEN_KEY_OF_GRAPH + content[start + 1 :]


def external(location: str) -> TensorProto:
    """Returns a kernel in another file."""
    tensor = TensorProto(name="w", data_type=FLOAT, dims=[2, 3, 1, 1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    return tensor


def doubling_functions(depth: int) -> ModelProto:
    """Returns functions that each call the next one twice: 2 to the power of `depth` steps in the end."""
    model = network([node("f0", "image", domain="own")], scores=(FLOAT, SHAPE))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    model.opset_import.append(opsets[1])
    for number in range(depth):
        following: dict[str, Any] = {"op_type": f"f{number + 1}", "domain": "own"}
        if number + 1 == depth:
            following = {"op_type": "Neg"}
        nodes = [helper.make_node(inputs=["x"], outputs=["t"], **following),
                 helper.make_node(inputs=["t"], outputs=["y"], **following)]  # fmt: skip
        model.functions.append(helper.make_function("own", f"f{number}", ["x"], ["y"], nodes, opsets))
    return model


def _functions() -> dict[str, ModelProto]:
    found = {f"functions that double {depth} times": doubling_functions(depth) for depth in (8, 14, 15, 18, 40, 400)}
    default = network([node("f", "image", domain="own")])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    default.opset_import.append(opsets[1])
    constant = helper.make_node("Constant", [], ["w"])
    constant.attribute.append(AttributeProto(name="value", ref_attr_name="kernel", type=AttributeProto.TENSOR))
    function = helper.make_function("own", "f", ["x"], ["y"], [constant, helper.make_node("Conv", ["x", "w"], ["y"])],
                                    opsets)  # fmt: skip
    function.attribute_proto.append(helper.make_attribute("kernel", external("/proc/self/environ")))
    default.functions.append(function)
    return {**found, "external data in a function's attribute": default}


def doubling_loop() -> bytes:
    """Returns a loop that doubles its numbers in each iteration."""

    def value(name: str, kind: int, shape: Any = ()) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Concat", ["x", "x"], ["y"], axis=0)],
        "body", [value("n", INT64), value("go", TensorProto.BOOL), value("x", FLOAT, None)],
        [value("on", TensorProto.BOOL), value("y", FLOAT, None)],
    )  # fmt: skip
    constants = {"turns": np.array(2**40), "yes": np.array(True), "x": np.ones(1, np.float32)}
    nodes = [node("Loop", "turns", "yes", "x", to="l", body=body), node("ReduceMean", "l", to="m", keepdims=0)]
    return network([*nodes, node("Add", "image", "m")], constants, scores=(FLOAT, SHAPE)).SerializeToString()


def _dense() -> dict[str, ModelProto]:
    """Tensors that are small only in the file."""
    conv = [node("Conv", "image", "w")]
    found = {}
    for name, side in {"16 GB": 4 * 10**9, "2^62": 2**60}.items():
        model = network(conv)
        places = TensorProto(name="i", data_type=INT64, dims=[1], raw_data=np.array([5]).tobytes())
        values = numpy_helper.from_array(np.ones(1, np.float32), "w")
        model.graph.sparse_initializer.add(values=values, indices=places, dims=[side, 1, 1, 1])
        found[f"a sparse kernel of {name}"] = model
    many = [TensorProto(name=f"w{number}", data_type=FLOAT, dims=[0, 2**31]) for number in range(10_000)]
    found["10000 empty tensors"] = network([node("Identity", "image")], tensors=many, scores=(FLOAT, SHAPE))
    huge = TensorProto(name="w", data_type=FLOAT, dims=[2**31, 3, 1, 1], raw_data=bytes(24))
    found["a huge initialiser"] = network(conv, tensors=[huge])
    return found


def _elsewhere(canary: str) -> dict[str, ModelProto]:
    """External data in unusual places."""
    constant = helper.make_node("Constant", [], ["w"], value=external(canary))
    conv = node("Conv", "image", "w")
    twice = external("net.onnx")
    twice.external_data.add(key="location", value=canary)
    relative = external("./a/../../canary")
    inner = helper.make_graph([constant, conv], "g", [], [helper.make_tensor_value_info("scores", FLOAT, None)])
    branch = helper.make_node("If", ["yes"], ["scores"], then_branch=inner, else_branch=inner)
    sparse = network([conv])
    places = TensorProto(name="i", data_type=INT64, dims=[6], data_location=TensorProto.EXTERNAL)
    places.external_data.add(key="location", value=canary)
    sparse.graph.sparse_initializer.add(values=external(canary), indices=places, dims=[2, 3, 1, 1])
    return {
        "external data in a constant": network([constant, conv]),
        "external data in a branch": network([branch], {"yes": np.array(True)}),
        "external data named twice": network([conv], tensors=[twice]),
        "external data around the corner": network([conv], tensors=[relative]),
        "external data of a sparse kernel": sparse,
    }


def _domains() -> dict[str, ModelProto]:
    """Operations that would load code or files."""
    found = {}
    for domain, kind, attributes in (
        ("com.microsoft", "EPContext", {"embed_mode": 0, "ep_cache_context": "/etc/passwd", "source": "x"}),
        ("ai.onnx.contrib", "PyCustomOpDef", {}), ("com.microsoft.extensions", "PyOp", {"module": "os"}),
        ("org.pytorch.aten", "ATen", {"operator": "from_file"}), ("ai.onnx.ml", "LabelEncoder", {}),
        ("com.microsoft", "FusedConv", {"activation": "../x"}), ("..", "../../x", {}), ("", "", {}),
        ("ai.onnx.preview.training", "Adam", {}),
    ):  # fmt: skip
        model = network([node(kind, "image", domain=domain, **attributes)])
        if domain:
            model.opset_import.append(helper.make_opsetid(domain, 1))
        found[f"an operation {domain} {kind}"] = model
    return found


def _linked(model: ModelProto, target: Path) -> Make:
    """Returns a network whose tensors are behind a link out of its folder."""
    written = with_definition(model.SerializeToString(), "net.onnx")

    def make(folder: Path) -> Path:
        path: Path = written(folder)
        (folder / "data.bin").symlink_to(target)
        return path

    return make
