# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings kept between runs: one file per network, of JSON under the SHA-256 of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from ...new_files import write_whole
from ...notices import ProbeFailure
from .probe import Probe


def read_document(file: Path) -> dict[str, Any] | None:
    """Returns a cached JSON object, None if there is none or the file is damaged."""
    try:
        # A damaged number may be plausible, and result in a wrong map.
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
        document = json.loads(text) if digest == _sha256(text) else None
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def write_document(file: Path, document: Mapping[str, Any]) -> None:
    """Stores a JSON object; a cache that is not writable only costs time."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent=1)
        write_whole(file, f"{_sha256(text)}\n{text}")


def read_probe(file: Path) -> Probe | None:
    """Returns the cached finding, None if there is none or the file is damaged."""
    document = read_document(file)
    if document is None or set(document) != {field.name for field in fields(Probe)}:
        return None
    failure = ProbeFailure.__members__.get(str(document["failure"]))
    if failure is None and document["failure"] is not None:
        return None
    if not isinstance(document["profile"], list):
        return None
    probe = Probe(**{**document, "profile": tuple(document["profile"]), "failure": failure})
    return probe if _is_sound(probe) else None


def write_probe(file: Path, probe: Probe) -> None:
    """Stores a finding."""
    write_document(file, {**asdict(probe), "failure": probe.failure.name if probe.failure else None})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_sound(probe: Probe) -> bool:
    """Checks types and ranges: the file may come from anywhere."""
    numbers = (*probe.profile, probe.limit)
    if not isinstance(probe.exact, bool) or not all(type(number) in (int, float) for number in numbers):
        return False
    if probe.failure is not None:
        return probe.stride is None and probe.halo is None
    return _is_whole(probe.stride, least=1) and _is_whole(probe.halo, least=0)


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
