# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: is killed in the middle of the panel's jobs, and resumes them when started again.

Started twice by test_killed_desktop.py with `qgis --code`; the environment names the folder for findings.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QPushButton
from qgis.utils import iface

from classify_pixels.inference.run.resume.folder_lock import strips_folder
from classify_pixels.inference.run.resume.strip_store import RECORD
from classify_pixels.tests.qgis.hold import Hold
from classify_pixels.tests.qgis.panel_steps import (
    MODEL,
    SAMPLE,
    add_layer,
    jobs,
    panel,
    play,
    screenshot,
    states,
    wait,
    write_findings,
    write_large,
)

# The row of the large raster where the running job is stopped until it is killed.
ROW = 1500
FINISHED, RUNNING, WAITING, DROPPED = range(4)


def finished_strips() -> int:
    """Returns the number of the running job's strips beside its output."""
    return len(list(strips_folder(Path(jobs()[RUNNING].request.output)).glob(f"*{RECORD}")))


def be_killed() -> dict[str, Any]:
    """Finishes one job, starts three more, and is killed while the first of them runs."""
    panel().setUserVisible(True)
    form = panel().form
    add_layer(SAMPLE / "landsat7_olinda.tif", "Olinda")
    form.models.choose(str(MODEL))
    form.whole_layer.click()
    wait(until=lambda: jobs()[FINISHED].state.over)
    form.raster.setLayer(add_layer(write_large(), "Large"))
    Hold(ROW)
    for _ in range(3):
        form.whole_layer.click()
    wait(until=lambda: finished_strips() and states()[RUNNING] == "esriJobExecuting")
    write_findings({"states": states(), "progress": jobs()[RUNNING].progress})
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def go_on() -> dict[str, Any]:
    """Checks the offered jobs: resumes two and removes one."""
    findings: dict[str, Any] = {"states": states(), "strips": finished_strips()}
    [notice] = [item for item in iface.messageBar().items() if "Interrupted" in item.text()]
    findings["notice"] = notice.text()
    findings["visible_before"] = panel().isVisible()
    screenshot("restarted")
    notice.findChild(QPushButton).click()
    wait(0.5)
    findings["visible"] = panel().isVisible()
    findings["selected"] = states()[[job.id for job in jobs()].index(panel().view.job.id)]
    dropped = jobs()[DROPPED].request.output
    panel().view.select(jobs()[DROPPED].id)
    panel().view.remove.trigger()
    findings["buttons"] = [resume(number) for number in (RUNNING, WAITING)]
    findings["queued"] = states()
    wait(until=lambda: all(job.state.over for job in jobs()))
    wait(0.5)
    screenshot("resumed")
    findings["ended"] = states()
    findings["messages"] = [[message.text for message in job.messages] for job in jobs()]
    findings["layers"] = sorted(Path(layer.source()).name for layer in QgsProject.instance().mapLayers().values())
    findings["outputs"] = [job.request.output for job in jobs()]
    findings["dropped"] = Path(dropped).exists()
    return findings


def resume(number: int) -> str:
    """Presses the button of a job and returns its text."""
    panel().view.select(jobs()[number].id)
    text = panel().view.retry.text()
    panel().view.retry.trigger()
    return text


play(lambda: go_on() if jobs() else be_killed())
