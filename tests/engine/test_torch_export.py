# SPDX-License-Identifier: GPL-2.0-or-later
"""Exported programs: what torch.export saves runs here as it runs there, and nothing of the file is executed."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    ExportedProgramError,
    NetworkMismatchError,
    NetworkRunError,
    WeightsUnreadableError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from tests.state_dicts import image

torch = pytest.importorskip("torch", reason="PyTorch is optional")
pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form or not at all")
functional = torch.nn.functional


class Network(torch.nn.Module):
    """An encoder and decoder with the layers that networks for images have."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.Conv2d(8, 8, 3, padding=2, dilation=2)
        self.norm, self.up = torch.nn.BatchNorm2d(8), torch.nn.ConvTranspose2d(8, 8, 2, 2)
        self.attention, self.last = torch.nn.MultiheadAttention(8, 2, batch_first=True), torch.nn.Conv2d(16, 4, 1)
        self.register_buffer("mean", torch.tensor([0.1, 0.2, 0.3]).reshape(1, 3, 1, 1))

    def forward(self, image: torch.Tensor) -> dict[str, torch.Tensor]:
        skip = functional.relu(self.norm(self.first(image - self.mean)), inplace=True)
        deep = functional.gelu(self.second(functional.max_pool2d(skip, 2)))
        tokens = functional.layer_norm(deep.flatten(2).transpose(1, 2), (8,))
        seen = self.attention(tokens, tokens, tokens, need_weights=False)[0].transpose(1, 2).reshape(deep.shape)
        pooled = functional.adaptive_avg_pool2d(deep, 1).expand(-1, -1, *deep.shape[2:])
        up = functional.interpolate(self.up(seen + pooled), skip.shape[-2:], mode="bilinear", align_corners=False)
        first, *_ = torch.split(self.last(torch.cat([up, skip], 1)), [3, 1], 1)
        return {"out": torch.softmax(first, 1), "features": deep}


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(1)
    return Network().eval()


@pytest.fixture(scope="module")
def free(network: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network for images of any even size, saved."""
    dim = torch.export.Dim
    sizes = {0: dim("n", max=64), 2: 2 * dim("h", min=4, max=512), 3: 2 * dim("w", min=4, max=512)}
    return exported(tmp_path_factory.mktemp("export") / "n.pt2", network, torch.zeros(2, 3, 16, 20), sizes)


def exported(path: Path, network: torch.nn.Module, example: torch.Tensor, sizes: Any = None) -> Path:
    program = torch.export.export(network, (example,), dynamic_shapes=None if sizes is None else (sizes,))
    torch.export.save(program, str(path))
    return path


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def changed(path: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Copies an archive with its members changed; None leaves one out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            content = change(name.split("/", 1)[1], source.read(name))
            if content is not None:
                archive.writestr(name, content)
    return target


def with_graph(path: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    def changer(name: str, content: bytes) -> bytes:
        if name != "models/model.json":
            return content
        document = json.loads(content)
        change(document)
        return json.dumps(document).encode()

    return changed(path, target, changer)


@pytest.mark.parametrize("size", [(2, 3, 16, 20), (1, 3, 32, 48), (3, 3, 8, 8)])
def test_it_gives_what_the_network_gives(size: tuple[int, ...], network: torch.nn.Module, free: Path) -> None:
    pixels = image(3, *size[2:], count=size[0])
    with torch.inference_mode():
        expected = network(torch.from_numpy(pixels))["out"].numpy()
    with closing(opened(free)) as backend:
        assert backend.input == NetworkInput(bands=3)
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-6)


def test_a_part_without_gradients(network: torch.nn.Module, tmp_path: Path) -> None:
    class Wrapped(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            with torch.no_grad():
                outputs = self.network(image)
            return outputs["out"] * 2

    pixels = image(3, 16, 16)
    with torch.inference_mode():
        expected = 2 * network(torch.from_numpy(pixels))["out"].numpy()
    with closing(opened(exported(tmp_path / "n.pt2", Wrapped(), torch.zeros(1, 3, 16, 16)))) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-6)


def test_a_fixed_size_is_declared(network: torch.nn.Module, tmp_path: Path) -> None:
    path = exported(tmp_path / "renamed.pt", network, torch.zeros(2, 3, 16, 24))
    with closing(opened(path, bands=3)) as backend:
        assert backend.input == NetworkInput(2, 3, 16, 24)
    with pytest.raises(NetworkMismatchError, match="takes 3 bands, but the definition lists 5"):
        opened(path, bands=5)


class Trap:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


def test_a_pickle_in_it_is_never_executed(free: Path, tmp_path: Path) -> None:
    sprung, buffer = tmp_path / "sprung", io.BytesIO()
    torch.save(Trap(sprung), buffer)

    def spring(name: str, content: bytes) -> bytes:
        if name.endswith("_config.json"):
            return content.replace(b'"use_pickle": false', b'"use_pickle": true')
        return buffer.getvalue() if "sample_inputs" in name or name.endswith("weight_0") else content

    with pytest.raises(ExportedProgramError, match="is pickled"):
        opened(changed(free, tmp_path / "bad.pt2", spring))
    only_samples = changed(
        free, tmp_path / "samples.pt2", lambda n, c: buffer.getvalue() if "sample_inputs" in n else c
    )
    opened(only_samples).close()
    assert not sprung.exists()


def test_no_formula_or_name_of_the_file_is_evaluated(free: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    code = f"__import__('os').mkdir({str(sprung)!r})"

    def spring(document: dict[str, Any]) -> None:
        for value in document["graph_module"]["graph"]["sym_int_values"].values():
            if "as_expr" in value:
                value["as_expr"]["expr_str"] = code
        document["range_constraints"] = {code: {"min_val": 1, "max_val": 2}}
        document["guards_code"] = [code]

    path = with_graph(free, tmp_path / "bad.pt2", spring)
    with closing(opened(path)) as backend:
        backend.run(image(3, 16, 16))
    assert not sprung.exists()


@pytest.mark.parametrize(
    "target",
    [
        "os.mkdir",
        "posix.mkdir",
        "builtins.eval",
        "_operator.methodcaller",
        "torch.ops.aten.from_file.default",
        "torch.ops.aten.__class__.__init__",
        "torch.ops.aten.relu.__call__",
        "torch.ops.profiler._record_function_enter.default",
        "torch.ops.higher_order.cond",
        "torch.load",
        "torch.ops.aten.nothing_of_this_name.default",
        "torch.ops.aten.relu",
        "",
    ],
)
def test_other_functions_than_operations_on_tensors_are_refused(target: str, free: Path, tmp_path: Path) -> None:
    def spring(document: dict[str, Any]) -> None:
        document["graph_module"]["graph"]["nodes"][0]["target"] = target

    with pytest.raises(ExportedProgramError, match=r"bad\.pt2"):
        opened(with_graph(free, tmp_path / "bad.pt2", spring))


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("_operator.pow", [{"as_int": 10}, {"as_int": 10**9}]),
        ("_operator.mul", [{"as_ints": [0]}, {"as_int": 5 * 10**8}]),
        ("_operator.add", [{"as_int": 10**300}, {"as_int": 1}]),
    ],
)
def test_a_number_beyond_measure_is_not_worked_out(target: str, arguments: Any, free: Path, tmp_path: Path) -> None:
    def step(document: dict[str, Any]) -> None:
        inputs = [{"name": "", "arg": argument, "kind": 1} for argument in arguments]
        made = {"target": target, "inputs": inputs, "outputs": [{"as_tensor": {"name": "zz"}}], "metadata": {}}
        document["graph_module"]["graph"]["nodes"].insert(0, made)

    with closing(opened(with_graph(free, tmp_path / "bad.pt2", step))) as backend, pytest.raises(NetworkRunError):
        backend.run(np.zeros((1, 3, 16, 16), np.float32))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_member_that_is_damaged_is_refused(method: int, free: Path, tmp_path: Path) -> None:
    """Each decompressor has errors of its own."""
    bad = tmp_path / "bad.pt2"
    with zipfile.ZipFile(free) as source, zipfile.ZipFile(bad, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    content = bytearray(bad.read_bytes())
    with zipfile.ZipFile(bad) as archive:
        for member in archive.infolist():
            start = member.header_offset + 30 + len(member.filename)
            content[start] ^= 0x06
            content[start + 9 : start + 12] = b"\xff\xff\xff"
    bad.write_bytes(content)
    with pytest.raises(WeightsUnreadableError, match=r"bad\.pt2"):
        opened(bad)


def test_a_tensor_that_claims_more_than_the_file_holds_is_refused(free: Path, tmp_path: Path) -> None:
    def spring(name: str, content: bytes) -> bytes:
        if not name.endswith("weights_config.json"):
            return content
        document = json.loads(content)
        meta = document["config"]["first.bias"]["tensor_meta"]
        meta["sizes"], meta["strides"] = [{"as_int": 2**40}], [{"as_int": 0}]
        return json.dumps(document).encode()

    with pytest.raises(ExportedProgramError, match="more numbers than the file"):
        opened(changed(free, tmp_path / "bad.pt2", spring))


def test_a_program_that_is_compiled_for_one_machine_is_refused(free: Path, tmp_path: Path) -> None:
    path = changed(free, tmp_path / "bad.pt2", lambda name, content: None if "model.json" in name else content)
    with pytest.raises(ExportedProgramError, match="compiled"):
        opened(path)


@pytest.mark.parametrize("seed", range(80))
def test_mutated_graphs_end_in_a_named_error_or_run(seed: int, free: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)

    def spring(document: dict[str, Any]) -> None:
        graph = document["graph_module"]["graph"]
        place: Any = [graph, document["graph_module"]["signature"], document][seed % 3]
        while True:
            key = random.choice(sorted(place)) if isinstance(place, dict) else int(random.integers(len(place)))
            inner = place[key]
            if not isinstance(inner, (dict, list)) or not inner or random.random() < 0.1:
                break
            place = inner
        place[key] = [None, -1, 2**70, "x", [], {}, {"name": "x"}, [[]]][int(random.integers(8))]

    path = with_graph(free, tmp_path / "bad.pt2", spring)
    with suppress(ClassifyPixelsError), closing(opened(path)) as backend:
        backend.run(image(3, 16, 16))


@pytest.mark.parametrize("part", [slice(0, -200), slice(500, None), slice(0, 3000)])
def test_a_truncated_file_is_refused(part: slice, free: Path, tmp_path: Path) -> None:
    (tmp_path / "n.pt2").write_bytes(free.read_bytes()[part])
    with pytest.raises(ClassifyPixelsError, match=r"n\.pt2"):
        opened(tmp_path / "n.pt2")


def test_a_wrong_checksum_is_refused(free: Path, tmp_path: Path) -> None:
    content = bytearray(free.read_bytes())
    place = content.find(b"graph_module")
    content[place : place + 5] = b"xxxxx"
    (tmp_path / "n.pt2").write_bytes(content)
    with pytest.raises(WeightsUnreadableError, match=r"n\.pt2"):
        opened(tmp_path / "n.pt2")
