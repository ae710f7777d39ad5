# SPDX-License-Identifier: GPL-2.0-or-later
"""Stored jobs, their history, and their promised files."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.ui.panel.job import (
    FIRST_MESSAGES,
    LAST_MESSAGES,
    Job,
    JobMessage,
    JobRequest,
    JobState,
    read_job,
    write_job,
)
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_output import choose_folder, choose_output

from .command import ROOT

REQUEST = JobRequest("/data/scene.tif", "gdal", "Scene", "/models/m.emd", "/data/scene_m.tif")

numbers = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.lists(st.tuples(numbers, numbers), max_size=2).map(tuple)
requests = st.builds(
    JobRequest,
    *[st.text()] * 6,
    extent=st.none() | st.fixed_dictionaries({"xmin": numbers, "spatialReference": st.just({"wkt": "é"})}),
    cell_size=st.none() | numbers,
    no_data=st.dictionaries(st.integers(1, 9), ranges, max_size=2),
)
messages = st.lists(st.builds(JobMessage, st.text(), st.sampled_from(["info", "warning", "error"])), max_size=3)
jobs = st.builds(
    Job,
    requests,
    state=st.sampled_from(JobState),
    progress=st.floats(0, 1),
    seconds=st.floats(0, 1e6),
    messages=messages.map(tuple),
)


# --- a job --------------------------------------------------------------------------------------------


@given(jobs)
def test_job_is_read_as_it_was_written(job: Job) -> None:
    assert read_job(write_job(job)) == replace(job, request=job.request.without_secrets())


@pytest.mark.parametrize(
    "source",
    [
        "/vsicurl/https://host/scene.tif?token=s3cr3t",
        "/vsicurl/https://user:s3cr3t@host/scene.tif",
        "type=xyz&url=https%3A%2F%2Fhost%2F%7Bz%7D%3Fapikey%3Ds3cr3t&username=u&password=s3cr3t",
        "url='https://host/ImageServer' token='s3cr3t'",
    ],
)
def test_no_secret_of_an_address_is_written(source: str) -> None:
    job = Job(replace(REQUEST, source=source))
    text = write_job(job)
    assert "s3cr3t" not in text
    assert not read_job(text).request.is_whole
    assert job.request.is_whole, "the job of this QGIS can be run again"


def test_jobs_of_earlier_versions_lose_their_secrets(tmp_path: Path) -> None:
    job = Job(replace(REQUEST, source="/vsicurl/https://host/a.tif?token=s3cr3t"), state=JobState.FAILED)
    document = {**json.loads(write_job(job)), "request": {**json.loads(write_job(job))["request"]}}
    document["request"] |= {"source": job.request.source}
    del document["request"]["is_whole"]
    file = tmp_path / f"{job.id}.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    [read] = JobHistory(tmp_path).load()
    assert read.request.source == job.request.source
    assert "s3cr3t" not in file.read_text(encoding="utf-8")


def test_what_is_only_known_during_the_run_is_not_written() -> None:
    job = Job(REQUEST)
    assert write_job(replace(job, left=3.0, text="fast")) == write_job(job)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"request": 1}', "[" * 10_000])
def test_text_that_is_no_job_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_job(text)


@pytest.mark.parametrize(
    ("key", "value"),
    [("state", "esriJobDreaming"), ("messages", 3), ("messages", ["text"]), ("id", 5), ("progress", "half")],
)
def test_job_with_a_wrong_value_is_refused(key: str, value: object) -> None:
    document = {**json.loads(write_job(Job(REQUEST))), key: value}
    with pytest.raises(ValueError, match=r"."):
        read_job(json.dumps(document))


def test_many_messages_keep_their_beginning_and_end() -> None:
    job = Job(REQUEST)
    for number in range(500):
        job = job.told(JobMessage(str(number)))
    kept = [int(message.text) for message in job.messages]
    assert kept == [*range(FIRST_MESSAGES), *range(500 - LAST_MESSAGES, 500)]


def test_states_are_called_as_in_the_operation() -> None:
    assert [state.value for state in JobState if state.value.startswith("esriJob")] == [
        "esriJobSubmitted",
        "esriJobExecuting",
        "esriJobCancelling",
        "esriJobSucceeded",
        "esriJobFailed",
        "esriJobCancelled",
    ]


# --- the history --------------------------------------------------------------------------------------


def job_of(state: JobState, created: float = 0.0) -> Job:
    return Job(REQUEST, state=state, created=created or time.time())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "jobs"


def test_history_gives_the_jobs_back_in_their_order(folder: Path) -> None:
    saved = [job_of(JobState.SUCCEEDED, 30), job_of(JobState.FAILED, 10), job_of(JobState.CANCELLED, 20)]
    history = JobHistory(folder)
    for job in saved:
        history.save(job)
    assert JobHistory(folder).load() == sorted(saved, key=lambda job: job.created)
    assert history.problems == []


def test_saving_again_replaces_and_leaves_no_other_file(folder: Path) -> None:
    history, job = JobHistory(folder), job_of(JobState.SUBMITTED)
    history.save(job)
    history.save(replace(job, state=JobState.SUCCEEDED))
    assert [path.name for path in folder.iterdir()] == [f"{job.id}.json"]


def test_forgotten_job_is_gone(folder: Path) -> None:
    history, job = JobHistory(folder), job_of(JobState.FAILED)
    history.save(job)
    history.forget(job)
    assert list(folder.iterdir()) == []
    history.forget(job)
    assert history.problems == []


def test_empty_profile_has_no_jobs(folder: Path) -> None:
    assert JobHistory(folder).load() == []
    assert not folder.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[1]", b'{"version": 1}'])
def test_damaged_file_is_told_and_left_alone_and_the_others_are_read(folder: Path, content: bytes) -> None:
    history, job = JobHistory(folder), job_of(JobState.SUCCEEDED)
    history.save(job)
    damaged = folder / f"{'0' * 32}.json"
    damaged.write_bytes(content)
    later = JobHistory(folder)
    assert later.load() == [job]
    assert [problem.file for problem in later.problems] == [damaged]
    assert damaged.read_bytes() == content


def test_file_whose_id_is_another_is_not_taken(folder: Path) -> None:
    """Its name would lead out of the folder when the job is saved again."""
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(write_job(replace(job_of(JobState.FAILED), id="../../x")), encoding="utf-8")
    history = JobHistory(folder)
    assert history.load() == []
    assert len(history.problems) == 1


def test_oldest_jobs_that_are_over_go_first(folder: Path) -> None:
    history = JobHistory(folder, most=3)
    waiting = job_of(JobState.SUBMITTED, 1)
    saved = [waiting, *(job_of(JobState.SUCCEEDED, created) for created in range(2, 7))]
    for job in saved:
        history.save(job)
    kept = JobHistory(folder, most=3).load()
    assert kept == [waiting, *saved[-2:]]
    assert len(list(folder.glob("*.json"))) == 3


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file", encoding="utf-8")
    history = JobHistory(tmp_path / "jobs")
    history.save(job_of(JobState.SUBMITTED))
    assert len(history.problems) == 1


@pytest.fixture
def other_process(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process with a running job, as a second window of QGIS."""
    (tmp_path / "classify_pixels").symlink_to(ROOT, target_is_directory=True)
    code = (
        "import sys; from pathlib import Path; from classify_pixels.ui.panel.job import *; "
        "from classify_pixels.ui.panel.job_history import JobHistory; history = JobHistory(Path(sys.argv[1])); "
        "history.save(Job(JobRequest(*'abcde'), state=JobState.EXECUTING)); print('saved', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    yield process
    process.kill()
    process.wait(120)


def test_job_of_a_qgis_that_was_killed_is_interrupted(folder: Path, other_process: subprocess.Popen[str]) -> None:
    assert other_process.stdout.readline() == "saved\n"
    [running] = JobHistory(folder).load()
    assert running.state is JobState.EXECUTING
    other_process.kill()
    other_process.wait(120)
    [interrupted] = JobHistory(folder).load()
    assert interrupted == replace(running, state=JobState.INTERRUPTED)


# --- the result's place -------------------------------------------------------------------------------


def test_folder_is_the_users_else_the_first_that_can_be_written_to(tmp_path: Path) -> None:
    assert choose_folder(" /chosen ", [str(tmp_path)]) == Path("/chosen")
    assert choose_folder("", [None, str(tmp_path / "gone"), str(tmp_path), "/"]) == tmp_path
    assert choose_folder("", [None, "/gone", "/gone too"]) == Path("/gone too")


def test_output_never_hits_a_file_or_the_output_of_another_job(tmp_path: Path) -> None:
    first = choose_output(tmp_path, "Scene", "/m/model.dlpk", ())
    assert first == tmp_path / "Scene_model.tif"
    first.touch()
    second = choose_output(tmp_path, "Scene", "/m/model.dlpk", ())
    third = choose_output(tmp_path, "Scene", "/m/model.dlpk", {str(second)})
    assert [second.name, third.name] == ["Scene_model_2.tif", "Scene_model_3.tif"]


@given(st.text(), st.text())
def test_output_lies_in_its_folder_whatever_the_layer_is_called(raster: str, model: str) -> None:
    output = choose_output(Path("/nowhere"), raster, model, ())
    assert output.parent == Path("/nowhere")
    assert output.suffix == ".tif"
    assert not set(output.name) & set('/\\:*?"<>|\0\n')
    assert len(output.name.encode()) < 200
