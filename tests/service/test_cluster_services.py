# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs of the service on image services, on the workers of a real Dask scheduler: the classes of the served pixels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from werkzeug.test import Client

from classify_pixels.inference.raster.web import SIGN_IN
from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.settings import Limits, Settings
from tests.servers.dask_cluster import Cluster
from tests.servers.image_service import PATH, ImageServiceServer
from tests.unit.rasters import random_pixels, write_raster

from .conftest import PATIENCE, Stores, errors_of, job_command, make_stores, submit, work_off
from .test_image_services import SECRET, Federated, classes_of, host_of, write_stores
from .test_items import HEADER, TOKEN

pytest.importorskip("distributed", reason="the package distributed is not installed")


@dataclass(frozen=True)
class Shared:
    """Stores, portals with image services that are items, and a cluster; its workers know a portal by its name."""

    stores: Stores
    portals: dict[str, Federated]
    cluster: Cluster


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    stores = make_stores(folder)
    with ExitStack() as stack:
        portals = {name: Federated(stores.folder / "scene.tif") for name in ("right", "wrong", "missing")}
        for portal in portals.values():
            stack.enter_context(portal)
            portal.items["scene"] = {"type": "Image Service", "url": portal.url + PATH}
        tokens = {"right": TOKEN, "wrong": "another"}
        known = {portals[name].url: f"{HEADER}: Bearer {token}" for name, token in tokens.items()}
        cluster = Cluster(folder, stack)
        for _ in range(2):
            cluster.add_worker(**{SIGN_IN: json.dumps(known)})
        yield Shared(stores, portals, cluster)


@pytest.fixture(autouse=True)
def without_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGN_IN, raising=False)


@dataclass(frozen=True)
class Service:
    """A service whose jobs run on the cluster."""

    client: Client
    dispatcher: Dispatcher
    jobs: Path
    strips: Path


@pytest.fixture
def served(shared: Shared, tmp_path: Path) -> Iterator[Any]:
    """Returns a service for the given values in its file of stores."""
    with ExitStack() as stack:

        def serve(**more: Any) -> Service:
            gate = write_stores(shared.stores, **more)
            settings = Settings(gate, tmp_path / "jobs", "http://localhost", limits=Limits(seconds=PATIENCE))
            (tmp_path / "strips").mkdir()
            command = job_command(shared.stores, settings)
            options = [f"--scheduler={shared.cluster.address}", f"--strips={tmp_path / 'strips'}"]
            command[command.index("--job") : command.index("--job")] = options
            dispatcher = Dispatcher(settings, command)
            stack.callback(dispatcher.close)
            return Service(Client(Application(settings)), dispatcher, settings.jobs, tmp_path / "strips")

        yield serve


def serve_items(served: Any, shared: Shared, name: str) -> Service:
    """Returns a service with a portal, whose token is in its own file."""
    (shared.stores.outside / "portal-token").write_text(TOKEN)
    service: Service = served(portal={"url": shared.portals[name].portal, "tokenFile": "portal-token"})
    return service


def texts_of(service: Service, job: str) -> list[str]:
    return [message.text for message in service.dispatcher.store.messages(job)]


def assert_on_workers(service: Service, shared: Shared, job: str) -> None:
    """Checks that a job ran on both workers, and that no strip is left and no address shown."""
    texts = texts_of(service, job)
    assert any("(scheduler), workers: 2" in text for text in texts), texts
    assert not any(shared.cluster.address in text or str(service.strips) in text for text in texts)
    assert not [*service.strips.iterdir()]


def test_an_image_service_is_classified_by_workers(shared: Shared, served: Any, tmp_path: Path) -> None:
    """The whole service, in several strips; and the small scene with other bands, named by a caller with a token."""
    pixels = random_pixels(3, 1500, 2100, seed=6)
    large = write_raster(tmp_path / "large.tif", pixels, options=["TILED=YES"])
    small = shared.stores.folder / "scene.tif"
    with ImageServiceServer(large, largest=1024) as server, ImageServiceServer(small) as other:
        service = served(hosts=[host_of(server), host_of(other)])
        arguments = json.dumps({"tile_size": 256, "padding": 0})
        whole = submit(service.client, inputRaster=json.dumps({"url": server.service}), modelArguments=arguments)
        value = {"url": other.service, "bandIds": [2, 1, 0], "serviceToken": SECRET}
        turned = submit(service.client, inputRaster=json.dumps(value))
        work_off(service.dispatcher)
    for job in (whole, turned):
        assert_on_workers(service, shared, job)
    assert np.array_equal(classes_of(service.dispatcher, whole), shared.stores.expected(pixels))
    assert np.array_equal(classes_of(service.dispatcher, turned), shared.stores.expected(shared.stores.pixels[::-1]))
    for file in service.jobs.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_a_host_that_is_not_named_is_not_asked(shared: Shared, served: Any) -> None:
    with ImageServiceServer(shared.stores.folder / "scene.tif") as server:
        service = served()
        job = submit(service.client, inputRaster=json.dumps({"url": server.service}))
        work_off(service.dispatcher)
        assert errors_of(service.client, job)
        assert server.requests == []


def test_workers_sign_in_with_their_own_token(shared: Shared, served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = shared.portals["right"]
    monkeypatch.setenv(SIGN_IN, json.dumps({portal.url: f"{HEADER}: Bearer {TOKEN}"}))
    service = serve_items(served, shared, "right")
    job = submit(service.client, inputRaster=json.dumps({"itemId": "scene"}))
    work_off(service.dispatcher)
    assert np.array_equal(classes_of(service.dispatcher, job), shared.stores.expected())
    assert_on_workers(service, shared, job)
    for file in service.jobs.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [("wrong", "Token Required|401|403|could not be read"), ("missing", f"no sign-in for .*{SIGN_IN}")],
)
def test_a_wrong_or_missing_token_of_the_workers_fails_the_job_once(
    name: str, words: str, shared: Shared, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = shared.portals[name]
    monkeypatch.setenv(SIGN_IN, json.dumps({portal.url: f"{HEADER}: Bearer {TOKEN}"}))
    service = serve_items(served, shared, name)
    job = submit(service.client, inputRaster=json.dumps({"itemId": "scene"}))
    work_off(service.dispatcher)
    found = service.dispatcher.store.read(job)
    assert (found.status, found.attempt, found.ends) == (jobs.FAILED, 1, 1)
    (error,) = errors_of(service.client, job)
    assert re.search(words, error), error
    assert TOKEN not in error
    assert "another" not in error


def test_a_token_of_the_service_alone_is_refused(shared: Shared, served: Any) -> None:
    service = serve_items(served, shared, "right")
    job = submit(service.client, inputRaster=json.dumps({"itemId": "scene"}))
    work_off(service.dispatcher)
    (error,) = errors_of(service.client, job)
    assert SIGN_IN in error
    assert not [path for path in service.strips.rglob("*") if path.is_file()]
