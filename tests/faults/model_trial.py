# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens, describes and runs models, one after the other, in a process that may crash.

Arguments are the bytes that may be taken beyond the runtimes' own, a raster, a folder for results, the cache, and the
models. One line of JSON is printed before each
model and one after it, so that whoever reads them knows which model a crash is due to.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tests.conftest  # noqa: E402, F401  (makes the checkout importable)
from classify_pixels.inference import (  # noqa: E402
    ClassificationRequest,
    ClassifyPixelsError,
    Environment,
    SilentProgress,
    classify_pixels,
)
from classify_pixels.inference.description import html_of, json_of, text_of  # noqa: E402
from classify_pixels.inference.description.model_description import describe_model  # noqa: E402
from classify_pixels.inference.memory import resident  # noqa: E402
from classify_pixels.inference.model import ModelReference  # noqa: E402
from classify_pixels.inference.raster import GdalInput  # noqa: E402

# Networks may print; what they print goes elsewhere.
ANSWERS = os.dup(1)
os.dup2(2, 1)

CLEAR_REFS, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


# Folders of models that run; what the process takes after them is the runtimes' own.
GOOD = "good"


def main(limit: int, raster: Path, results: Path, cache: Path, models: list[Path]) -> None:
    """Tries the models, of which the first ones are good."""
    own = 0
    for model in models:
        say({"begins": str(model)})
        if not own and not model.parent.name.startswith(GOOD):
            own = resident() or 0
            may_take(limit)
        forget_peak()
        reference, output = ModelReference(path=model), results / f"{os.getpid()}-{model.parent.name}.tif"
        started = time.monotonic()
        end = ended(describe, reference, cache)
        middle = time.monotonic()
        if not end:
            end = ended(classify, reference, cache, raster, output)
        seconds = max(middle - started, time.monotonic() - middle)
        name, text = end or ("ran", "")
        told = {"end": name, "text": text[:500], "length": len(text), "seconds": seconds, "bytes": peak() - own}
        say({"ends": str(model), **told})


def describe(reference: ModelReference, cache: Path) -> None:
    """Opens a model and tells what it is, in every form."""
    description = describe_model(reference, cache, processor="CPU")
    for text in (html_of(description), text_of(description), json.dumps(json_of(description))):
        text.encode()


def classify(reference: ModelReference, cache: Path, raster: Path, output: Path) -> None:
    """Runs a model."""
    environment = Environment(processor="CPU", cache=cache)
    request = ClassificationRequest(GdalInput(str(raster)), reference, output, environment=environment)
    classify_pixels(request, SilentProgress())


def ended(step: Callable[..., None], *values: Any) -> tuple[str, str] | None:
    """Returns the name of an error and its sentence, "crash" and whatever else was raised, None where nothing was."""
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
    """Lets the process grow by so many bytes, where the system can count them."""
    if STATUS.exists():
        import resource

        size = next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmSize:"))
        resource.setrlimit(resource.RLIMIT_AS, (size * 1024 + limit,) * 2)


def say(message: dict[str, Any]) -> None:
    """Writes a line that is read at once."""
    os.write(ANSWERS, json.dumps(message).encode() + b"\n")


def forget_peak() -> None:
    """Lets the peak of the process's memory begin anew, where the system can do that."""
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5")


def peak() -> int:
    """Returns the most bytes that the process took since then, 0 where the system does not tell."""
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    faulthandler.enable()
    warnings.simplefilter("ignore")
    given = [Path(argument) for argument in sys.argv[2:]]
    main(int(sys.argv[1]), given[0], given[1], given[2], given[3:])
