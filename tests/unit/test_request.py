# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import ParallelFactorError, ProcessorTypeError
from classify_pixels.inference.run.read_settings import read_processor, read_workers
from classify_pixels.inference.version import version


@pytest.fixture(autouse=True)
def _eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)


@pytest.mark.parametrize(
    ("value", "workers"),
    [
        ("4", 4),
        (4, 4),
        (4.0, 4),
        (" 12 ", 12),
        ("75%", 6),
        ("75 %", 6),
        ("100%", 8),
        ("200%", 16),
        ("1%", 1),
        ("0%", 1),
        ("", 8),
        (None, 8),
        ("0", 1),
        (0, 1),
    ],
)
def test_workers_from_every_form(value: Any, workers: int) -> None:
    assert read_workers(value) == workers


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "%", "-20%", "nan", "inf", "5 cores", "50%%x"])
def test_a_bad_parallel_factor_is_refused(value: str) -> None:
    with pytest.raises(ParallelFactorError, match=re.escape(value)):
        read_workers(value)


def test_unknown_cores_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert read_workers("") == 1


@pytest.mark.parametrize(
    ("value", "processor"),
    [("GPU", "GPU"), ("gpu", "GPU"), (" Cpu ", "CPU"), ("AUTO", "AUTO"), ("", "AUTO"), (None, "AUTO")],
)
def test_processor_in_any_spelling(value: Any, processor: str) -> None:
    assert read_processor(value) == processor


@pytest.mark.parametrize("value", ["TPU", "CUDA:0", 3])
def test_an_unknown_processor_is_refused(value: Any) -> None:
    with pytest.raises(ProcessorTypeError, match=str(value)):
        read_processor(value)


def test_the_version_is_that_of_the_metadata() -> None:
    parser = ConfigParser()
    parser.read(Path(__file__).resolve().parents[2] / "metadata.txt", encoding="utf-8")
    assert version() == parser["general"]["version"]
