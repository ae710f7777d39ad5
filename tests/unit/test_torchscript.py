# SPDX-License-Identifier: GPL-2.0-or-later
"""TorchScript networks; and files that only look like one, of which no byte of code may run."""

from __future__ import annotations

import os
import pickle
import re
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ArchitectureMissingError,
    ClassifyPixelsError,
    NetworkMismatchError,
    NetworkRunError,
    PickleRefusedError,
    ProcessorError,
    WeightsRefusedError,
    WeightsUnreadableError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from classify_pixels.inference.runtimes.torch.script_code import ON_FILES
from tests.networks import bare_run, pooling_network, traced_pooling_network

torch = pytest.importorskip("torch", reason="PyTorch is optional")
has_gpu = torch.cuda.is_available() or torch.backends.mps.is_available()


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def save_script(path: Path, body: str) -> Path:
    """Saves a TorchScript network whose body is given as source."""
    torch.jit.CompilationUnit(f"def forward(x):\n    {body}\n").forward.save(str(path))
    return path


@pytest.mark.parametrize("size", [(16, 16), (32, 20)])
def test_the_same_weights_give_what_onnx_gives(size: tuple[int, int], tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).normal(size=(3, 2, *size)).astype(np.float32)
    expected = bare_run(pooling_network(tmp_path / "n.onnx"), pixels)
    with closing(opened(traced_pooling_network(tmp_path / "n.pt"))) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-5)


def test_the_bands_are_read_off_the_first_convolution(tmp_path: Path) -> None:
    with closing(opened(traced_pooling_network(tmp_path / "n.pt", bands=5))) as backend:
        assert backend.input == NetworkInput(bands=5)
    with closing(opened(traced_pooling_network(tmp_path / "n.pt", bands=5), bands=4, layout="NHWC")) as backend:
        assert backend.input == NetworkInput(bands=4, layout="NHWC")


@pytest.mark.parametrize("body", ['return {"out": x * 2}', "return (x * 2, x)", "return [x * 2]"])
def test_the_first_of_several_outputs_is_taken(body: str, tmp_path: Path) -> None:
    pixels = np.ones((1, 2, 4, 4), np.float32)
    with closing(opened(save_script(tmp_path / "n.pt", body))) as backend:
        assert (backend.run(pixels) == 2).all()


def test_channels_last(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).normal(size=(1, 2, 5, 7)).astype(np.float32)
    path = save_script(tmp_path / "n.pt", "return x * torch.arange(1, 3)")
    with closing(opened(path, layout="NHWC")) as backend:
        np.testing.assert_array_equal(backend.run(pixels), pixels * np.array([1, 2]).reshape(2, 1, 1))


def test_the_device_is_named_and_the_threads_are_given_back(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    backend = opened(traced_pooling_network(tmp_path / "n.pt"), threads=before + 1)
    backend.run(np.zeros((1, 2, 16, 16), np.float32))
    assert torch.get_num_threads() == before + 1
    assert backend.device == f"CPU (PyTorch {torch.__version__})"
    backend.close()
    assert torch.get_num_threads() == before


def test_equal_pixels_get_equal_scores_in_every_call(tmp_path: Path) -> None:
    """PyTorch with LLVM, as of Debian, would fuse the operations after the first call."""
    pixels = np.linspace(-5, 5, 2 * 64 * 64, dtype=np.float32).reshape(1, 2, 64, 64)
    path = save_script(tmp_path / "n.pt", "return torch.tanh(torch.sigmoid(x * 2 + 1) * x).exp()")
    with closing(opened(path, layout="NCHW")) as backend:
        first, *later = (backend.run(pixels) for _ in range(4))
    for each in later:
        np.testing.assert_array_equal(each, first)


def test_fusion_is_off_until_the_last_network_is_closed(tmp_path: Path) -> None:
    def fusion() -> tuple[bool, bool]:
        return torch._C._jit_can_fuse_on_cpu(), torch._C._jit_can_fuse_on_gpu()

    before, path = fusion(), save_script(tmp_path / "n.pt", "return x * 2")
    torch._C._jit_override_can_fuse_on_cpu(True)
    try:
        first, second = opened(path, layout="NCHW"), opened(path, layout="NCHW")
        assert fusion() == (False, False)
        first.close()
        assert fusion() == (False, False)
        second.close()
        assert fusion() == (True, before[1])
        with pytest.raises(NetworkMismatchError):
            opened(save_script(tmp_path / "none.pt", "return x[:, 9]"), bands=3, inputs={"y": 1})
        assert fusion() == (True, before[1])
    finally:
        torch._C._jit_override_can_fuse_on_cpu(before[0])


@pytest.mark.skipif(has_gpu, reason="this machine has a GPU for PyTorch")
def test_a_gpu_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path, before = traced_pooling_network(tmp_path / "n.pt"), torch.get_num_threads()
    with pytest.raises(ProcessorError, match="PyTorch"):
        opened(path, processor="GPU", threads=before + 1)
    assert torch.get_num_threads() == before


def test_a_pickle_is_never_executed(tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    trap = Trap(sprung)
    files = {"legacy.pt": pickle.dumps(trap), "plain.pth": pickle.dumps({"model": trap}, protocol=2)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    torch.save(trap, str(tmp_path / "archive.pt"))
    torch.save(trap, str(tmp_path / "old.pt"), _use_new_zipfile_serialization=False)
    for name in (*files, "archive.pt", "old.pt"):
        with pytest.raises(PickleRefusedError, match=name.replace(".", r"\.")):
            opened(tmp_path / name)
        assert not sprung.exists(), name


@pytest.mark.parametrize("member", ["data.pkl", "constants.pkl"])
def test_a_pickle_inside_torchscript_is_never_executed(member: str, tmp_path: Path) -> None:
    sprung, good, bad = tmp_path / "sprung", traced_pooling_network(tmp_path / "n.pt"), tmp_path / "bad.pt"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, pickle.dumps(Trap(sprung), protocol=2) if name.endswith("/" + member) else content)
    with pytest.raises(WeightsUnreadableError, match=r"bad\.pt"):
        opened(bad)
    assert not sprung.exists()


@pytest.mark.parametrize("content", [b"", b"a text that was renamed", b"\x08\x08\x12\x07pytorch"])
def test_a_renamed_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "renamed.pt"
    path.write_bytes(content)
    with pytest.raises(ArchitectureMissingError, match=r"renamed\.pt is not a PyTorch file"):
        opened(path)


@pytest.mark.parametrize("part", [slice(0, -200), slice(500, None), slice(-300, None)])
def test_a_truncated_file_is_refused(part: slice, tmp_path: Path) -> None:
    path = traced_pooling_network(tmp_path / "n.pt")
    path.write_bytes(path.read_bytes()[part])
    with pytest.raises(ClassifyPixelsError, match=r"n\.pt"):
        opened(path)


def rewritten(good: Path, bad: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    """Copies an archive with other names and contents."""
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            target.writestr(*change(name, source.read(name)))
    return bad


def with_lines(good: Path, bad: Path, lines: str) -> Path:
    """Copies a network with lines of code before its return."""

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        before, found, after = content.partition(b"return x")
        indent = before.rpartition(b"\n")[2]
        added = lines.encode().replace(b"\n", b"\n" + indent)
        return name, before + added + b"\n" + indent + found + after if found else content

    return rewritten(good, bad, change)


TOUCHING = [
    'torch.save(x, "{path}")',
    'ops.aten.save(x, "{path}")',
    'torch . save (x, "{path}")',
    'torch\\\n.save(x, "{path}")',
    '(torch. # as it were\nsave)(x, "{path}")',
    'a = torch\na.save(x, "{path}")',
    'a = torch.save\na(x, "{path}")',
    'getattr(torch, "save")(x, "{path}")',
    'getattr(torch, "sa" "ve")(x, "{path}")',
    'getattr(ops.aten, "s\\141ve")(x, "{path}")',
    "getattr(torch, 'save')(x, '{path}')",
    'getattr(torch, """save""")(x, "{path}")',
    'x = x + torch.from_file("{path}", True, 4)',
]


@pytest.mark.parametrize("lines", TOUCHING)
def test_code_that_would_touch_files_is_refused(lines: str, tmp_path: Path) -> None:
    """TorchScript is a language with files: it may run as soon as it is loaded."""
    sprung, good = tmp_path / "sprung", save_script(tmp_path / "n.pt", "return x")
    bad = with_lines(good, tmp_path / "bad.pt", lines.replace("{path}", str(sprung)))
    with pytest.raises(WeightsRefusedError, match=r"bad\.pt"):
        opened(bad)
    # None of the lines is only a mistake: PyTorch itself runs them.
    torch.jit.load(str(bad))(torch.zeros(1))
    assert sprung.exists()


def test_code_in_capital_letters_is_found_too(tmp_path: Path) -> None:
    sprung, good = tmp_path / "sprung", save_script(tmp_path / "n.pt", "return x")
    bad = with_lines(good, tmp_path / "bad.pt", f'torch.save(x, "{sprung}")')

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return (name.replace("/code/", "/CODE/").replace(".py", ".PY") if name.endswith(".py") else name), content

    hidden = rewritten(bad, tmp_path / "hidden.pt", change)
    with zipfile.ZipFile(hidden, "a") as archive:
        archive.writestr(f"{archive.namelist()[0].split('/')[0]}/code/harmless.py", "")
    with pytest.raises(WeightsRefusedError, match=r"hidden\.pt"):
        opened(hidden)


def test_another_form_in_front_of_an_archive_is_refused(tmp_path: Path) -> None:
    """PyTorch looks at a file's beginning, and readers of archives at its end."""
    if not hasattr(torch.jit, "save_jit_module_to_flatbuffer"):
        pytest.skip("this PyTorch does not write that form")
    good, bad = save_script(tmp_path / "n.pt", "return x"), tmp_path / "bad.pt"
    torch.jit.save_jit_module_to_flatbuffer(torch.jit.script(torch.nn.Identity()), str(bad))
    bad.write_bytes(bad.read_bytes() + good.read_bytes())
    with pytest.raises(ClassifyPixelsError, match=r"bad\.pt"):
        opened(bad)


def test_an_archive_that_two_readers_read_differently_is_refused(tmp_path: Path) -> None:
    """Python's reader takes the list of members before the end, PyTorch's the one that the end names."""
    sprung, good = tmp_path / "sprung", save_script(tmp_path / "n.pt", "return x")
    bad = with_lines(good, tmp_path / "bad.pt", f'torch.save(x, "{sprung}")')
    harmless = with_lines(good, tmp_path / "harmless.pt", f"torch.add(x, x)  {' ' * len(str(sprung))}")
    # Both are of one length, so that the end of the second names the list of the first.
    forged = tmp_path / "forged.pt"
    forged.write_bytes(bad.read_bytes() + harmless.read_bytes())
    with zipfile.ZipFile(forged) as archive:
        assert b"torch.save" not in b"".join(archive.read(name) for name in archive.namelist())
    assert bad.stat().st_size == harmless.stat().st_size
    with pytest.raises(ClassifyPixelsError, match=r"forged\.pt"):
        opened(forged)
    assert not sprung.exists()
    torch.jit.load(str(forged))(torch.zeros(1))
    assert sprung.exists()


def test_texts_in_the_code_may_hold_any_mark_and_word(tmp_path: Path) -> None:
    body = """assert x.dim() == 4, "don't save # a \\"word\\" or load\\n two \u00fc"
    y = {"a#b": x, "c'": x}
    return y["a#b"]"""
    with closing(opened(save_script(tmp_path / "n.pt", body))) as backend:
        assert backend.run(np.ones((1, 2, 4, 4), np.float32)).shape == (1, 2, 4, 4)


class OrdinaryNames(torch.nn.Module):
    """A network with a layer, a method, a text and a variable that are called like what one does with files."""

    def __init__(self) -> None:
        super().__init__()
        self.load = torch.nn.Conv2d(2, 3, 1)
        self.loaded, self.saved = True, ["load", "it's # saved"]

    def forward(self, image: torch.Tensor) -> dict[str, torch.Tensor]:
        # One of torch.save's comments.
        assert image.shape[1] == 2, f'load {image.shape[1]} bands, don\'t "save" # any'
        load_file = self.load(image) if self.loaded and len(self.saved[0]) == 4 else image
        return {"load": load_file}


@pytest.mark.filterwarnings("ignore:Converting a tensor")
@pytest.mark.parametrize("make", ["script", "trace", "freeze"])
def test_ordinary_names_and_texts_are_no_reason_to_refuse(make: str, tmp_path: Path) -> None:
    network, pixels = OrdinaryNames().eval(), np.ones((1, 2, 4, 4), np.float32)
    makers: dict[str, Callable[[], Any]] = {
        "script": lambda: torch.jit.script(network),
        "trace": lambda: torch.jit.trace(network, torch.from_numpy(pixels), strict=False),
        "freeze": lambda: torch.jit.freeze(torch.jit.script(network)),
    }
    makers[make]().save(str(tmp_path / "n.pt"))
    expected = network(torch.from_numpy(pixels))["load"].detach().numpy()
    with closing(opened(tmp_path / "n.pt")) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-6)


def test_no_operation_of_pytorch_on_files_is_forgotten() -> None:
    """Those that take the name of a file, or are called like what one does with files."""
    called = re.compile(r"(?<![a-z])(load|save|open|file|dump|pickle)(?![a-z])")
    takes = re.compile(r"\bstr \w*(file|path|url)")
    schemas = [(schema.name.split("::")[1], str(schema)) for schema in torch._C._jit_get_all_schemas()]
    found = {name for name, text in schemas if called.search(name) or takes.search(text)}
    assert found
    assert found <= ON_FILES


def test_an_archive_that_grows_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/code/__torch__.py", "class A:\n" + " " * 80 * 1024**2)
        archive.writestr("bomb/data.pkl", b"\x80\x02}.")
    with pytest.raises(WeightsRefusedError, match="80 MB"):
        opened(path)


def test_a_failing_network_is_named_with_its_size(tmp_path: Path) -> None:
    with closing(opened(traced_pooling_network(tmp_path / "n.pt"))) as backend:
        with pytest.raises(NetworkRunError, match="6 x 9 "):
            backend.run(np.zeros((1, 2, 9, 6), np.float32))
        with pytest.raises(NetworkRunError, match="8 x 8 "):
            backend.run(np.zeros((1, 5, 8, 8), np.float32))


@pytest.mark.parametrize("body", ["return 5", "return []", "return None", 'return "text"', "return {}"])
def test_an_output_that_is_no_array_is_a_named_error(body: str, tmp_path: Path) -> None:
    backend = opened(save_script(tmp_path / "n.pt", body))
    with closing(backend), pytest.raises(ClassifyPixelsError):
        backend.run(np.ones((1, 2, 4, 4), np.float32))


def test_an_output_of_a_type_that_numpy_lacks_is_converted_or_a_named_error(tmp_path: Path) -> None:
    backend = opened(save_script(tmp_path / "n.pt", "return x.to(torch.bfloat16)"))
    with closing(backend), suppress(ClassifyPixelsError):
        assert backend.run(np.ones((1, 2, 4, 4), np.float32)).tolist() == [[[[1] * 4] * 4] * 2]


@pytest.mark.parametrize("line", ["raise Exception('no')", "assert 1 == 2"])
def test_an_error_that_the_network_raises_itself_is_named(line: str, tmp_path: Path) -> None:
    backend = opened(save_script(tmp_path / "n.pt", f"{line}\n    return x"))
    with closing(backend), pytest.raises(NetworkRunError, match="4 x 4"):
        backend.run(np.ones((1, 2, 4, 4), np.float32))


def test_the_end_of_an_archive_on_several_disks_is_refused(tmp_path: Path) -> None:
    path = save_script(tmp_path / "n.pt", "return x")
    content = path.read_bytes()
    # In the record that leads to the end of a large archive, the number of disks.
    place = content.rindex(b"PK\x06\x07") + 16
    path.write_bytes(content[:place] + b"\x09" + content[place + 1 :])
    with pytest.raises(ClassifyPixelsError, match=r"n\.pt"):
        opened(path)


# --- half precision ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_half_precision_runs_in_32_bit_floats(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers = torch.nn.Conv2d(2, 4, 3, padding=1), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Conv2d(4, 3, 1)
    network = torch.nn.Sequential(*layers).eval().to(getattr(torch, kind))
    torch.jit.script(network).save(str(tmp_path / "n.pt"))
    pixels = np.random.default_rng(1).normal(size=(2, 2, 16, 20)).astype(np.float32)
    with torch.inference_mode():
        expected = network.float()(torch.from_numpy(pixels)).numpy()
    with closing(opened(tmp_path / "n.pt", bands=2)) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("cast", [".half()", ".to(torch.bfloat16)"])
def test_code_that_insists_on_half_precision_is_named(cast: str, tmp_path: Path) -> None:
    class Halving(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = torch.nn.Conv2d(2, 3, 1)

        def forward(self, image: Any) -> Any:
            return self.last(image.half() if cast == ".half()" else image.to(torch.bfloat16))

    network = Halving().to(torch.float16 if cast == ".half()" else torch.bfloat16).eval()
    torch.jit.trace(network, torch.zeros(1, 2, 8, 8)).save(str(tmp_path / "n.pt"))
    with (
        pytest.raises(NetworkMismatchError, match="half precision; export it in 32-bit floats"),
        closing(opened(tmp_path / "n.pt", bands=2, layout="NCHW")) as backend,
    ):
        backend.run(np.zeros((1, 2, 8, 8), np.float32))
