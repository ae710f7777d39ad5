# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens, describes and runs models, one after the other, in a process that may crash.

Arguments are the bytes allowed beyond the runtimes' own, a raster, a folder for results, the cache, and the
models. One line of JSON is printed before each
model and one after it, so that a crash is attributed to its model.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tests.conftest  # noqa: E402, F401  (makes the checkout importable)
from classify_pixels.inference import ClassifyPixelsError, SilentProgress
from classify_pixels.inference.describe import html_of, json_of, text_of  # noqa: E402
from classify_pixels.inference.describe.model_description import describe_model  # noqa: E402
from classify_pixels.inference.models import ModelReference  # noqa: E402
from classify_pixels.inference.network.memory import resident  # noqa: E402
from classify_pixels.inference.raster import GdalInput  # noqa: E402
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.runtimes.worker.frames import MEMORY  # noqa: E402
from classify_pixels.inference.runtimes.worker.process import SERVER  # noqa: E402

# Networks may print; their output is redirected.
ANSWERS = os.dup(1)
os.dup2(2, 1)

CLEAR_REFS, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")

# Elements that descriptions never contain.
FOREIGN_MARKUP = {"<script", "<img", "<a", "<b"}

# Audit events of created or changed files, and the index of their name.
CHANGES = {
    "open": 0, "os.mkdir": 0, "os.truncate": 0, "os.chmod": 0, "os.utime": 0,
    "os.rename": 1, "os.link": 1, "os.symlink": 1,
}  # fmt: skip

# Never needed by a model: other programs, and the network.
NEVER = {
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile", "socket.connect",
    "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request",
}  # fmt: skip
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Folders of models that run; memory after them is that of the runtimes.
GOOD = "good"


def main(limit: int, raster: Path, results: Path, cache: Path, models: list[Path]) -> None:
    """Tries the models, of which the first ones are good."""
    own, trespasses = 0, watched(results, cache, Path(tempfile.gettempdir()))
    for model in models:
        say({"begins": str(model)})
        if not own and not model.parent.name.startswith(GOOD):
            own = resident() or 0
            may_take(limit)
        forget_peak()
        trespasses.clear()
        reference, output = ModelReference(path=model), results / f"{os.getpid()}-{model.parent.name}.tif"
        started = time.process_time()
        end = ended(describe, reference, cache)
        middle = time.process_time()
        if not end:
            end = ended(classify, reference, cache, raster, output)
        seconds = max(middle - started, time.process_time() - middle)
        name, text = end or ("ran", "")
        told = {"end": name, "text": text[:500], "length": len(text), "seconds": seconds, "bytes": peak() - own}
        say({"ends": str(model), **told, "trespasses": trespasses[:5]})


def watched(*places: Path) -> list[str]:
    """Returns a list that collects Python's actions outside these folders: writes, program starts, connections."""
    trespasses: list[str] = []

    def look(event: str, values: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and str(SERVER) in map(str, values[1]):
            # Our worker, which reads the formats of OpenVINO; the listing of the folders holds for it, too.
            return
        if event in NEVER:
            trespasses.append(f"{event} {values!s:.200}")
        elif event in CHANGES and (event != "open" or (values[2] or 0) & TO_WRITE):
            name = values[CHANGES[event]]
            # A number is an open file, reported when it was opened.
            if not isinstance(name, int) and not _lies_in(places, Path(os.path.abspath(os.fsdecode(name)))):
                trespasses.append(f"{event} {name!r:.200}")

    sys.addaudithook(look)
    return trespasses


def _lies_in(places: tuple[Path, ...], path: Path) -> bool:
    frames = str(path).startswith(str(MEMORY / "classify_pixels_"))
    return frames or path == Path(os.devnull) or any(place in (path, *path.parents) for place in places)


def describe(reference: ModelReference, cache: Path) -> None:
    """Opens a model and describes it, in every form."""
    description = describe_model(reference, cache, processor="CPU")
    page = html_of(description)
    for text in (page, text_of(description), json.dumps(json_of(description))):
        text.encode()
    assert not FOREIGN_MARKUP & set(re.findall(r"<\w+", page.lower())), page[:2000]


def classify(reference: ModelReference, cache: Path, raster: Path, output: Path) -> None:
    """Runs a model."""
    environment = Environment(processor="CPU", cache=cache)
    request = ClassificationRequest(GdalInput(str(raster)), reference, output, environment=environment)
    classify_pixels(request, SilentProgress())


def ended(step: Callable[..., None], *values: Any) -> tuple[str, str] | None:
    """Returns the name of an error and its sentence, "crash" and any other exception, None if nothing was raised."""
    try:
        step(*values)
    except ClassifyPixelsError as error:
        return type(error).__name__, str(error)
    except BaseException as error:  # noqa: B036  (this is what is looked for)
        last = traceback.extract_tb(error.__traceback__)[-5:]
        places = " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last)
        return "crash", f"{type(error).__name__}: {error!s:.300} at {places}"
    return None


def may_take(limit: int) -> None:
    """Limits the growth of the process, if the system can count it."""
    if STATUS.exists():
        import resource

        size = next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmSize:"))
        resource.setrlimit(resource.RLIMIT_AS, (size * 1024 + limit,) * 2)


def say(message: dict[str, Any]) -> None:
    """Writes a line that is read at once."""
    os.write(ANSWERS, json.dumps(message).encode() + b"\n")


def forget_peak() -> None:
    """Resets the peak of the process's memory, if the system can do that."""
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5")


def peak() -> int:
    """Returns the peak bytes of the process since then, 0 if unknown."""
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    faulthandler.enable()
    warnings.simplefilter("ignore")
    given = [Path(argument) for argument in sys.argv[2:]]
    main(int(sys.argv[1]), given[0], given[1], given[2], given[3:])
