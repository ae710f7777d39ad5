# SPDX-License-Identifier: GPL-2.0-or-later
"""A description lists what a network takes and gives, and what a run decides of it, as the run does."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.describe import html_of, json_of, text_of
from classify_pixels.inference.describe.model_description import ModelDescription, describe_model
from classify_pixels.inference.errors import FunctionNotAllowedError
from classify_pixels.inference.models import ModelReference, open_model
from tests.networks import class_definition, pointwise_network, probability_network, traced_pooling_network
from tests.onnx_graphs import save_graph
from tests.raster_functions import write_blurring_model

pytestmark = pytest.mark.usefixtures("onnx_runtime_alone")


def described(model: Path, tmp_path: Path, **more: Any) -> ModelDescription:
    found = describe_model(ModelReference(model), tmp_path / "cache", **more)
    assert found.problem is None
    return found


def network_of(description: ModelDescription) -> dict[str, Any]:
    return json_of(description)["network"]


def reasons(description: ModelDescription) -> dict[str, tuple[str, str]]:
    return {c["what"]: (c["decision"], c["reason"]) for c in network_of(description)["choices"]}


def emd(folder: Path, network: Path, bands: int = 3, values: tuple[int, ...] = (0, 1), **keys: Any) -> Path:
    (folder / "model.emd").write_text(json.dumps(class_definition(network, bands, values, 64, **keys)))
    return folder / "model.emd"


def two_maps(path: Path) -> Path:
    """Saves a network with features, coarser scores, an input that stays the same, and scores twice as high."""
    outputs = [
        ("features", TensorProto.FLOAT, ("n", 3)),
        ("scores", TensorProto.FLOAT, ("n", 3, "h4", "w4")),
    ]
    inputs = [("image", TensorProto.FLOAT, ("n", 3, "h", "w")), ("gain", TensorProto.FLOAT, (1,))]
    nodes = [
        helper.make_node("Mul", ["image", "gain"], ["a"]),
        helper.make_node("ReduceMean", ["a"], ["features"], axes=[2, 3], keepdims=0),
        helper.make_node("AveragePool", ["a"], ["scores"], kernel_shape=[4, 4], strides=[4, 4]),
    ]
    return save_graph(path, nodes, outputs, inputs)


@pytest.mark.parametrize("form", ["emd", "dlpk"])
def test_inputs_outputs_and_reasons(form: str, tmp_path: Path) -> None:
    network = two_maps(tmp_path / "net.onnx")
    own = {"ClassifyPixels": {"Inputs": {"gain": 2.0}}}
    model = emd(tmp_path, Path("net.onnx"), values=(1, 2, 3), **own)
    if form == "dlpk":
        with zipfile.ZipFile(tmp_path / "model.dlpk", "w") as archive:
            archive.write(model, "model.emd")
            archive.write(network, "net.onnx")
        model = tmp_path / "model.dlpk"
    description = described(model, tmp_path)
    found = network_of(description)
    image, gain = found["input_tensors"]
    assert (image["name"], image["shape"], image["type"]) == ("image", [None, 3, None, None], "float32")
    assert gain["name"] == "gain"
    assert "2.0" in gain["use"]
    features, scores = found["output_tensors"]
    assert (features["name"], features["used"]) == ("features", False)
    assert (scores["name"], scores["shape"][1:2], scores["used"]) == ("scores", [3], True)
    assert reasons(description)["Output"][0] == "scores"
    assert reasons(description)["Upsampling"] == ("bilinear, 4 times", "one score per 4 x 4 pixels")
    for told in (text_of(description), html_of(description)):
        assert all(word in told for word in ("gain", "features", "bilinear, 4 times", "NCHW"))


@pytest.mark.parametrize(
    ("keys", "meaning", "reason"),
    [
        ({}, "probabilities", "random images produced"),
        ({"OutputActivation": "sigmoid"}, "probabilities", "from OutputActivation"),
    ],
)
def test_the_meaning_of_one_channel(keys: dict[str, Any], meaning: str, reason: str, tmp_path: Path) -> None:
    network = probability_network(tmp_path / "net.onnx")
    found = reasons(described(emd(tmp_path, network, 1, (1,), **keys), tmp_path))["Output values"]
    assert found[0] == meaning
    assert found[1].startswith(reason)


def test_where_the_normalisation_comes_from(tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", 3, 2)
    assert "unknown" in reasons(described(network, tmp_path))["Values"][1]
    stats = {
        "band_min_values": [0] * 3, "band_max_values": [10] * 3, "scaled_mean_values": [0] * 3,
        "scaled_std_values": [1] * 3,
    }  # fmt: skip
    told = reasons(described(emd(tmp_path, network, NormalizationStats=stats), tmp_path))["Values"]
    assert told == ("normalised per band, see Bands", "from the definition")
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.5] * 3, "image_std": [1] * 3}))
    assert "preprocessor_config.json" in reasons(described(network, tmp_path))["Values"][1]


def test_a_layout_that_the_definition_names(tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", 3, 2)
    assert "declares" in reasons(described(network, tmp_path))["Input axis order"][1]
    named = reasons(described(emd(tmp_path, network, ModelFormat="NCHW"), tmp_path))["Input axis order"]
    assert named == ("NCHW", "from ModelFormat")


def test_an_output_that_is_asked_for(tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", 3, 2)
    model = emd(tmp_path, network, ClassifyPixels={"Output": "scores"})
    assert reasons(described(model, tmp_path))["Output"] == ("scores", "from the argument output or the definition")


@pytest.mark.parametrize("kind", ["TorchScript", "exported program", "state dict"])
def test_every_form_of_pytorch(kind: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    bands = 2
    if kind == "TorchScript":
        network = traced_pooling_network(tmp_path / "net.pt")
    elif kind == "exported program":
        from tests.faults.hostile_torch import exports_programs

        if not exports_programs():
            pytest.skip("this PyTorch exports programs in another form")
        layer = torch.nn.Conv2d(2, 3, 3, padding=1).eval()
        sizes = {2: torch.export.Dim("h", min=8), 3: torch.export.Dim("w", min=8)}
        program = torch.export.export(layer, (torch.zeros(1, 2, 64, 64),), dynamic_shapes=(sizes,))
        torch.export.save(program, str(tmp_path / "net.pt2"))
        network = tmp_path / "net.pt2"
    else:
        from tests.state_dicts import state_dict, tiny_unet_shapes

        network, bands = tmp_path / "net.pth", 3
        torch.save(state_dict(tiny_unet_shapes()), str(network))
    description = described(network, tmp_path)
    found = network_of(description)
    assert found["input_tensors"][0]["shape"][1] == bands
    assert [tensor["used"] for tensor in found["output_tensors"]] == [True]
    assert set(reasons(description)) == {
        "Input axis order", "Values", "Output", "Output axis order", "Output values",
    }  # fmt: skip
    assert all(reason for _, reason in reasons(description).values())


def test_a_raster_function_normalises_itself(tmp_path: Path) -> None:
    model = write_blurring_model(tmp_path / "model")
    with pytest.raises(FunctionNotAllowedError) as caught:
        open_model(ModelReference(model), tmp_path)
    description = described(model, tmp_path, allowed=frozenset({str(caught.value.values["fingerprint"])}))
    assert "raster function" in reasons(description)["Values"][1]
    assert network_of(description)["input_tensors"][0]["name"] == "raster_pixels"


def test_names_of_tensors_are_made_fit_to_be_shown(tmp_path: Path) -> None:
    name = "<b>\u202e{0}\n\x1b[31m"
    nodes = [helper.make_node("Identity", ["image"], [name])]
    network = save_graph(tmp_path / "net.onnx", nodes, [(name, TensorProto.FLOAT, ("n", 3, "h", "w"))])
    description = described(network, tmp_path)
    assert "<b>" not in html_of(description)
    assert all(line.isprintable() for line in text_of(description).splitlines())
    json.dumps(json_of(description))


def test_a_long_constant_is_counted(tmp_path: Path) -> None:
    inputs = [("image", TensorProto.FLOAT, ("n", 3, "h", "w")), ("gain", TensorProto.FLOAT, (1, 3, 1, 1))]
    nodes = [helper.make_node("Mul", ["image", "gain"], ["scores"])]
    network = save_graph(tmp_path / "n.onnx", nodes, [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))], inputs)
    gain = np.ones((1, 3, 1, 1)).tolist()
    model = emd(tmp_path, network, values=(1, 2, 3), ClassifyPixels={"Inputs": {"gain": gain}})
    assert "3 numbers" in network_of(described(model, tmp_path))["input_tensors"][1]["use"]
