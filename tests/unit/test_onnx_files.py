# SPDX-License-Identifier: GPL-2.0-or-later
"""Files beside an .onnx that hold its weights."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    StandInError,
    WeightsMissingError,
    WeightsRefusedError,
    WeightsUnreadableError,
)
from classify_pixels.inference.models import open_model, read_model_reference
from classify_pixels.inference.network.probe import Probing, find_probe
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import BackendOptions, open_backend, protobuf, weights_files
from classify_pixels.inference.runtimes.onnx import external_files as onnx_files
from classify_pixels.inference.runtimes.onnx.external_files import check_external_files, external_files
from tests.networks import class_definition, pooling_network
from tests.onnx_graphs import endless_network, external_network, save_graph

PIXELS = np.random.default_rng(1).normal(size=(1, 3, 8, 6)).astype(np.float32)


def scores_of(weights: Path) -> np.ndarray:
    with closing(open_backend(weights, BackendOptions(processor="CPU"))) as backend:
        return backend.run(PIXELS)


@pytest.mark.parametrize("location", ["weights.bin", "n.onnx.data", "parts/weights.bin", "./weights.bin", "location"])
def test_weights_beside_the_network_are_used(location: str, tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "n.onnx", location)
    (tmp_path / location).parent.mkdir(exist_ok=True)
    (tmp_path / location).write_bytes(matrix.tobytes())
    assert external_files(tmp_path / "n.onnx") == {location}
    expected = np.einsum("cb,nbhw->nchw", matrix[:, :, 0, 0], PIXELS)
    np.testing.assert_allclose(scores_of(tmp_path / "n.onnx"), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("in_constant", [False, True])
@pytest.mark.parametrize(
    "location", ["../secret.bin", "parts/../../secret.bin", "{absolute}", "..\\secret.bin", "C:\\x"]
)
def test_weights_elsewhere_are_refused(location: str, in_constant: bool, tmp_path: Path) -> None:
    """The file is there and fits: nothing but its place is wrong."""
    location = location.replace("{absolute}", str(tmp_path / "secret.bin"))
    matrix = external_network(tmp_path / "model" / "n.onnx", location, in_constant=in_constant)
    (tmp_path / "secret.bin").write_bytes(matrix.tobytes())
    with pytest.raises(WeightsRefusedError, match=r"n\.onnx were refused: they are outside its folder, in "):
        scores_of(tmp_path / "model" / "n.onnx")


def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_not(tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "model" / "n.onnx", "link.bin")
    for place in (tmp_path, tmp_path / "model"):
        (place / "data.bin").write_bytes(matrix.tobytes())
    link = tmp_path / "model" / "link.bin"
    link.symlink_to(tmp_path / "data.bin")
    with pytest.raises(WeightsRefusedError):
        check_external_files(tmp_path / "model" / "n.onnx")
    link.unlink()
    link.symlink_to(tmp_path / "model" / "data.bin")
    check_external_files(tmp_path / "model" / "n.onnx")


@pytest.mark.parametrize("kind", ["absent", "folder"])
def test_weights_that_are_not_there_are_named(kind: str, tmp_path: Path) -> None:
    external_network(tmp_path / "n.onnx", "weights.bin")
    if kind == "folder":
        (tmp_path / "weights.bin").mkdir()
    with pytest.raises(WeightsMissingError, match=r"weights\.bin of the model n\.onnx were not found"):
        scores_of(tmp_path / "n.onnx")


def test_weights_that_are_too_short_are_unreadable(tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "n.onnx", "weights.bin")
    (tmp_path / "weights.bin").write_bytes(matrix.tobytes()[:-8])
    with pytest.raises(WeightsUnreadableError, match=rf"weights\.bin .* {matrix.nbytes - 8} bytes .* {matrix.nbytes}"):
        scores_of(tmp_path / "n.onnx")


def test_a_placeholder_of_weights_is_named(tmp_path: Path) -> None:
    external_network(tmp_path / "n.onnx", "weights.bin")
    (tmp_path / "weights.bin").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 48\n"
    )
    with pytest.raises(StandInError, match="Git LFS"):
        scores_of(tmp_path / "n.onnx")


def test_the_files_of_a_network_are_those_that_it_is_read_from(tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "n.onnx", "parts/w.bin")
    assert weights_files(tmp_path / "n.onnx") == (tmp_path / "n.onnx",)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "w.bin").write_bytes(matrix.tobytes())
    assert weights_files(tmp_path / "n.onnx") == (tmp_path / "n.onnx", tmp_path / "parts" / "w.bin")
    described = describe_model(read_model_reference(str(tmp_path / "n.onnx")), tmp_path / "cache", open_network=False)
    assert described.size == (tmp_path / "n.onnx").stat().st_size + matrix.nbytes


def test_files_outside_are_none_of_the_network(tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "model" / "n.onnx", "../w.bin")
    (tmp_path / "w.bin").write_bytes(matrix.tobytes())
    assert weights_files(tmp_path / "model" / "n.onnx") == (tmp_path / "model" / "n.onnx",)
    (tmp_path / "damaged.onnx").write_bytes(b"location\xff")
    for name in ("damaged.onnx", "n.pt"):
        assert weights_files(tmp_path / name) == (tmp_path / name,)


def test_what_was_seen_of_other_weights_is_not_remembered(tmp_path: Path) -> None:
    """Two trainings of a network differ in the file beside it only; of zeros nothing can be seen."""
    matrix = external_network(tmp_path / "n.onnx", "w.bin")
    found = []
    for content in (np.zeros_like(matrix), matrix):
        (tmp_path / "w.bin").write_bytes(content.tobytes())
        probing = Probing(tmp_path / "cache", SilentProgress())
        with closing(open_backend(tmp_path / "n.onnx", BackendOptions(processor="CPU"))) as backend:
            found.append(find_probe(tmp_path / "n.onnx", backend, 3, False, 0, None, probing))
    assert [probe.halo for probe in found] == [None, 0]


def packaged(folder: Path, location: str, data: str) -> Path:
    matrix = external_network(folder / "n.onnx", location)
    package = folder / "model.dlpk"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("model.emd", json.dumps(class_definition(Path("n.onnx"), 3, [0, 1, 2, 3], 64)))
        archive.write(folder / "n.onnx", "n.onnx")
        archive.writestr(data, matrix.tobytes())
    return package


def test_a_package_brings_its_own_weights(tmp_path: Path) -> None:
    package = packaged(tmp_path, "weights.bin", "weights.bin")
    model = open_model(read_model_reference(str(package)), tmp_path / "cache")
    assert scores_of(model.weights).shape == (1, 4, 8, 6)


def test_a_package_gets_no_weights_from_outside(tmp_path: Path) -> None:
    matrix = external_network(tmp_path / "n.onnx", "../weights.bin")
    package = packaged(tmp_path, "../weights.bin", "weights.bin")
    model = open_model(read_model_reference(str(package)), tmp_path / "cache")
    (model.weights.parent.parent / "weights.bin").write_bytes(matrix.tobytes())
    with pytest.raises(WeightsRefusedError):
        scores_of(model.weights)


def test_all_places_of_a_graph_are_searched(tmp_path: Path) -> None:
    """Initialisers, constants, branches, and sparse tensors within branches."""

    def tensor(location: str) -> TensorProto:
        found = numpy_helper.from_array(np.zeros(2, np.float32), location)
        found.ClearField("raw_data")
        found.data_location = TensorProto.EXTERNAL
        found.external_data.add(key="offset", value="0")
        found.external_data.add(key="location", value=location)
        return found

    inner = helper.make_graph([helper.make_node("Constant", [], ["c"], value=tensor("in a branch"))], "inner", [], [])
    inner.initializer.append(tensor("beside a branch"))
    sparse = helper.make_sparse_tensor(tensor("sparse values"), tensor("sparse places"), [4])
    inner.sparse_initializer.append(sparse)
    nodes = [helper.make_node("If", ["image"], ["scores"], then_branch=inner, else_branch=inner)]
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", TensorProto.FLOAT, ("n",))])
    expected = {"in a branch", "beside a branch", "sparse values", "sparse places"}
    assert external_files(path) == expected


def test_names_that_only_look_like_a_place_are_none(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["image"], ["location"], name="location")]
    path = save_graph(tmp_path / "n.onnx", nodes, [("location", TensorProto.FLOAT, ("n", 3, "h", "w"))])
    assert external_files(path) == set()
    assert external_files(endless_network(tmp_path / "loop.onnx")) == set()


def field(number: int, content: bytes) -> bytes:
    """Returns a field of a protobuf message that holds bytes."""
    length, rest = bytearray(), len(content)
    while rest > 0x7F:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([number << 3 | 2, *length, rest]) + content


def network_of_entry(path: Path, *more: bytes) -> Path:
    """Saves what an .onnx says of a tensor in another file, with more fields in the same message."""
    entry = b"".join([field(1, b"location"), *more, field(2, b"a.bin")])
    path.write_bytes(field(7, field(5, field(13, entry))))
    return path


def test_fields_that_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    assert external_files(network_of_entry(tmp_path / "n.onnx", field(3, bytes(5000)))) == {"a.bin"}


def test_a_message_of_endless_fields_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = network_of_entry(tmp_path / "n.onnx", bytes([3 << 3, 0]) * 1000)
    assert external_files(path) == {"a.bin"}
    monkeypatch.setattr(protobuf, "MAX_FIELDS", 1000)
    with pytest.raises(onnx_files.BrokenError, match="more than 1000 parts"):
        external_files(path)


def test_damaged_files_are_refused_in_time(tmp_path: Path) -> None:
    external_network(tmp_path / "n.onnx", "weights.bin")
    whole = (tmp_path / "n.onnx").read_bytes()
    random = np.random.default_rng(5)
    outcomes = set()
    for number in range(300):
        damaged = bytearray(whole[: random.integers(1, len(whole))] if number % 3 == 0 else whole)
        for place in random.integers(0, len(damaged), size=4):
            damaged[place] = random.integers(0, 256)
        path = tmp_path / "damaged.onnx"
        path.write_bytes(bytes(damaged))
        try:
            external_files(path)
            check_external_files(path)
            outcomes.add("read")
        except (ClassifyPixelsError, onnx_files.BrokenError) as error:
            outcomes.add(type(error).__name__)
    assert {"BrokenError", "WeightsMissingError", "read"} <= outcomes


def test_a_file_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph of empty nodes, one more than are read."""
    path = tmp_path / "n.onnx"
    path.write_bytes(field(7, b"\x0a\x00" * 20_001) + field(2, b"location"))
    monkeypatch.setattr(protobuf, "MAX_FIELDS", 20_000)
    with pytest.raises(WeightsUnreadableError, match="more than 20000 parts"):
        check_external_files(path)


def test_networks_without_files_are_not_searched(tmp_path: Path) -> None:
    assert external_files(pooling_network(tmp_path / "n.onnx")) == set()
    (tmp_path / "empty.onnx").touch()
    assert external_files(tmp_path / "empty.onnx") == set()
