# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services as snap raster, cell size and mask: their cells, their hosts and their tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from werkzeug.test import Client

from classify_pixels.inference.run.job_file import decoded, encoded
from classify_pixels.inference.run.request import Environment
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.service_raster import opened_service
from classify_pixels.service.settings import Settings
from tests.servers.image_service import PATH, ImageServiceServer
from tests.unit.rasters import TRANSFORM, write_raster

from .conftest import SIZE, Stores, classes_of, errors_of, job_command, submit, work_off, write_stores
from .test_image_services import Federated, gate_of, host_of
from .test_items import HEADER, TOKEN, SignedPortal, with_portal

SECRET = "token-of-the-caller-9876543210"
FACTOR, SHIFT, NO_DATA = 3, 1, 9
# NoData of a result.
NONE = 255


@dataclass(frozen=True)
class Served:
    """Servers of a coarser raster, shifted by one cell of the scene, and of a mask of the left part of the scene."""

    pattern: ImageServiceServer
    mask: ImageServiceServer
    visible: np.ndarray


def write_pattern(stores: Stores) -> Path:
    x, size, _, y, _, _ = TRANSFORM
    transform = (x + SHIFT * size, FACTOR * size, 0.0, y - SHIFT * size, 0.0, -FACTOR * size)
    return write_raster(stores.outside / "pattern.tif", np.ones((1, 20, 20), np.uint8), transform=transform)


def write_mask(stores: Stores, visible: np.ndarray) -> Path:
    # The value of a visible cell does not matter, also if it is 0.
    cells = np.where(visible, 0, NO_DATA).astype(np.uint8)
    return write_raster(stores.outside / "mask.tif", cells[np.newaxis], no_data=NO_DATA)


@pytest.fixture
def served(stores: Stores) -> Iterator[Served]:
    visible = np.zeros((SIZE, SIZE), np.bool_)
    visible[5:, :41] = True
    with ExitStack() as stack:
        pattern = stack.enter_context(ImageServiceServer(write_pattern(stores)))
        mask = stack.enter_context(ImageServiceServer(write_mask(stores, visible)))
        yield Served(pattern, mask, visible)


def run(stores: Stores, settings: Settings, *contexts: dict[str, Any]) -> tuple[Client, Dispatcher, list[str]]:
    """Runs a job for each context with the nearest cells."""
    client, dispatcher = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
    texts = [json.dumps({**context, "resamplingMethod": "NEAREST"}) for context in contexts]
    found = [submit(client, context=text) for text in texts]
    work_off(dispatcher)
    dispatcher.close()
    return client, dispatcher, found


def middle(classes: np.ndarray, first: int) -> np.ndarray:
    """Returns the cells in the middle of cells of three, the first of which begins here."""
    places = np.arange(first, SIZE, FACTOR) + FACTOR // 2
    inside = (places >= 0) & (places < SIZE)
    found = np.full((len(places), len(places)), NONE)
    found[np.ix_(inside, inside)] = classes[np.ix_(places[inside], places[inside])]
    return found


def test_services_give_grid_and_mask(stores: Stores, settings: Settings, served: Served) -> None:
    """Each equals the classes by numpy, on the cells and under the mask that the servers' rasters have."""
    gate = write_stores(stores, hosts=[host_of(served.pattern), host_of(served.mask)])
    pattern, mask = served.pattern.service, served.mask.service
    contexts = (
        {"cellSize": {"url": pattern, "serviceToken": SECRET}},
        {"cellSize": f"{pattern}?token={SECRET}", "snapRaster": {"url": pattern, "serviceToken": SECRET}},
        {"mask": {"url": f"{mask}?token={SECRET}"}},
        {"mask": {"uri": mask}, "cellSize": pattern, "snapRaster": {"serviceProperties": {"serviceUrl": pattern}}},
    )
    _, dispatcher, found = run(stores, replace(settings, gate=gate), *contexts)
    coarse, snapped, masked, both = (classes_of(dispatcher, job) for job in found)
    classes = stores.expected()
    assert np.array_equal(coarse, middle(classes, 0))
    assert np.array_equal(snapped, middle(classes, SHIFT - FACTOR))
    assert np.array_equal(masked, np.where(served.visible, classes, NONE))
    assert np.array_equal(both, middle(np.where(served.visible, classes, NONE), SHIFT - FACTOR))
    # Only the description of a grid is read, and no cell.
    assert (served.pattern.exports, bool(served.mask.exports)) == ([], True)
    requests = [*served.pattern.requests, *served.mask.requests]
    assert SECRET not in json.dumps([[request.query, request.headers] for request in requests])
    for file in settings.jobs.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_rules_of_a_mask_are_applied(stores: Stores, settings: Settings, served: Served) -> None:
    gate = write_stores(stores, hosts=[host_of(served.mask)])
    mask = {"url": served.mask.service, "noData": 0}
    _, dispatcher, (hidden,) = run(stores, replace(settings, gate=gate), {"mask": mask})
    assert (classes_of(dispatcher, hidden) == NONE).all()


@pytest.mark.parametrize("parameter", ["snapRaster", "cellSize", "mask"])
def test_items_are_read_with_the_token_of_their_portal(
    parameter: str, stores: Stores, settings: Settings, served: Served
) -> None:
    raster = stores.outside / ("mask.tif" if parameter == "mask" else "pattern.tif")
    with Federated(raster) as portal:
        portal.items["services"] = {"type": "Image Service", "url": portal.url + PATH}
        portal.add("file", raster.read_bytes(), name="file.tif")
        references = ({"itemId": "services"}, {"itemId": "file"}, {"itemId": "file", "bandIds": "0"})
        gate = with_portal(stores, portal)
        contexts = [{"cellSize": 10, parameter: reference} for reference in references]
        client, dispatcher, (service, file, unknown) = run(stores, replace(settings, gate=gate), *contexts)
    assert np.array_equal(classes_of(dispatcher, service), classes_of(dispatcher, file))
    if parameter == "mask":
        assert np.array_equal(classes_of(dispatcher, service), np.where(served.visible, stores.expected(), NONE))
    assert "bandIds" in errors_of(client, unknown)[0]
    assert {request.headers.get(HEADER) for request in portal.requests} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("parameter", ["snapRaster", "cellSize", "mask"])
def test_other_hosts_are_not_asked(parameter: str, stores: Stores, settings: Settings, served: Served) -> None:
    """Neither by an address, nor by a portal whose item is elsewhere; an address gets no token."""
    with SignedPortal() as portal:
        portal.items["elsewhere"] = {"type": "Image Service", "url": served.mask.service}
        gate = replace(with_portal(stores, portal), hosts=frozenset())
        references = ({"url": served.mask.service}, {"itemId": "elsewhere"}, {"url": portal.url + PATH})
        settings = replace(settings, gate=gate)
        client, _, found = run(stores, settings, *({parameter: each} for each in references))
    for job in found:
        assert f"{parameter}: " in errors_of(client, job)[0]
        assert "nothing from this host" in errors_of(client, job)[0]
    assert served.mask.requests == []
    assert {request.path.rpartition("/")[2] for request in portal.requests} == {"elsewhere"}


def test_a_mask_travels_to_workers(stores: Stores, served: Served) -> None:
    gate = gate_of(served.mask)
    mask = opened_service("mask", gate.raster_place_of("mask", served.mask.service), gate)
    assert mask is not None
    sent = json.dumps(encoded(Environment(mask=mask.described)))  # type: ignore[arg-type]
    travelled = decoded(json.loads(sent)).mask.open()
    assert np.array_equal(travelled.read(travelled.grid.window)[1], served.visible)
