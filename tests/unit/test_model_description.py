# SPDX-License-Identifier: GPL-2.0-or-later
"""What is understood of a model: from its definition alone, and with its network opened."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.describe import json_of, text_of
from classify_pixels.inference.describe.argument_description import HELP, describe_arguments
from classify_pixels.inference.describe.model_description import (
    ASSUMED,
    DEFINITION,
    FUNCTION,
    NETWORK,
    PROBED,
    Measure,
    ModelDescription,
    describe_model,
)
from classify_pixels.inference.errors import (
    FrameworkError,
    FunctionError,
    FunctionNotAllowedError,
    ModelKeyMissingError,
    ModelTypeError,
    ModelUnreadableError,
    NetworkMismatchError,
    RunCancelledError,
    RuntimeMissingError,
    WeightsMissingError,
    WeightsUnreadableError,
)
from classify_pixels.inference.models import (
    ARGUMENT_NAMES,
    ModelReference,
    parse_emd,
    read_arguments,
    resolve_arguments,
)
from classify_pixels.inference.models.package_writing import emd_text, write_dlpk
from classify_pixels.inference.network.decision import AboveThreshold, LargestScore, ReadyClasses
from classify_pixels.inference.network.probe import Probing
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import DeclaredArgument
from tests.networks import (
    class_definition,
    class_network,
    identity_network,
    pointwise_network,
    pooling_network,
    probability_network,
)
from tests.raster_functions import simple_function, write_blurring_model, write_model

pytestmark = pytest.mark.usefixtures("onnx_runtime_alone")


def write(folder: Path, document: dict[str, Any], name: str = "model.emd") -> Path:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def describe(path: Path, **options: Any) -> ModelDescription:
    return describe_model(ModelReference(path=path), path.parent / "cache", **options)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return pooling_network(tmp_path / "net.onnx", bands=2, channels=3)


def test_the_definition_alone_is_described_without_its_network(network: Path, tmp_path: Path) -> None:
    document = class_definition(network, 2, [1, 4, 7], 64, BandNames=["red", "nir"], ModelName="Fields")
    found = describe(write(tmp_path, document), open_network=False)
    assert (found.name, found.weights, found.size) == ("Fields", "net.onnx", network.stat().st_size)
    assert [c.value for c in found.classes] == [1, 4, 7]
    assert [band.band.name for band in found.bands] == ["red", "nir"]
    assert found.tile == Measure((64, 64), DEFINITION)
    assert (found.halo, found.stride, found.network, found.problem, found.runs) == (None,) * 5


def test_an_opened_network_says_where_it_runs_and_what_it_takes(network: Path, tmp_path: Path) -> None:
    found = describe(write(tmp_path, class_definition(network, 2, [1, 4, 7], 64)))
    assert found.runs is True
    assert found.problem is None
    assert found.network is not None
    assert found.network.device.startswith("CPU (")
    assert (found.network.input.bands, found.network.input.height, found.network.channels) == (2, None, 3)
    assert isinstance(found.network.decision, LargestScore)


def test_a_package_is_described_as_its_definition_is(network: Path, tmp_path: Path) -> None:
    document = {**class_definition(network, 2, [1, 4, 7], 64), "ModelFile": "net.onnx", "ModelName": "Fields"}
    write_dlpk(tmp_path / "m.dlpk", {"m.emd": emd_text(document).encode(), "net.onnx": network})
    packed, plain = describe(tmp_path / "m.dlpk"), describe(write(tmp_path, document))
    assert packed.source.endswith("m.dlpk")
    assert (packed.definition, packed.arguments, packed.network) == (
        plain.definition, plain.arguments, plain.network,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "halo", "stride"),
    [
        ({}, ASSUMED, ASSUMED),
        ({"ClassifyPixels": {"Stride": 4, "Halo": 12}}, (12, DEFINITION), (4, DEFINITION)),
        ({"Padding": 8}, (8, DEFINITION), ASSUMED),
    ],
)
def test_who_says_a_number(keys: dict[str, Any], halo: Any, stride: Any, network: Path, tmp_path: Path) -> None:
    found = describe(write(tmp_path, class_definition(network, 2, [1, 4, 7], 64, **keys)))
    for measure, expected in ((found.halo, halo), (found.stride, stride)):
        assert measure is not None
        if isinstance(expected, tuple):
            assert measure == Measure((expected[0],), expected[1])
        else:
            assert measure.origin != DEFINITION
    assert found.tile == Measure((64, 64), DEFINITION)


def test_probing_finds_what_the_definition_does_not_say(network: Path, tmp_path: Path) -> None:
    emd = write(tmp_path, class_definition(network, 2, [1, 4, 7], 64))
    found = describe(emd, probing=Probing(tmp_path / "cache", SilentProgress()))
    assert found.stride is not None
    assert found.halo is not None
    assert found.tile is not None
    assert (found.stride.pixels, found.stride.origin) == ((4,), PROBED)
    assert found.halo.origin == PROBED
    assert 4 <= found.halo.pixels[0] <= 16
    assert found.tile.origin in (DEFINITION, PROBED)


def test_cancelled_probing_is_no_problem_of_the_model(network: Path, tmp_path: Path) -> None:
    class Cancelled(SilentProgress):
        cancelled = True

    emd = write(tmp_path, class_definition(network, 2, [1, 4, 7], 64))
    with pytest.raises(RunCancelledError):
        describe(emd, probing=Probing(tmp_path / "cache", Cancelled()))


def test_a_network_of_a_fixed_size_says_so_and_fixes_the_arguments(tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", bands=2, channels=2, size=32, batch=3)
    found = describe(write(tmp_path, class_definition(network, 2, [1, 2], 32)))
    assert found.tile == Measure((32, 32), NETWORK)
    fixed = {a.name: a.default for a in found.arguments if a.fixed}
    assert fixed == {"tile_size": "32", "batch_size": "3"}


def test_bare_weights_are_known_once_they_are_opened(network: Path) -> None:
    closed, opened = describe(network, open_network=False), describe(network)
    assert (closed.definition, closed.classes, closed.runs) == (None, (), None)
    assert (closed.name, closed.size) == ("net", network.stat().st_size)
    assert (len(opened.bands), len(opened.classes), opened.runs) == (2, 3, True)
    assert opened.tile is not None
    assert opened.tile.origin == ASSUMED


def test_the_values_of_the_training_are_those_of_the_normalisation(network: Path, tmp_path: Path) -> None:
    stats = {
        "band_min_values": [0, 10], "band_max_values": [100, 20],
        "scaled_mean_values": [0.5, 0.25], "scaled_std_values": [0.1, 0.05],
    }  # fmt: skip
    document = class_definition(network, 2, [1, 4, 7], 64, NormalizationStats=stats)
    first, second = describe(write(tmp_path, document), open_network=False).bands
    assert first.statistics == (0, 100, 0.5, 0.1)
    assert first.values == pytest.approx((20, 80))
    assert second.values == pytest.approx((11, 14))


# --- what cannot run is described all the same --------------------------------------------------------


def test_missing_weights_are_the_problem(tmp_path: Path) -> None:
    found = describe(write(tmp_path, class_definition(Path("gone.onnx"), 2, [1, 4, 7], 64)))
    assert isinstance(found.problem, WeightsMissingError)
    assert (found.runs, found.weights, found.size) == (False, "gone.onnx", None)
    assert len(found.classes) == 3
    assert found.tile == Measure((64, 64), DEFINITION)
    assert found.arguments


def test_a_framework_that_does_not_run_here_is_the_problem(tmp_path: Path) -> None:
    document = class_definition(Path("net.model"), 2, [1, 4, 7], 64, Framework="CNTK")
    found = describe(write(tmp_path, document))
    assert isinstance(found.problem, FrameworkError)
    assert [c.value for c in found.classes] == [1, 4, 7]


def test_a_missing_runtime_is_the_problem(network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    found = describe(write(tmp_path, class_definition(network, 2, [1, 4, 7], 64)))
    assert isinstance(found.problem, RuntimeMissingError)
    assert found.size == network.stat().st_size


def test_damaged_weights_are_the_problem(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"no network")
    found = describe(write(tmp_path, class_definition(tmp_path / "net.onnx", 2, [1], 64)))
    assert isinstance(found.problem, WeightsUnreadableError)
    assert describe(tmp_path / "net.onnx").runs is False


@pytest.mark.parametrize(("bands", "values"), [(2, [1]), (2, [1, 2, 3, 4, 5]), (3, [1, 4, 7])])
def test_a_definition_that_contradicts_its_network_is_the_problem(
    bands: int, values: list[int], network: Path, tmp_path: Path
) -> None:
    found = describe(write(tmp_path, class_definition(network, bands, values, 64)))
    assert isinstance(found.problem, NetworkMismatchError)
    assert [c.value for c in found.classes] == values


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", ModelUnreadableError),
        ("[]", ModelUnreadableError),
        ('{"ImageHeight": 1}', ModelKeyMissingError),
        ('{"ModelType": "ObjectDetection"}', ModelTypeError),
    ],
)
def test_what_cannot_be_read_is_an_error(content: str, error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / "model.emd"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(error):
        describe(path)
    with pytest.raises(ModelUnreadableError, match=r"absent\.emd"):
        describe(tmp_path / "absent.emd")
    with pytest.raises(ModelUnreadableError, match=r"absent\.onnx"):
        describe(tmp_path / "absent.onnx")


def test_nothing_is_written_beside_a_model(network: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    emd = write(folder, class_definition(network, 2, [1, 4, 7], 64))
    describe_model(ModelReference(path=emd), tmp_path / "cache")
    assert [path.name for path in folder.iterdir()] == ["model.emd"]


# --- what a network gives -----------------------------------------------------------------------------


def test_the_kind_of_output_is_told(tmp_path: Path) -> None:
    kinds = {
        AboveThreshold: (probability_network(tmp_path / "a.onnx"), 1, [5]),
        ReadyClasses: (class_network(tmp_path / "b.onnx"), 1, [0, 1, 2]),
        LargestScore: (identity_network(tmp_path / "c.onnx", 3), 3, [1, 2]),
    }
    for kind, (network, bands, values) in kinds.items():
        found = describe(write(tmp_path, class_definition(network, bands, values, 32)))
        assert found.network is not None, found.problem
        assert isinstance(found.network.decision, kind)


def test_the_classes_are_those_that_a_result_may_hold(tmp_path: Path) -> None:
    network = identity_network(tmp_path / "net.onnx", 2)
    document = class_definition(network, 2, [5], 32)
    closed, opened = (describe(write(tmp_path, document), open_network=o) for o in (False, True))
    assert [c.value for c in closed.classes] == [5]
    assert [c.value for c in opened.classes] == [0, 5]


# --- arguments ----------------------------------------------------------------------------------------


def test_every_argument_is_explained() -> None:
    assert set(HELP) == set(ARGUMENT_NAMES)


def test_defaults_given_as_arguments_change_nothing(network: Path, tmp_path: Path) -> None:
    found = describe(write(tmp_path, class_definition(network, 2, [1, 4, 7], 64)))
    given = read_arguments({a.name: a.default for a in found.arguments})
    assert found.definition is not None
    again = vars(resolve_arguments(given, found.definition))
    plain = vars(resolve_arguments(read_arguments({}), found.definition))
    decided = {"padding", "batch_size", "tile_size"}
    assert {name: value for name, value in again.items() if name not in decided} == {
        name: value for name, value in plain.items() if name not in decided
    }
    assert again["tile_size"] == 64
    assert found.halo is not None
    assert again["padding"] == found.halo.pixels[0]


def test_arguments_of_the_network_itself_are_listed() -> None:
    definition = parse_emd(class_definition(Path("net.onnx"), 3, [1, 2], 64), "model")
    declared = (DeclaredArgument("Threshold", "0.9", "Least score {of} a pixel."), DeclaredArgument("sharpness"))
    arguments = describe_arguments(definition, declared=declared)
    names = [a.name for a in arguments]
    assert names[-2:] == ["Threshold", "sharpness"]
    assert (arguments[-2].default, arguments[-2].text) == ("0.9", "Least score {of} a pixel.")
    assert len(set(names)) == len(names) == len(ARGUMENT_NAMES) + 1


def test_an_allowed_function_is_described_by_what_it_says(tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model", ModelFile="net.onnx", DataRange=[0, 1])
    pointwise_network(emd.parent / "net.onnx", 2, 2)
    closed = describe_model(ModelReference(path=emd), tmp_path / "cache", open_network=False)
    assert closed.function is not None
    assert closed.function.fingerprint in text_of(closed)
    allowed = frozenset([closed.function.fingerprint])
    found = describe_model(ModelReference(path=emd), tmp_path / "cache", allowed=allowed)
    assert (found.weights, found.size) == ("net.onnx", (emd.parent / "net.onnx").stat().st_size)
    assert found.halo == Measure((2,), FUNCTION)
    told = {a.name: (a.default, a.text) for a in found.arguments if not a.fixed}
    assert told == {"padding": ("2", ""), "Level": ("100", "From where on is {high}"), "mode": ("above", "Mode")}
    document = json_of(found)
    assert document["function"] == {"file": "Blurring.py", "sha256": closed.function.fingerprint, "allowed": True}
    assert [entry["key"] for entry in document["ignored"]] == ["DataRange"]
    text = text_of(found)
    assert "From where on is {high}" in text
    assert "(from the raster function)" in text


def test_an_allowed_function_that_fails_is_the_problem_and_not_said_to_be_left_out(tmp_path: Path) -> None:
    emd = write_model(tmp_path / "model", simple_function(setting_up="raise OSError('gone')"), "Simple")
    emd_only = describe_model(ModelReference(path=emd), tmp_path / "cache")
    assert isinstance(emd_only.problem, FunctionNotAllowedError)
    allowed = frozenset([emd_only.problem.values["fingerprint"]])
    found = describe_model(ModelReference(path=emd), tmp_path / "cache", allowed=allowed)
    assert isinstance(found.problem, FunctionError)
    assert (found.runs, found.weights, found.size) == (False, "", None)
    assert json_of(found)["ignored"] == []
    assert "Weights" not in text_of(found)


def test_the_sample_is_described(sample: Path, tmp_path: Path) -> None:
    found = describe_model(ModelReference(path=sample / "landsat7_landcover.dlpk"), tmp_path)
    assert (found.runs, len(found.bands), len(found.classes)) == (True, 6, 4)
    assert found.halo == Measure((24,), DEFINITION)
    assert all(band.statistics is None for band in found.bands)
