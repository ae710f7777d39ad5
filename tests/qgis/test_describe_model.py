# SPDX-License-Identifier: GPL-2.0-or-later
"""Models described through Processing, in QGIS and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from .command import Finished, needs_qgis_process, qgis_process, words
from .scenes import VALUES, Scene, snapshot, write_definition

DESCRIBE = "deeplearning:describemodel"


class Log(QgsProcessingFeedback):
    """Keeps the log of an algorithm."""

    def __init__(self) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.warnings: list[str] = []

    def pushInfo(self, info: str) -> None:
        """Keeps a sentence."""
        self.lines.append(info)

    def pushWarning(self, warning: str) -> None:
        """Keeps a warning."""
        self.warnings.append(warning)


@pytest.fixture
def run(plugin: Any) -> Any:
    """Describes a model and returns the outputs."""
    import processing

    def describe(log: QgsProcessingFeedback | None = None, **parameters: Any) -> dict[str, Any]:
        return processing.run(DESCRIBE, parameters, feedback=log or Log())

    return describe


def test_a_model_is_described_in_the_log_in_a_page_and_as_json(run: Any, scene: Scene, tmp_path: Path) -> None:
    log, page = Log(), tmp_path / "model.html"
    results = run(log, MODEL=str(scene.model), OUTPUT_HTML=str(page))
    document = json.loads(results["JSON"])
    assert [c["value"] for c in document["classes"]] == list(VALUES)
    assert (results["RUNS"], results["BAND_COUNT"], results["CLASS_COUNT"]) == (True, 2, 3)
    assert "ONNX Runtime" in results["DEVICE"] or "OpenVINO" in results["DEVICE"]
    assert results["PROBLEM"] == ""
    assert "class 4" in results["TEXT"]
    assert set(results["TEXT"].splitlines()) <= set(log.lines)
    assert results["OUTPUT_HTML"] == str(page)
    text = page.read_text(encoding="utf-8")
    assert "class 4" in text
    assert "background-color:#04fb28" in text


def test_what_the_definition_does_not_say_is_found(run: Any, scene: Scene) -> None:
    document = json.loads(run(MODEL=str(scene.model))["JSON"])
    assert document["stride"] == {"pixels": 1, "origin": "probed", "reason": document["stride"]["reason"]}
    assert document["halo"]["origin"] == "probed"


@pytest.mark.parametrize("form", ["path", "definition", "json", "uri", "weights"])
def test_forms_of_the_model(form: str, run: Any, scene: Scene) -> None:
    forms = {
        "path": str(scene.model),
        "definition": scene.definition,
        "json": json.dumps(scene.definition),
        "uri": json.dumps({"uri": str(scene.model)}),
        "weights": str(scene.network),
    }
    results = run(MODEL=forms[form])
    assert (results["RUNS"], results["CLASS_COUNT"]) == (True, 3)


def test_a_temporary_page_is_what_the_results_viewer_shows(run: Any, scene: Scene) -> None:
    page = Path(run(MODEL=str(scene.model), OUTPUT_HTML="TEMPORARY_OUTPUT")["OUTPUT_HTML"])
    assert page.suffix == ".html"
    assert "class 4" in page.read_text(encoding="utf-8")


def test_a_model_that_cannot_run_is_described_with_its_problem(run: Any, scene: Scene, tmp_path: Path) -> None:
    model = write_definition(tmp_path / "model.emd", {**scene.definition, "ModelFile": "gone.onnx"})
    results = run(MODEL=str(model))
    assert (results["RUNS"], results["DEVICE"], results["CLASS_COUNT"]) == (False, "", 3)
    assert results["PROBLEM"].startswith("The weights gone.onnx of the model model.emd were not found.")


def test_a_gpu_that_is_not_there_is_the_problem(run: Any, scene: Scene) -> None:
    results = run(MODEL=str(scene.model), PROCESSOR_TYPE="GPU")
    assert results["RUNS"] or "GPU" in results["PROBLEM"]


def test_names_of_a_model_stay_texts_in_the_page(run: Any, scene: Scene, tmp_path: Path) -> None:
    classes = [{**c, "Name": "<script>alert(1)</script>"} for c in scene.definition["Classes"]]
    page = tmp_path / "model.html"
    run(MODEL={**scene.definition, "Classes": classes}, OUTPUT_HTML=str(page))
    assert "<script" not in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").count("&lt;script&gt;") == 3


def test_what_is_no_model_is_an_error_in_a_sentence(run: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.emd").write_text("{", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match=r"broken\.emd cannot be read: it is not JSON"):
        run(MODEL=str(tmp_path / "broken.emd"))
    with pytest.raises(QgsProcessingException, match=r"absent\.emd cannot be read: the file does not exist"):
        run(MODEL=str(tmp_path / "absent.emd"))


def test_a_page_that_cannot_be_written_is_an_error(run: Any, scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException):
        run(MODEL=str(scene.model), OUTPUT_HTML=str(tmp_path))


def test_an_unknown_parameter_is_warned_about(scene: Scene, plugin: Any) -> None:
    log = Log()
    algorithm = QgsApplication.processingRegistry().algorithmById(DESCRIBE)
    _, done = algorithm.run({"MODEL": str(scene.model), "MODLE": "x"}, QgsProcessingContext(), log)
    assert done
    assert log.warnings == ["The parameter MODLE is unknown and has no effect."]


def test_the_caches_are_held_until_the_model_is_described(run: Any, scene: Scene) -> None:
    """Files cleared meanwhile would be missing during the work."""
    from classify_pixels.plugin_support.cache_lease import caches_are_used

    held: list[bool] = []

    class Watching(Log):
        def pushInfo(self, info: str) -> None:
            held.append(caches_are_used())

    run(Watching(), MODEL=str(scene.model))
    # The first is of the probing; the last ones are Processing's, after the end.
    assert held[0]
    assert not caches_are_used()
    with pytest.raises(QgsProcessingException):
        run(MODEL=str(scene.model), PROCESSOR_TYPE="TPU")
    assert not caches_are_used()


def test_nothing_is_written_beside_the_model(run: Any, scene: Scene) -> None:
    before = snapshot(scene.folder)
    run(MODEL=str(scene.model))
    assert snapshot(scene.folder) == before


# --- the command line ---------------------------------------------------------------------------------


def describe(folder: Path, **parameters: Any) -> Finished:
    return qgis_process("--json", "run", DESCRIBE, "--", *words(parameters), folder=folder)


@needs_qgis_process
def test_the_sample_on_the_command_line(sample: Path, tmp_path: Path) -> None:
    results = describe(
        tmp_path, MODEL=str(sample / "landsat7_landcover.dlpk"), OUTPUT_HTML="Modell à la carte.html"
    ).results
    assert (results["RUNS"], results["BAND_COUNT"], results["CLASS_COUNT"]) == (True, 6, 4)
    assert json.loads(results["JSON"])["halo"]["pixels"] == 24
    assert "Dense vegetation" in (tmp_path / "Modell à la carte.html").read_text(encoding="utf-8")


@needs_qgis_process
def test_what_is_missing_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    finished = describe(tmp_path, MODEL="absent.dlpk")
    assert finished.code == 1
    assert "absent.dlpk cannot be read: the file does not exist." in finished.stderr
