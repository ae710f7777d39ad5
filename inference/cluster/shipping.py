# SPDX-License-Identifier: GPL-2.0-or-later
"""Transfer of our code to the workers of a scheduler.

The scheduler unpickles tasks, so nothing in them may name our modules: functions are pickled by value, as if they
came from the main program (github.com/dask/distributed, issues 7797 and 8304).
"""

from __future__ import annotations

import builtins
import hashlib
import io
import zipfile
from pathlib import Path
from types import FunctionType
from typing import Any, Callable

PACKAGE = __name__.partition(".inference.")[0]
ROOT = Path(__file__).resolve().parents[2]

# All archives of the same code are the same.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def call_by_value() -> Callable[[str, str, int], int]:
    """Returns a function of package, task and index that a scheduler without our code can unpickle."""

    def call(package: str, task: str, index: int) -> int:
        from importlib import import_module

        return int(import_module(f"{package}.inference.cluster.dask_worker").make_strip(task, index))

    sent: Callable[[str, str, int], int] = _of_main(call)
    return sent


def release_by_value() -> Callable[[str], None]:
    """Returns a function of the package that closes what an idle worker has open."""

    def release(package: str) -> None:
        import sys

        # A module that another thread is still importing has nothing open, and not yet the function.
        module = sys.modules.get(f"{package}.inference.cluster.dask_worker")
        close = getattr(module, "release_if_idle", None)
        if close is not None:
            close()

    sent: Callable[[str], None] = _of_main(release)
    return sent


def code_plugin() -> Any:
    """Returns the plugin by which every worker, also one that joins later, gets the code of this program."""
    from distributed.diagnostics.plugin import WorkerPlugin

    def setup(self: Any, worker: Any) -> None:
        import io
        import os
        import sys
        import zipfile

        loaded = sys.modules.get(self.package)
        if loaded is not None and os.path.dirname(os.path.abspath(loaded.__file__ or "")) == self.source:
            return  # a worker in the process of the driver, or beside its files
        folder = os.path.join(worker.local_directory, self.name)
        if not os.path.isdir(folder):
            zipfile.ZipFile(io.BytesIO(self.archive)).extractall(folder)
        if loaded is not None and not os.path.abspath(loaded.__file__ or "").startswith(folder):
            # As above: another thread may still be importing the module.
            module = sys.modules.get(f"{self.package}.inference.cluster.dask_worker")
            release = getattr(module, "release", None)
            if release is not None:
                release()
            for name in [*sys.modules]:
                if name == self.package or name.startswith(f"{self.package}."):
                    del sys.modules[name]
        # Another version of the code may have come meanwhile.
        sys.path[:] = [folder, *(path for path in sys.path if path != folder)]

    archive = code_archive()
    name = f"{PACKAGE}-{hashlib.sha256(archive).hexdigest()[:16]}"
    content = {"name": name, "package": PACKAGE, "archive": archive, "source": str(ROOT), "setup": _of_main(setup)}
    kind = type("ClassifyPixelsCode", (WorkerPlugin,), {**content, "__module__": "__main__"})
    return kind()


def code_archive() -> bytes:
    """Returns a zip of what workers run: the inference, and what its version is read from."""
    files = [ROOT / "__init__.py", ROOT / "metadata.txt", *sorted((ROOT / "inference").rglob("*.py"))]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{PACKAGE}/{path.relative_to(ROOT).as_posix()}", LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return content.getvalue()


def _of_main(function: Any) -> Any:
    """Returns the same function as one of the main program that knows no module: cloudpickle sends it by value."""
    known = {"__builtins__": builtins, "__name__": "__main__"}
    sent = FunctionType(function.__code__, known, function.__name__)
    sent.__module__, sent.__qualname__ = "__main__", function.__name__
    return sent
