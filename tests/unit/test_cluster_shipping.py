# SPDX-License-Identifier: GPL-2.0-or-later
"""The code that workers of a scheduler get."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from classify_pixels.inference.cluster.shipping import code_plugin

PACKAGE = "sent_package"
WORKER = f"{PACKAGE}.inference.cluster.dask_worker"


@pytest.mark.parametrize("is_imported", [True, False], ids=["imported", "being imported"])
def test_other_code_takes_the_place_of_loaded_code(
    is_imported: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task of the other code may be importing it in that moment, so that its module lacks functions."""
    pytest.importorskip("distributed", reason="the package distributed is not installed")
    package, module = ModuleType(PACKAGE), ModuleType(WORKER)
    package.__file__ = str(tmp_path / "older" / PACKAGE / "__init__.py")
    released: list[bool] = []
    if is_imported:
        monkeypatch.setattr(module, "release", lambda: released.append(True), raising=False)
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    monkeypatch.setitem(sys.modules, WORKER, module)
    monkeypatch.setattr(sys, "path", [*sys.path])
    plugin = code_plugin()
    plugin.package = PACKAGE
    plugin.setup(SimpleNamespace(local_directory=str(tmp_path)))
    assert bool(released) == is_imported
    assert not {PACKAGE, WORKER} & {*sys.modules}
    assert sys.path[0] == str(tmp_path / plugin.name)
