# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the checkout importable as the plugin's package, whatever its folder is called."""

from __future__ import annotations

import gc
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No deadline: the machines that run the tests differ in speed. In CI every run draws the same examples.
settings.register_profile("tests", deadline=None, max_examples=60, derandomize="CI" in os.environ)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """TorchScript is deprecated in favour of formats that cannot yet be exchanged as widely."""
    config.addinivalue_line("filterwarnings", "ignore:.torch.jit:DeprecationWarning")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spares the collector of garbage the thousands of objects that the tests themselves are, which stay to the end."""
    gc.collect()
    gc.freeze()


# Far more than any test needs: it ends one that hangs, and says nothing of how fast anything is.
WATCHDOG_SECONDS = 900


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Ends a test that hangs: what cannot be ended is tested by networks and files that never return."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"{item.nodeid} took more than {WATCHDOG_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(WATCHDOG_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


ROOT = Path(__file__).resolve().parents[1]
NAME = "classify_pixels"

if NAME not in sys.modules:
    spec = importlib.util.spec_from_file_location(NAME, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_disk() -> Iterator[None]:
    """Replaces fsync: no test cuts the power, and thousands of small files would wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        yield


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample scene and its models."""
    return ROOT / "resources" / "sample"


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published models, scenes and their authors' results; tests skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the reference data (../shared/data) is not on this machine")
    return folder


@pytest.fixture(params=[True, False], ids=["exceptions", "error codes"])
def gdal_mode(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Both of GDAL's ways to report a failure: any plugin may choose one for the whole process."""
    from osgeo import gdal, ogr, osr

    modules = (gdal, ogr, osr)
    before = [module for module in modules if module.GetUseExceptions()]

    def choose(raising: Sequence[Any]) -> None:
        # GDAL keeps its handlers on a stack.
        for module in reversed(modules):
            module.DontUseExceptions()
        for module in raising:
            module.UseExceptions()

    choose(modules if request.param else ())
    yield request.param
    choose(before)
