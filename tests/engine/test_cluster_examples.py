# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples of the guide for batch systems: their syntax, and their commands as a task of an array runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.steps import begin
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.unit.rasters import random_pixels, write_raster

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
VARIABLES = {
    "Slurm": "SLURM_ARRAY_TASK_ID",
    "Kubernetes": "JOB_COMPLETION_INDEX",
    "AWS Batch": "AWS_BATCH_JOB_ARRAY_INDEX",
}


def example(system: str) -> str:
    """Returns the first block of code of a section."""
    section = GUIDE.split(f"### {system}\n")[1]
    return section.split("```")[1].partition("\n")[2]


def command_of(system: str) -> str:
    """Returns the command that a task of the array runs."""
    text = example(system)
    if system == "Kubernetes":
        yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
        job = yaml.safe_load(text)
        assert (job["kind"], job["spec"]["completionMode"]) == ("Job", "Indexed")
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["sh", "-c"]
        (command,) = container["args"]
        assert f"--of {job['spec']['completions']}" in command
        return str(command)
    assert subprocess.run(["bash", "-n"], input=text, text=True).returncode == 0
    if system == "Slurm":
        return re.findall(r"'([^']*--part[^']*)'", text)[0]
    (overrides,) = re.findall(r"--container-overrides '(.*)'", text, re.DOTALL)
    shell, option, command = json.loads(overrides)["command"]
    assert (shell, option) == ("sh", "-c")
    return str(command)


@pytest.mark.parametrize("system", VARIABLES)
def test_the_command_of_an_array_makes_its_part(system: str, tmp_path: Path) -> None:
    model = class_definition(
        pooling_network(tmp_path / "network.onnx"), 2, [4, 5], 64, ClassifyPixels={"Stride": 4, "Halo": 12}
    )
    scene = GdalInput(str(write_raster(tmp_path / "scene.tif", random_pixels(2, 200, 100))))
    environment = Environment(cache=tmp_path / "cache", workers=1)
    request = ClassificationRequest(
        scene, ModelReference(document=model), tmp_path / "map.tif", environment=environment
    )
    place = tmp_path / "job"
    job = begin(request, place, SilentProgress(), StripSize(40, 100))
    assert len(job.strips) > 2
    command = re.sub(
        r"\S*scripts/cluster work \S+", f"{sys.executable} scripts/cluster work {place}", command_of(system)
    )
    given = {**os.environ, VARIABLES[system]: "1", "CLASSIFY_PIXELS_CACHE": str(tmp_path / "other cache")}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=given, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in place.glob("*.strip.json")] == ["000001.strip.json"]
