# SPDX-License-Identifier: GPL-2.0-or-later
"""Owners share the queue and the slots: none fills it, and none keeps the others waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import Client

from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.errors import QueueFullError, ShareFullError
from classify_pixels.service.jobs import Job, JobStore
from classify_pixels.service.settings import Settings, hash_of

from .conftest import TASK_PATH, inputs, with_limits

TOKENS = {"ann": "token-of-ann-0123456789", "ben": "token-of-ben-0123456789"}


def add(store: JobStore, owners: str) -> None:
    """Submits a job of each of these owners, who have one letter."""
    for owner in owners:
        store.submit(owner, {}, "x", 100)


def taken(store: JobStore, count: int) -> list[Job]:
    """Takes so many jobs, all of which stay running."""
    found = [store.take() for _ in range(count)]
    assert all(found)
    return [job for job in found if job]


def owners_of(found: list[Job]) -> str:
    return "".join(job.owner for job in found)


def worked_off(store: JobStore) -> list[Job]:
    """Takes all waiting jobs, each when the one before has ended."""
    found = []
    while (job := store.take()) is not None:
        store.end(job.id, job.attempt, jobs.SUCCEEDED, result={"files": []})
        found.append(job)
    return found


def shared(settings: Settings, **limits: int) -> Client:
    """Returns a client of a service of two owners."""
    owners = {hash_of(token): owner for owner, token in TOKENS.items()}
    return Client(Application(replace(with_limits(settings, **limits), owners=owners)))


def submitted(client: Client, owner: str) -> tuple[int, int]:
    """Submits a job of an owner by both protocols; returns the code of GPServer and the status of OGC API."""
    headers = {"Authorization": f"Bearer {TOKENS[owner]}"}
    one = client.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "json"}, headers=headers)
    values = {"inputRaster": "/rasterStores/data/scene.tif", "model": "/rasterStores/data/model.emd"}
    other = client.post("/ogc/processes/classify-pixels/execution", json={"inputs": values}, headers=headers)
    code = (one.get_json().get("error") or {"code": 200})["code"]
    for answer, is_refused in ((one, code != 200), (other, other.status_code != 201)):
        assert ("Retry-After" in answer.headers) == is_refused
    return int(code), other.status_code


# --- turns


def test_owners_take_turns_each_with_the_oldest_job(store: JobStore) -> None:
    add(store, "aaaabbc")
    found = worked_off(store)
    assert owners_of(found) == "abcabaa"
    for owner in "abc":
        own = [job.submitted for job in found if job.owner == owner]
        assert own == sorted(own)


def test_one_owner_alone_waits_for_no_other(store: JobStore) -> None:
    add(store, "aaa")
    assert owners_of(worked_off(store)) == "aaa"


def test_a_free_slot_is_for_the_owner_with_the_fewest_running_jobs(store: JobStore) -> None:
    """Long jobs of one owner do not fill one slot after the other while another owner's jobs are short."""
    add(store, "aaaabbb")
    running = taken(store, 2)
    assert owners_of(running) == "ab"
    for _ in range(2):
        store.end(running[1].id, running[1].attempt, jobs.SUCCEEDED, result={"files": []})
        running = [running[0], *taken(store, 1)]
        assert owners_of(running) == "ab"


def test_a_cancelled_job_counts_until_its_process_has_ended(store: JobStore) -> None:
    add(store, "aab")
    (first,) = taken(store, 1)
    store.cancel(first.id)
    assert owners_of(taken(store, 1)) == "b"


def test_a_turn_is_not_won_back_by_the_removal_of_ended_jobs(store: JobStore) -> None:
    add(store, "aabb")
    (first,) = taken(store, 1)
    store.end(first.id, first.attempt, jobs.SUCCEEDED, result={"files": []})
    store.remove(first.id)
    assert owners_of(worked_off(store)) == "bab"


def test_turns_outlive_a_restart(store: JobStore, settings: Settings) -> None:
    add(store, "aab")
    (first,) = taken(store, 1)
    assert store.put_back(first.id, first.attempt, crashed=False)
    found = worked_off(JobStore(settings.jobs))
    assert owners_of(found) == "baa"
    assert found[1].id == first.id


# --- the queue


def test_an_owner_has_a_share_of_the_queue(store: JobStore) -> None:
    for _ in range(2):
        store.submit("a", {}, "x", 5, most_own=2)
    with pytest.raises(ShareFullError, match="2"):
        store.submit("a", {}, "x", 5, most_own=2)
    assert store.submit("a", {}, "x", 5, "refused", most_own=2).status == jobs.FAILED
    add(store, "bbb")
    with pytest.raises(QueueFullError, match="5"):
        store.submit("c", {}, "x", 5, most_own=2)
    # A job that runs waits no more.
    taken(store, 1)
    store.submit("a", {}, "x", 5, most_own=2)


def test_the_share_is_an_error_that_says_when_to_try_again(settings: Settings) -> None:
    client = shared(settings, waiting=7, waiting_each=3)
    assert submitted(client, "ann") == (200, 201)
    assert submitted(client, "ann") == (200, 429)
    assert submitted(client, "ann") == (429, 429)
    assert submitted(client, "ben") == (200, 201)
    page = client.post(
        f"{TASK_PATH}/submitJob", data=inputs(), headers={"Authorization": f"Bearer {TOKENS['ann']}"}
    )  # fmt: skip
    assert (page.status_code, "Retry-After" in page.headers) == (429, True)


def test_a_full_queue_refuses_all_owners(settings: Settings) -> None:
    client = shared(settings, waiting=2, waiting_each=2)
    assert submitted(client, "ann") == (200, 201)
    assert submitted(client, "ben") == (503, 503)


def test_without_tokens_all_callers_are_one_owner_with_the_whole_queue(settings: Settings) -> None:
    client = Client(Application(with_limits(settings, waiting=3, waiting_each=1)))
    answers = [client.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "json"}) for _ in range(4)]
    assert ["jobId" in answer.get_json() for answer in answers] == [True, True, True, False]
    assert answers[-1].get_json()["error"]["code"] == 503
