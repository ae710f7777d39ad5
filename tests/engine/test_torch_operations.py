# SPDX-License-Identifier: GPL-2.0-or-later
"""The operations of exported programs: those that ordinary networks call are run, and no other is."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ExportedProgramError
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.torch.exported_graph import NUMBERS, GraphError, check_operations
from classify_pixels.inference.runtimes.torch.operations import ALLOWED, is_allowed
from tests.engine.test_torch_export import exported, with_graph

torch = pytest.importorskip("torch", reason="PyTorch is optional")
pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form or not at all")
nn, functional = torch.nn, torch.nn.functional

# Of training, random numbers, and memory beyond a tensor.
NOT_OF_NETWORKS = ("backward", "rand", "resize")


def schemas() -> list[Any]:
    return [schema for schema in torch._C._jit_get_all_schemas() if schema.name.startswith("aten::")]


def test_all_core_operations_but_those_of_training_and_chance_are_allowed() -> None:
    core = set()
    for schema in schemas():
        name = schema.name[len("aten::") :]
        overload = getattr(getattr(torch.ops.aten, name, None), schema.overload_name or "default", None)
        if isinstance(overload, torch._ops.OpOverload) and torch.Tag.core in overload.tags:
            core.add(name)
    assert len(core) > 100
    lacking = {name for name in core if not any(word in name for word in NOT_OF_NETWORKS)} - ALLOWED
    assert not {name for name in lacking if not is_allowed(f"torch.ops.aten.{name}.default")}


def test_no_allowed_operation_takes_a_file_a_storage_or_an_object() -> None:
    """Texts are modes, equations and names of directions; sources of random numbers are never given."""
    texts, kinds = set(), set()
    for schema in schemas():
        name = schema.name[len("aten::") :]
        overload = getattr(getattr(torch.ops.aten, name, None), schema.overload_name or "default", None)
        if is_allowed(f"torch.ops.aten.{name}.{schema.overload_name or 'default'}") and isinstance(
            overload, torch._ops.OpOverload
        ):
            for argument in overload._schema.arguments:
                kinds.add(str(argument.type))
                if "str" in str(argument.type) and any("Tensor" in str(each.type) for each in schema.arguments):
                    texts.add(argument.name)
    assert not {kind for kind in kinds if any(word in kind for word in ("Storage", "__torch__", "RRef", "Future"))}
    assert not {text for text in texts if any(word in text for word in ("file", "path", "name", "lib"))}


@pytest.mark.parametrize(
    "target",
    [
        "torch.ops.aten.from_file.default",
        "torch.ops.aten.from_file_.default",
        "torch.ops.aten.set_.source_Storage",
        "torch.ops.aten.set_data.default",
        "torch.ops.aten.resize_.default",
        "torch.ops.aten.add.out",
        "torch.ops.aten.topk.values_out",
        "torch.ops.aten.rand.default",
        "torch.ops.aten.bernoulli.p",
        "torch.ops.aten.manual_seed.default",
        "torch.ops.aten.warn.default",
        "torch.ops.aten.save.default",
        "torch.ops.aten._",
        "torch.ops.aten._.default",
        "torch.ops.aten.__init__.default",
        "torch.ops.aten.relu.__call__",
        "torch.ops.aten.relu",
        "torch.ops.aten.relu.default.default",
        "torch.ops.aten.relu\n.default",
        "torch.ops.aten.ｒelu.default",
        "torch.ops.prims.add.default",
        "torch.ops.quantized.linear.default",
        "torch.ops.torchvision.nms.default",
        "torch.ops.torchvision.read_file.default",
        "torch.ops.image.read_file.default",
        "torch.ops.my_library.my_operation.default",
        "torch.ops.higher_order.cond",
        "torch.ops.higher_order.triton_kernel_wrapper_mutation",
        "torch.ops.inductor.compile_fx.default",
        "torch.ops.load_library",
        "torch.load",
        "torch.classes.load_library",
        "os.system",
        "subprocess.run",
        "builtins.eval",
        "builtins.getattr",
        "_operator.attrgetter",
        "_operator.call",
        "",
    ],
)
def test_anything_else_is_refused_by_name(target: str) -> None:
    outer = {"target": "torch.ops.higher_order.wrap_with_set_grad_enabled"}
    inner = {"nodes": [{"target": "torch.ops.aten.relu.default"}, {"target": target}]}
    nested = {"nodes": [{**outer, "inputs": [{}, {"arg": {"as_graph": {"graph": inner}}}]}]}
    for graph in (inner, nested):
        with pytest.raises(GraphError) as caught:
            check_operations(graph)
        assert target in str(caught.value)
    assert target not in NUMBERS


def test_the_refusal_comes_before_pytorch_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(document: dict[str, Any]) -> None:
        document["graph_module"]["graph"]["nodes"][-1]["target"] = "torch.ops.my_library.blur.default"

    good = exported(tmp_path / "n.pt2", nn.Conv2d(3, 2, 1), torch.zeros(1, 3, 8, 8))
    bad = with_graph(good, tmp_path / "bad.pt2", change)
    monkeypatch.setattr("classify_pixels.inference.runtimes.torch.exported_program.import_runtime", None)
    with pytest.raises(ExportedProgramError, match=r"my_library\.blur\.default.*export the network to ONNX"):
        open_backend(bad, BackendOptions(processor="CPU"))


class Of(nn.Module):
    """A network of these layers, which a function applies."""

    def __init__(self, apply: Callable[..., Any], *layers: Any) -> None:
        super().__init__()
        self.apply_to, self.layers = apply, nn.ModuleList(layers)

    def forward(self, image: Any) -> Any:
        return self.apply_to(image, *self.layers)


def tokens(image: Any) -> Any:
    return image.flatten(2).transpose(1, 2)


def image_of(seen: Any, like: Any) -> Any:
    return seen.transpose(1, 2).reshape(like.shape)


def windows(image: Any) -> Any:
    """Attention within shifted windows."""
    count, bands, height, width = image.shape
    shifted = torch.roll(image, (-2, -2), (2, 3)).view(count, bands, height // 4, 4, width // 4, 4)
    parts = shifted.permute(0, 2, 4, 3, 5, 1).reshape(-1, 16, bands)
    seen = (parts @ parts.transpose(-2, -1) / bands**0.5).softmax(-1) @ parts
    whole = seen.view(count, height // 4, width // 4, 4, 4, bands).permute(0, 5, 1, 3, 2, 4)
    return torch.roll(whole.reshape(image.shape), (2, 2), (2, 3))


def resized(image: Any) -> Any:
    sizes = [functional.interpolate(image, scale_factor=0.5, mode=mode) for mode in ("nearest", "bilinear", "bicubic")]
    back = [functional.interpolate(each, image.shape[-2:], mode="bilinear", align_corners=True) for each in sizes]
    return sum(back) + functional.interpolate(image, image.shape[-2:], mode="nearest-exact")


def rows(image: Any, layer: Any) -> Any:
    lines = image.permute(0, 2, 3, 1).reshape(-1, image.shape[3], image.shape[1])
    return layer(lines)[0].reshape(*image.shape[:1], *image.shape[2:], -1).permute(0, 3, 1, 2)


def pasted(image: Any) -> Any:
    canvas = torch.zeros_like(image)
    canvas[:, 1:3] = image[:, [2, 0]]
    return torch.where(canvas > 0, canvas, image.masked_fill(image < 0, 0.5)).clamp_(-1, 2)


def by_spectrum(image: Any) -> Any:
    return torch.fft.irfft2(torch.fft.rfft2(image, norm="ortho") * 0.5, s=image.shape[-2:], norm="ortho")


def added(image: Any, *layers: Any) -> Any:
    return sum(layer(image) for layer in layers)


NETWORKS = {
    "activations": Of(added, nn.SiLU(), nn.Hardswish(), nn.GELU("tanh"), nn.Mish(), nn.PReLU(), nn.Softplus()),
    "in place": Of(lambda x, a, b: b(a(x.clone())), nn.ReLU(True), nn.Hardtanh(inplace=True)),
    "norms": Of(
        added, nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.InstanceNorm2d(4), nn.LocalResponseNorm(2), nn.Dropout2d()
    ),
    "layer norm": Of(lambda x, norm: norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), nn.LayerNorm(4)),
    "pooling": Of(
        lambda x, *pools: sum(functional.interpolate(pool(x), x.shape[-2:]) for pool in pools),
        nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(2), nn.AdaptiveMaxPool2d(4),
    ),
    "unpooling": Of(lambda x, pool, back: back(*pool(x)), nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)),
    "convolutions": Of(
        added, nn.Conv2d(4, 4, 3, padding="same"), nn.Conv2d(4, 4, 3, padding=2, dilation=2, groups=2),
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="reflect"), nn.ConvTranspose2d(4, 4, 3, padding=1),
    ),
    "sizes": Of(resized),
    "shuffle": Of(lambda x, a, b, c: c(a(b(x))), nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.ChannelShuffle(2)),
    "einsum": Of(lambda x: torch.einsum("nchw,dc->ndhw", x, torch.full((3, 4), 0.5))),
    "windows": Of(windows),
    "recurrent": Of(rows, nn.LSTM(4, 3, batch_first=True, bidirectional=True)),
    "attention": Of(
        lambda x, layer: image_of(layer(tokens(x)), x),
        nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 1),
    ),
    "parts": Of(lambda x: functional.fold(functional.unfold(x, 2, stride=2), x.shape[-2:], 2, stride=2)),
    "spectrum": Of(by_spectrum),
    "order": Of(lambda x: x.sort(1)[0] + x.topk(4, 1)[0] + x.cumsum(1) + x.quantile(0.5, 1, keepdim=True)),
    "pasting": Of(pasted),
    "parametrised": Of(added, nn.utils.parametrizations.weight_norm(nn.Conv2d(4, 4, 1))),
    "distances": Of(
        lambda x: functional.normalize(x) * functional.cosine_similarity(x, x.flip(1))[:, None] + x.std(1, keepdim=True)
    ),
    "truth": Of(lambda x: ((x > 0) & (x < 1) | ~(x >= 2)).float() + torch.nan_to_num(x).floor() + x.double()),
}  # fmt: skip


@pytest.mark.parametrize("decomposed", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_ordinary_networks_run(name: str, decomposed: bool, tmp_path: Path) -> None:
    torch.manual_seed(2)
    network, pixels = NETWORKS[name].eval(), torch.randn(2, 4, 16, 16)
    with torch.inference_mode():
        expected = network(pixels).numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(network, (pixels,))
        torch.export.save(program.run_decompositions() if decomposed else program, str(tmp_path / "n.pt2"))
    with closing(open_backend(tmp_path / "n.pt2", BackendOptions(processor="CPU"))) as backend:
        found = backend.compute(pixels.numpy(), 0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_values_that_are_changed_in_place_are_no_outputs(tmp_path: Path) -> None:
    network, pixels = Of(lambda x: x.mul_(2) + 1), torch.randn(1, 4, 8, 8)
    program = torch.export.export(network, (pixels.clone(),)).run_decompositions()
    torch.export.save(program, str(tmp_path / "n.pt2"))
    with closing(open_backend(tmp_path / "n.pt2", BackendOptions(processor="CPU"))) as backend:
        np.testing.assert_allclose(backend.compute(pixels.numpy().copy(), 0), 2 * pixels.numpy() + 1, rtol=1e-6)


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_half_precision_runs_in_32_bit_floats(kind: str, tmp_path: Path) -> None:
    dtype = getattr(torch, kind)

    class Halving(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = nn.Conv2d(4, 3, 3, padding=1)

        def forward(self, image: Any) -> Any:
            return self.last(image.to(dtype) / 3)

    network, pixels = Halving().to(dtype).eval(), torch.randn(1, 4, 16, 16)
    torch.export.save(torch.export.export(network, (pixels,)), str(tmp_path / "n.pt2"))
    with torch.inference_mode():
        expected = network.float().last(pixels / 3).numpy()
    with closing(open_backend(tmp_path / "n.pt2", BackendOptions(processor="CPU"))) as backend:
        np.testing.assert_allclose(backend.compute(pixels.numpy(), 0), expected, rtol=0, atol=1e-6)


def test_the_list_is_one_of_names_each_written_once() -> None:
    source = Path(is_allowed.__code__.co_filename).read_text(encoding="utf-8")
    names = source.partition("ALLOWED = frozenset(")[2].partition(".split()")[0]
    words = [word for line in names.splitlines() if '"""' not in line and "#" not in line for word in line.split()]
    assert len(words) == len(set(words)) > 400
