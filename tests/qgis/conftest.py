# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS, Processing and the plugin's provider, once for all tests of this folder."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .bad_input import Workshop, open_workshop
from .scenes import Scene, write_scene

try:
    import qgis.core  # noqa: F401
except ImportError:
    HAS_QGIS = False
else:
    HAS_QGIS = True


class ModuleWithoutQgis(pytest.Module):
    """A test module that is skipped as a whole, before its imports fail."""

    def collect(self) -> list[Any]:
        """Skips."""
        pytest.skip("QGIS's Python (qgis.core) is not importable here", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """Replaces the test modules of this folder if QGIS is absent."""
    return None if HAS_QGIS else ModuleWithoutQgis.from_parent(parent, path=module_path)


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The plugin, its provider registered in a QGIS with Processing and a temporary profile."""
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(tmp_path_factory.mktemp("profile"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication, QgsProject

    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
    from processing.core.Processing import Processing

    from classify_pixels import classFactory

    Processing.initialize()
    plugin = classFactory(None)
    plugin.initProcessing()
    yield plugin
    plugin.unload()
    QgsProject.instance().clear()
    # A live GDAL dataset would crash the process when QGIS ends.
    gc.collect()
    application.exitQgis()


def delete_closed_windows() -> None:
    """Deletes widgets as an event loop would: else they follow layers while Python collects what they call."""
    if HAS_QGIS:
        from qgis.PyQt.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens the pauses between repeated requests."""
    from classify_pixels.plugin_support import http

    monkeypatch.setattr(http, "PAUSES", (0.01, 0.02, 0.04))


@pytest.fixture(autouse=True)
def closed_windows() -> Iterator[None]:
    """Nothing remains of the windows that a test has closed."""
    yield
    delete_closed_windows()


@pytest.fixture
def project(plugin: Any) -> Iterator[Any]:
    """The project, emptied after the test."""
    from qgis.core import QgsProject

    yield QgsProject.instance()
    delete_closed_windows()
    QgsProject.instance().clear()


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A small raster, a network for it with known classes, and the definition of the model."""
    return write_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def run(plugin: Any, project: Any) -> Callable[..., dict[str, Any]]:
    """Runs the algorithm as scripts and the Python console do."""
    import processing

    from .command import ALGORITHM
    from .log import Log

    def classify(feedback: Any = None, **parameters: Any) -> dict[str, Any]:
        return processing.run(ALGORITHM, parameters, feedback=feedback or Log())

    return classify


@pytest.fixture
def run_scene(plugin: Any, project: Any, scene: Scene, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Classifies the scene, or another INPUT, with the scene's model into out.tif, as scripts do."""
    import processing
    from qgis.core import QgsProcessingFeedback

    from .command import ALGORITHM

    given = {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif")}

    def classify(**parameters: Any) -> dict[str, Any]:
        return processing.run(ALGORITHM, {**given, **parameters}, feedback=QgsProcessingFeedback(False))

    return classify


@pytest.fixture
def layer(plugin: Any, scene: Scene) -> Any:
    """The scene as a layer without a project."""
    from qgis.core import QgsRasterLayer

    return QgsRasterLayer(str(scene.raster), "scene")


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A fresh folder with a good raster, a good model and an older result; the test runs in it."""
    monkeypatch.chdir(tmp_path)
    return open_workshop(tmp_path)
