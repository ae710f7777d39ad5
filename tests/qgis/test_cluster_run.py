# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm on a Dask scheduler that the options or the environment name."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProcessingException, QgsSettings

from ..servers.dask_cluster import Cluster, started
from .log import Log
from .scenes import Scene, assert_is_map_of

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = importlib.util.find_spec("distributed") is not None
with_dask = pytest.mark.skipif(not INSTALLED, reason="the package distributed is not installed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster"), 1) as made:
        yield made


@pytest.fixture(autouse=True)
def settings(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[QgsSettings]:
    for name in ("SCHEDULER", "STRIPS"):
        monkeypatch.delenv(f"CLASSIFY_PIXELS_{name}", raising=False)
    settings = QgsSettings()
    settings.remove("classify_pixels")
    yield settings
    settings.remove("classify_pixels")


@with_dask
@pytest.mark.parametrize("named", ["options", "environment", "file"])
def test_the_algorithm_runs_on_the_workers(
    named: str, run: Any, scene: Scene, cluster: Cluster, settings: QgsSettings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    once, output = tmp_path / "once.tif", tmp_path / "map.tif"
    run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(once))
    (tmp_path / "strips").mkdir()
    if named == "options":
        from classify_pixels.ui.options.options_cluster import ClusterBox

        box = ClusterBox()
        box.scheduler.setText(f" {cluster.address} ")
        box.strips.setText(str(tmp_path / "strips"))
        box.apply()
    else:
        settings.setValue("classify_pixels/scheduler", "tcp://127.0.0.1:9")
        file = tmp_path / "scheduler.json"
        file.write_text(json.dumps({"type": "Scheduler", "address": cluster.address}))
        monkeypatch.setenv("CLASSIFY_PIXELS_SCHEDULER", str(file) if named == "file" else cluster.address)
        monkeypatch.setenv("CLASSIFY_PIXELS_STRIPS", str(tmp_path / "strips"))
    log = Log()
    results = run(log, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(output))
    assert results["OUTPUT"] == str(output)
    assert_is_map_of(output, scene)
    for suffix in ("", ".aux.xml"):
        assert Path(f"{output}{suffix}").read_bytes() == Path(f"{once}{suffix}").read_bytes()
    (line,) = [line for line in log.lines if cluster.address in line]
    assert str(tmp_path / "strips") in line
    assert [*(tmp_path / "strips").iterdir()] == []


@with_dask
def test_each_raster_of_a_folder_runs_on_the_workers(
    run: Any, scene: Scene, cluster: Cluster, settings: QgsSettings, tmp_path: Path
) -> None:
    settings.setValue("classify_pixels/scheduler", cluster.address)
    (tmp_path / "rasters").mkdir()
    for name in ("a.tif", "b.tif"):
        (tmp_path / "rasters" / name).write_bytes(scene.raster.read_bytes())
    given = {"INPUT": str(tmp_path / "rasters"), "PROCESS_ALL_RASTER_ITEMS": True}
    run(MODEL=str(scene.model), OUTPUT=str(tmp_path / "maps"), **given)
    for name in ("a.tif", "b.tif"):
        assert_is_map_of(tmp_path / "maps" / name, scene)


@with_dask
def test_a_raster_in_memory_is_refused(
    run: Any, scene: Scene, cluster: Cluster, settings: QgsSettings, tmp_path: Path
) -> None:
    from osgeo import gdal

    settings.setValue("classify_pixels/scheduler", cluster.address)
    gdal.Translate("/vsimem/scene.tif", str(scene.raster))
    with pytest.raises(QgsProcessingException, match="exists only in this program"):
        run(INPUT="/vsimem/scene.tif", MODEL=str(scene.model), OUTPUT=str(tmp_path / "map.tif"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("map", ".map"))] == []


@pytest.mark.parametrize(
    ("scheduler", "words"),
    [("tcp://10.0.0.1:8786", "TLS"), ("http://127.0.0.1:1", "not a Dask scheduler"), ("/absent.json", "absent.json")],
)
def test_addresses_that_are_wrong_or_not_safe_end_the_run(
    scheduler: str, words: str, run: Any, scene: Scene, settings: QgsSettings, tmp_path: Path
) -> None:
    settings.setValue("classify_pixels/scheduler", scheduler)
    with pytest.raises(QgsProcessingException, match=re.escape(words)):
        run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "map.tif"))


def test_without_the_package_a_sentence_names_the_command(
    run: Any, scene: Scene, settings: QgsSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    settings.setValue("classify_pixels/scheduler", "tcp://127.0.0.1:8786")
    with pytest.raises(QgsProcessingException, match="-m pip install distributed"):
        run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "map.tif"))


def test_a_single_machine_loads_nothing_of_it(scene: Scene, tmp_path: Path) -> None:
    code = (
        "import sys, tests.conftest; from pathlib import Path; from tests.runs import classify; "
        f"classify(Path({str(scene.raster)!r}), {str(scene.model)!r}, Path({str(tmp_path / 'map.tif')!r})); "
        "print([name for name in sys.modules if 'cluster' in name or name in ('dask', 'distributed')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env={**os.environ})
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@with_dask
def test_a_local_cluster_for_a_try(run: Any, scene: Scene, settings: QgsSettings, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "cluster"), "local", "-n", "1", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path)
    try:
        line = process.stdout.readline().strip()  # type: ignore[union-attr]
        name, _, address = line.partition("=")
        assert name == "CLASSIFY_PIXELS_SCHEDULER"
        settings.setValue("classify_pixels/scheduler", address)
        run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "map.tif"))
        assert_is_map_of(tmp_path / "map.tif", scene)
    finally:
        process.terminate()
        process.communicate(timeout=300)
