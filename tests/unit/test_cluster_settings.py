# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses of schedulers: those that are safe, and those that are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classify_pixels.inference.cluster.machine_here import machine_here
from classify_pixels.inference.cluster.settings import INSECURE, ClusterSettings, scheduler_address
from classify_pixels.inference.errors import SchedulerAddressError, SchedulerInsecureError

SAFE = ("tcp://127.0.0.1:8786", "tcp://127.9.0.1:1", "tcp://localhost:8786", "tcp://[::1]:8786", "tls://host:8786")
REMOTE = ("tcp://host:8786", "tcp://10.0.0.1:8786", "tcp://localhost.example:1", "tcp://127.0.0.1.example:1")
WRONG = ("ucx://127.0.0.1:1", "http://127.0.0.1:8787", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:x", "absent", "")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(INSECURE, raising=False)


@pytest.mark.parametrize("address", SAFE)
def test_local_and_protected_addresses_are_taken(address: str, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": address}), encoding="utf-8")
    assert scheduler_address(address) == scheduler_address(f" {address} ") == scheduler_address(str(file)) == address


@pytest.mark.parametrize("address", REMOTE)
@pytest.mark.parametrize("value", [None, "", "0", "yes"])
def test_others_are_refused(address: str, value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv(INSECURE, value)
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": address}), encoding="utf-8")
    for scheduler in (address, str(file)):
        with pytest.raises(SchedulerInsecureError):
            scheduler_address(scheduler)
    monkeypatch.setenv(INSECURE, "1")
    assert scheduler_address(address) == address


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_address_is_named(address: str) -> None:
    with pytest.raises(SchedulerAddressError):
        scheduler_address(address)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"address": 5}', "\0"])
def test_a_file_without_an_address_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SchedulerAddressError):
        scheduler_address(str(file))


def test_outputs_of_the_same_name_have_places_of_their_own(tmp_path: Path) -> None:
    settings = ClusterSettings("tls://host:1", "/vsis3/bucket/strips")
    places = {settings.place_of(tmp_path / name) for name in ("a/map.tif", "b/map.tif", "a/other.tif")}
    assert len(places) == 3
    assert {place.parent.as_posix() for place in places} == {"/vsis3/bucket/strips"}
    assert ClusterSettings("tls://host:1").place_of(tmp_path / "map.tif") == tmp_path / ".map.tif.strips"


def test_a_machine_is_what_its_environment_says() -> None:
    environment = {"CLASSIFY_PIXELS_CACHE": "/c", "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS": "AB, cd,"}
    machine = machine_here(3, environment)
    assert (machine.workers, machine.cache, machine.torch_python) == (3, Path("/c"), None)
    assert machine.allowed_functions == {"ab", "cd"}
