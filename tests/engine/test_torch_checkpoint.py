# SPDX-License-Identifier: GPL-2.0-or-later
"""Bare tensors: which networks are rebuilt from them, in which wrappings, and what is refused."""

from __future__ import annotations

import os
import pickle
import sys
import zipfile
from collections import OrderedDict
from contextlib import closing, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ArchitectureUnsupportedError,
    ClassifyPixelsError,
    NetworkMismatchError,
    PickleRefusedError,
    RuntimeMissingError,
    StateDictMismatchError,
    WeightsUnreadableError,
)
from classify_pixels.inference.models.architecture import Architecture
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from tests.state_dicts import image, state_dict, tiny_unet_shapes
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import classify

torch = pytest.importorskip("torch", reason="PyTorch is optional")


@pytest.fixture(scope="module")
def tensors() -> dict[str, Any]:
    return state_dict(tiny_unet_shapes())


@pytest.fixture(scope="module")
def expected(tensors: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return scores(saved(tmp_path_factory.mktemp("expected") / "n.pth", tensors))


def saved(path: Path, content: object, **options: Any) -> Path:
    torch.save(content, str(path), **options)
    return path


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def scores(weights: Path, **options: Any) -> np.ndarray:
    with closing(opened(weights, **options)) as backend:
        return backend.run(image(3, 64, 96))


def wrapped(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {prefix + name: tensor for name, tensor in tensors.items()}


@pytest.mark.parametrize("prefix", ["", "module.", "model.", "net.", "_orig_mod.", "module.model."])
@pytest.mark.parametrize("container", [None, "model", "state_dict", "model_state_dict"])
def test_wrappings_are_taken_off(
    container: str | None, prefix: str, tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path
) -> None:
    content: Any = OrderedDict(wrapped(tensors, prefix))
    if container is not None:
        content = {container: content, "opt": {"state": {0: {"step": 3}}, "param_groups": [{"lr": 0.1}]}, "epoch": 4}
    assert (scores(saved(tmp_path / "n.pth", content)) == expected).all()


def test_the_form_before_zip_archives(tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", tensors, _use_new_zipfile_serialization=False)
    assert (scores(path) == expected).all()


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_other_precisions_become_32_bits(
    dtype: str, tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path
) -> None:
    content = {n: t.to(getattr(torch, dtype)) if t.is_floating_point() else t for n, t in tensors.items()}
    found = scores(saved(tmp_path / "n.pth", content))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol={"float64": 0, "float16": 0.05}.get(dtype, 0.4))


def test_the_suffix_says_nothing(tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path) -> None:
    assert (scores(saved(tmp_path / "n.pt", tensors)) == expected).all()


def test_what_the_network_takes(tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", tensors)
    with closing(opened(path)) as backend:
        assert backend.input == NetworkInput(bands=3)
    with closing(opened(path, bands=3, architecture=Architecture("UnetClassifier", chip=96))) as backend:
        assert backend.input == NetworkInput(bands=3, height=96, width=96)


def test_any_number_of_bands(tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", state_dict(tiny_unet_shapes(bands=13)))
    with closing(opened(path, bands=13)) as backend:
        assert backend.run(image(13, 32, 32)).shape == (1, 4, 32, 32)
    with pytest.raises(NetworkMismatchError, match="takes 13 bands, but the definition lists 3"):
        opened(path, bands=3)


@pytest.mark.parametrize("size", [(31, 33), (50, 64), (97, 40)])
def test_sizes_that_are_no_multiple_of_the_stride(
    size: tuple[int, int], tensors: dict[str, Any], tmp_path: Path
) -> None:
    with closing(opened(saved(tmp_path / "n.pth", tensors))) as backend:
        assert backend.run(image(3, *size)).shape == (1, 4, *size)


def test_the_normalisation_behind_a_convolution_is_part_of_it(tensors: dict[str, Any], tmp_path: Path) -> None:
    """The statistics act: another running mean gives other scores."""
    shifted = {n: t + 1 if n == "layers.0.5.0.bn1.running_mean" else t for n, t in tensors.items()}
    first, second = (scores(saved(tmp_path / f"{i}.pth", t)) for i, t in enumerate((tensors, shifted)))
    assert abs(first - second).max() > 0.01


@pytest.mark.parametrize("name", sorted(tiny_unet_shapes()))
def test_every_tensor_is_needed(name: str, tensors: dict[str, Any], tmp_path: Path) -> None:
    left = {key: tensor for key, tensor in tensors.items() if key != name}
    path = saved(tmp_path / "n.pth", left)
    if name.endswith("num_batches_tracked"):
        opened(path).close()
    else:
        with pytest.raises((StateDictMismatchError, ArchitectureUnsupportedError), match=r"n\.pth"):
            opened(path)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("layers.12.0.weight", (4, 4, 1, 1)),
        ("layers.4.conv2.2.gamma", (1,)),
        ("layers.0.6.0.se.weight", (4,)),
        ("head.weight", (4,)),
    ],
)
def test_a_tensor_without_a_place_is_named(
    name: str, shape: tuple[int, ...], tensors: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(StateDictMismatchError, match="n.pth do not fit a U-Net"):
        opened(saved(tmp_path / "n.pth", {**tensors, name: torch.zeros(shape)}))


def test_tensors_that_do_not_fit_together_are_named(tensors: dict[str, Any], tmp_path: Path) -> None:
    for name, shape in {
        "layers.0.5.0.conv2.weight": (8, 9, 3, 3),
        "layers.0.5.0.bn1.weight": (5,),
        "layers.3.0.0.bias": (3,),
        "layers.5.bn.bias": (3,),
        "layers.6.shuf.conv.0.weight": (6, 20, 1, 1),
        "layers.11.0.weight": (4, 11),
    }.items():
        with pytest.raises(StateDictMismatchError, match=r"n\.pth do not fit"):
            opened(saved(tmp_path / "n.pth", {**tensors, name: torch.zeros(shape)}))


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture("MMSegmentation"),
        Architecture("SamLoRA", "_model_extension_inferencing", chip=400),
        Architecture("BDCNEdgeDetector"),
        Architecture("MultiTaskRoadExtractor", "_road_infrencing"),
        Architecture("Anything", "_road_infrencing"),
        Architecture("UnetClassifier", "_unet", "timm:tf_efficientnet_b4"),
        Architecture("UnetClassifier", "_unet", "hf:nvidia/mit-b0"),
        Architecture("DeepLab", "_deeplab_infrencing", "densenet161"),
    ],
)
def test_a_network_that_is_not_rebuilt_is_refused_by_name(
    architecture: Architecture, tensors: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ArchitectureUnsupportedError) as caught:
        opened(saved(tmp_path / "n.pth", tensors), bands=6, architecture=architecture)
    text = str(caught.value)
    assert "torch.jit.trace" in text
    assert "torch.onnx.export" in text
    assert f"torch.zeros(1, 6, {architecture.chip or 'SIZE'}" in text
    assert any(word in text for word in (architecture.name, architecture.backbone, "road extractor") if word)


@pytest.mark.parametrize("backbone", ["resnet18", "resnet152", "ResNet50", "wide_resnet50_2", "resnext50_32x4d", ""])
def test_a_resnet_of_any_kind_is_no_reason_to_refuse(backbone: str, tensors: dict[str, Any], tmp_path: Path) -> None:
    architecture = Architecture("UnetClassifier", "_unet", backbone)
    opened(saved(tmp_path / "n.pth", tensors), architecture=architecture).close()


def test_tensors_of_an_unknown_network_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchitectureUnsupportedError, match="an unknown network in a layout"):
        opened(saved(tmp_path / "n.pth", {"features.0.weight": torch.zeros(3, 3)}))


def test_a_head_that_is_not_rebuilt_is_named(tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", {**tensors, "pointrend_head.0.weight": torch.zeros(3, 3)})
    with pytest.raises(ArchitectureUnsupportedError, match="DeepLab with a PointRend head"):
        opened(path, architecture=Architecture("DeepLab"))


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("rate", [np.float64(0.1), np.float32(0.1), np.array([0.1, 0.2]), np.int64(3)], ids=repr)
def test_what_numpy_left_in_the_optimiser_is_no_reason_to_refuse(
    rate: Any, legacy: bool, tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path
) -> None:
    """fastai's schedules of learning rates and momentum leave numbers of NumPy's in the optimiser's state."""
    content = {"model": tensors, "opt": {"state": {}, "param_groups": [{"lr": rate, "betas": (rate, 0.99)}]}}
    path = saved(tmp_path / "n.pth", content, _use_new_zipfile_serialization=not legacy)
    assert (scores(path) == expected).all()
    with pytest.raises(pickle.UnpicklingError):
        torch.load(str(path), weights_only=True)


@pytest.mark.parametrize(
    "module",
    ["lightning.fabric.utilities.data", "lightning_fabric.utilities.data", "pytorch_lightning.utilities.parsing"],
)
def test_the_hyperparameters_of_lightning_are_no_reason_to_refuse(
    module: str, tensors: dict[str, Any], expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lightning keeps them in a dictionary of its own class, which is never imported here."""
    kind = type("AttributeDict", (dict,), {"__module__": module})
    parts = module.split(".")
    for depth in range(len(parts)):
        monkeypatch.setitem(sys.modules, ".".join(parts[: depth + 1]), ModuleType(parts[depth]))
    sys.modules[module].AttributeDict = kind  # type: ignore[attr-defined]
    content = {"state_dict": wrapped(tensors, "model."), "hyper_parameters": kind(lr=0.1, nested=kind(encoder="x"))}
    path = saved(tmp_path / "n.ckpt", content)
    monkeypatch.undo()
    assert (scores(path) == expected).all()


def test_an_unknown_encoder_is_named(tmp_path: Path) -> None:
    tensors = {
        "encoder.features.denseblock1.layer.weight": torch.zeros(4, 3, 3, 3),
        "decoder.blocks.0.conv1.0.weight": torch.zeros(4, 4, 3, 3),
        "segmentation_head.0.weight": torch.zeros(2, 4, 3, 3),
    }
    with pytest.raises(ArchitectureUnsupportedError, match=r"U-Net upon DenseNet.*torch\.onnx\.export"):
        opened(saved(tmp_path / "n.pth", tensors))


def test_a_number_of_numpy_is_no_tensor(tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", {**tensors, "layers.1.weight": np.ones(8, np.float32)})
    with pytest.raises(PickleRefusedError, match="something other than a dictionary of tensors"):
        opened(path)


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("place", ["all", "tensor", "opt", "key"])
def test_a_pickle_is_never_executed(place: str, legacy: bool, tensors: dict[str, Any], tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    trap = Trap(sprung)
    content: Any = {
        "all": trap,
        "tensor": {**tensors, "layers.1.weight": trap},
        "opt": {"model": tensors, "opt": trap},
        "key": {**tensors, "more": {"deep": [trap]}},
    }[place]
    path = saved(tmp_path / "n.pth", content, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(
        PickleRefusedError, match=r"n\.pth was not opened: it contains the object posix\.mkdir|nt\.mkdir"
    ):
        opened(path)
    assert not sprung.exists()


@pytest.mark.parametrize("content", [[1, 2], "text", {}, {"model": {}}, {"a": 5}, {1: 2}])
def test_what_is_no_list_of_tensors_is_refused(content: Any, tmp_path: Path) -> None:
    with pytest.raises(ClassifyPixelsError, match=r"n\.pth"):
        opened(saved(tmp_path / "n.pth", content))


def test_a_tensor_that_claims_more_than_the_file_holds_is_refused(tensors: dict[str, Any], tmp_path: Path) -> None:
    huge = torch.zeros(1).as_strided((40_000, 40_000), (0, 0))
    with pytest.raises(WeightsUnreadableError, match=r"layers\.1\.weight"):
        opened(saved(tmp_path / "n.pth", {**tensors, "layers.1.weight": huge}))


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("part", [slice(0, -300), slice(0, 5000), slice(0, 40), slice(700, None)])
def test_a_truncated_file_is_refused(part: slice, legacy: bool, tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", tensors, _use_new_zipfile_serialization=not legacy)
    path.write_bytes(path.read_bytes()[part])
    with pytest.raises(ClassifyPixelsError, match=r"n\.pth"):
        opened(path)


@pytest.mark.parametrize("seed", range(100))
def test_mutated_files_end_in_a_named_error_or_load(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    tensors = state_dict(tiny_unet_shapes(width=2))
    path = saved(tmp_path / "n.pth", tensors, _use_new_zipfile_serialization=seed % 2 == 0)
    content = bytearray(path.read_bytes())
    reach = int(random.choice([300, 8000, len(content)]))
    for place in random.integers(0, reach, int(random.choice([1, 8, 60]))):
        content[place] = random.integers(256)
    path.write_bytes(content)
    with suppress(ClassifyPixelsError):
        opened(path).close()


def test_a_worker_of_its_own_gets_the_architecture(tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", tensors)
    architecture = Architecture("UnetClassifier", "_unet", "resnet34", (1, 2), chip=64)
    options = {"architecture": architecture, "bands": 3}
    with (
        closing(opened(path, python=Path(sys.executable), **options)) as worker,
        closing(opened(path, **options)) as here,
    ):
        assert worker.input == here.input == NetworkInput(bands=3, height=64, width=64)
        assert (worker.run(image(3, 64, 64)) == here.run(image(3, 64, 64))).all()


def test_an_old_torch_does_not_open_checkpoints(
    tensors: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "n.pth", tensors)
    monkeypatch.setattr(torch, "__version__", "2.5.1+cu121")
    with pytest.raises(RuntimeMissingError, match="2.5.1.*safely"):
        opened(path)


def test_a_plain_pickle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "n.pth").write_bytes(pickle.dumps({"model": [1.0, 2.0]}, protocol=2))
    with pytest.raises(ClassifyPixelsError, match=r"n\.pth"):
        opened(tmp_path / "n.pth")


@pytest.mark.parametrize("legacy", [True, False])
def test_a_pickle_that_makes_zeros_without_end_is_refused(
    legacy: bool, tensors: dict[str, Any], tmp_path: Path
) -> None:
    content = {"model": tensors, "opt": bytearray(10)}
    path = saved(tmp_path / "n.pth", content, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(PickleRefusedError, match="the object bytearray"):
        opened(path)


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("form", [b"\x80\x02c%s\nb\n)R.", b"\x80\x02cb\n%s\n)R.", b"\x80\x02(i%s\nb\n."])
def test_a_pickle_that_names_an_object_without_end_is_refused_at_once(
    form: bytes, legacy: bool, tmp_path: Path
) -> None:
    """PyTorch looks for words in its own refusal, which quotes the name, for a time that grows with its square."""
    content, path = form.replace(b"%s", b"a" * 1_500_000), tmp_path / "n.pth"
    if legacy:
        before = [pickle.dumps(value, protocol=2) for value in (0x1950A86A20F9469CFC6C, 1001, {})]
        path.write_bytes(b"".join([*before, content]))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in (("data.pkl", content), ("version", b"3\n"), ("byteorder", b"little")):
                archive.writestr(f"a/{name}", data)
    with pytest.raises(PickleRefusedError, match="an object with a name of excessive length"):
        opened(path)


def test_a_container_that_holds_itself_is_refused(tensors: dict[str, Any], tmp_path: Path) -> None:
    circle: dict[str, Any] = {"opt": tensors}
    circle["model"] = circle
    with pytest.raises(PickleRefusedError, match="something other than a dictionary of tensors"):
        opened(saved(tmp_path / "n.pth", circle))


def test_a_layer_of_an_endless_number_has_no_place(tensors: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "n.pth", {**tensors, f"layers.{'9' * 5000}.weight": torch.zeros(1)})
    with pytest.raises(StateDictMismatchError, match="the tensor layers.9999"):
        opened(path)


def test_a_whole_run_gives_the_pixels_of_the_formula(tmp_path: Path) -> None:
    """One chip: NoData becomes 0 before the statistics, the background channel never wins, values are the listed."""
    random = np.random.default_rng(2)
    pixels = random.integers(1, 4000, (3, 64, 64)).astype(np.uint16)
    pixels[:, 20:30, 5:40] = 0
    pixels[1, 50:, :] = 0
    torch.save({"model": state_dict(tiny_unet_shapes()), "opt": {}}, str(tmp_path / "net.pth"))
    low, high, mean, std = [0.0, 10.0, 5.0], [4000.0, 3000.0, 3500.0], [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]
    statistics = {
        "band_min_values": low, "band_max_values": high, "scaled_mean_values": mean, "scaled_std_values": std,
    }  # fmt: skip
    definition = {
        "Framework": "arcgis.learn.models._inferencing", "ModelConfiguration": "_unet",
        "ModelType": "ImageClassification", "ModelName": "UnetClassifier", "ModelFile": str(tmp_path / "net.pth"),
        "ImageHeight": 64, "ImageWidth": 64, "ExtractBands": [0, 1, 2], "NormalizationStats": statistics,
        "Classes": [{"Value": v, "Name": str(v), "Color": [v, v, v]} for v in (31, 12, 43)],
        "ModelParameters": {"backbone": "resnet34"}, "SupportsVariableTileSize": False,
    }  # fmt: skip
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=0)
    (tmp_path / "result").mkdir()
    output = tmp_path / "result" / "classes.tif"
    result = classify(raster, definition, output, {"padding": "0"}, processor="CPU")
    assert result.tiles == 1

    column = (-1, 1, 1)
    scaled = (pixels - np.reshape(low, column)) / (np.reshape(high, column) - np.reshape(low, column))
    feed = ((scaled - np.reshape(mean, column)) / np.reshape(std, column)).astype(np.float32)
    from classify_pixels.inference.runtimes.torch.architectures import StateDict, build_network

    state = StateDict(torch, torch.device("cpu"), state_dict(tiny_unet_shapes()))
    with torch.inference_mode():
        network = build_network(tmp_path / "net.pth", state, None).run
        scores = network(torch.from_numpy(feed)[None])[0].numpy()
    expected = np.array([31, 12, 43])[scores[1:].argmax(axis=0)]
    expected[(pixels == 0).any(axis=0)] = result.no_data
    assert len(np.unique(expected)) >= 3
    assert (read_raster(output) == expected).all()
