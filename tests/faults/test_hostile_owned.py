# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile variants of other libraries' files: each runs or ends in a named error, and no code of theirs is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import RunCancelledError
from classify_pixels.inference.models import ModelReference
from tests.faults.sandbox import GIB, End, Sandbox, tried_cases
from tests.processor_time import CancelAmid
from tests.unit.runs import classify

pytest.importorskip("torch", reason="PyTorch is optional")

from tests.faults.hostile_owned import endless_rows, owned_cases  # noqa: E402

# Of computing, not of waiting for a busy processor.
SECONDS = 60.0

LEAST = {".ckpt": 20, ".pth": 9, ".safetensors": 5, "rows": 35, "side file": 150, "metadata": 70}
# Cases that must not run, by a word in their names.
HARMFUL = ("code as", "code in", "code beside", "a class of a library", "a large array", "a large tensor")
# Texts that Python could evaluate are texts: a network runs with any names.
TEXTS = "metadata"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="module")
def ends(sandbox: Sandbox) -> dict[str, End]:
    """Tries all models; nothing may be written outside the cache."""
    parts = sandbox.folder / "parts" / "owned"
    parts.mkdir()
    found = tried_cases(sandbox, "owned", owned_cases(parts), 4 * GIB)
    # PyTorch's compiler creates a folder for temporary files when imported.
    assert {name for name in found.after ^ found.before if "torchinductor" not in name} == set()
    return found.ends


@pytest.mark.parametrize("kind", LEAST)
def test_each_model_runs_or_ends_in_a_named_error(kind: str, ends: dict[str, End]) -> None:
    own = {name: end for name, end in ends.items() if name.split(":")[0] == kind}
    assert len(own) >= LEAST[kind]
    assert {name: end for name, end in own.items() if not end.is_good} == {}
    assert {name: end.seconds for name, end in own.items() if end.seconds > SECONDS} == {}


def test_what_is_plain_runs_and_what_would_run_code_does_not(ends: dict[str, End]) -> None:
    assert {ends[name].end for name in (".ckpt: plain", ".safetensors: owned, plain")} == {"ran"}
    harmful = {name: end.end for name, end in ends.items() if any(word in name for word in HARMFUL)}
    refused = {name: end for name, end in harmful.items() if name.split(":")[0] != TEXTS}
    assert len(refused) > 8
    assert "ran" not in refused.values(), refused


@pytest.mark.parametrize("what", ["run", "description"])
def test_maps_that_never_come_can_be_cancelled(what: str, sandbox: Sandbox, tmp_path: Path) -> None:
    model = sandbox.made(f"endless rows, {what}", endless_rows)
    given: dict[str, Any] = {"progress": CancelAmid(3), "processor": "CPU"}
    if what == "run":
        with pytest.raises(RunCancelledError):
            classify(sandbox.folder / "scene.tif", model, tmp_path / "map.tif", **given)
    else:
        with pytest.raises(RunCancelledError):
            describe_model(ModelReference(path=model), sandbox.folder / "cache", **given)
    assert list(tmp_path.iterdir()) == []
