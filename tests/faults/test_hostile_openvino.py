# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile files that only OpenVINO reads: each runs or ends in a named error, within limits of time and memory."""

from __future__ import annotations

import pytest

from tests.faults.sandbox import GIB, End, Sandbox, tried_cases

pytest.importorskip("openvino", reason="OpenVINO is optional")

from tests.faults.hostile_openvino import openvino_cases  # noqa: E402

SECONDS = 60.0

LEAST = {".xml": 75, ".pb": 30, "SavedModel": 10, "Paddle": 9, ".tflite": 25}

# Words in the names of models that must not run.
HARMFUL = (
    "behind a link", "behind two links", "secret file", "of a process", "link to", "by a path", "of GB", "100 GB",
    "200 GB", "2^", "extension", "another library", "beyond the end", "beyond its end", "over the end", "in a number",
    "texts as numbers", "without end",
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="module")
def ends(sandbox: Sandbox) -> dict[str, End]:
    """Tries all models; nothing may be written outside the cache."""
    parts = sandbox.folder / "parts" / "openvino"
    parts.mkdir()
    found = tried_cases(sandbox, "openvino", openvino_cases(parts), 8 * GIB)
    # PyTorch's compiler creates a folder for temporary files when imported.
    assert {name for name in found.after ^ found.before if "torchinductor" not in name} == set()
    return found.ends


@pytest.mark.parametrize("kind", LEAST)
def test_each_model_runs_or_ends_in_a_named_error(kind: str, ends: dict[str, End]) -> None:
    own = {name: end for name, end in ends.items() if name.split(":")[0] == kind}
    assert len(own) >= LEAST[kind]
    assert {name: end for name, end in own.items() if not end.is_good} == {}
    assert {name: end.seconds for name, end in own.items() if end.seconds > SECONDS} == {}


def test_what_would_do_harm_is_refused_and_what_is_plain_runs(ends: dict[str, End]) -> None:
    found = {name: end.end for name, end in ends.items() if any(word in name for word in HARMFUL)}
    assert len(found) > 30
    assert {name for name, end in found.items() if end == "ran"} == set()
    assert {name: ends[name].end for name in ends if name.endswith(": plain")} == dict.fromkeys(
        ("SavedModel: plain", "Paddle: plain", ".tflite: plain"), "ran"
    )
