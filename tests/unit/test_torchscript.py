# SPDX-License-Identifier: GPL-2.0-or-later
"""TorchScript networks; and files that only look like one, of which no byte of code may run."""

from __future__ import annotations

import os
import pickle
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.backends import Backend, BackendOptions, NetworkInput, open_backend
from classify_pixels.inference.errors import (
    ArchitectureMissingError,
    ClassifyPixelsError,
    NetworkRunError,
    PickleRefusedError,
    ProcessorError,
    WeightsRefusedError,
    WeightsUnreadableError,
)
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
    assert torch.get_num_threads() == before + 1
    assert backend.device == f"CPU (PyTorch {torch.__version__})"
    backend.close()
    assert torch.get_num_threads() == before


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
    with pytest.raises(ArchitectureMissingError, match=r"renamed\.pt is not a file of PyTorch"):
        opened(path)


@pytest.mark.parametrize("part", [slice(0, -200), slice(500, None), slice(-300, None)])
def test_a_truncated_file_is_refused(part: slice, tmp_path: Path) -> None:
    path = traced_pooling_network(tmp_path / "n.pt")
    path.write_bytes(path.read_bytes()[part])
    with pytest.raises(ClassifyPixelsError, match=r"n\.pt"):
        opened(path)


@pytest.mark.parametrize(
    "line",
    [
        'torch.save(x, "{path}")',
        'ops.aten.save(x, "{path}")',
        'torch . save (x, "{path}")',
        'y = torch.from_file("{path}", True, 4)',
    ],
)
def test_code_that_would_touch_files_is_refused(line: str, tmp_path: Path) -> None:
    """TorchScript is a language with files: it may run as soon as it is loaded."""
    sprung, good, bad = tmp_path / "sprung", save_script(tmp_path / "n.pt", "return x"), tmp_path / "bad.pt"
    code = line.format(path=sprung)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".py"):
                content = content.replace(b"    return x", f"    {code}\n    return x".encode())
                content = content.replace(b"  return x", f"  {code}\n  return x".encode())
                assert code.encode() in content
            target.writestr(name, content)
    with pytest.raises(WeightsRefusedError, match=r"bad\.pt"):
        opened(bad)
    assert not sprung.exists()


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
