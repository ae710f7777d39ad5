# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens, describes and runs models, one after the other, in a process that may crash.

Arguments are a raster, a folder for results, the cache, and the models. One line of JSON is printed before each
model and one after it, so that whoever reads them knows which model a crash is due to.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time
import warnings
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
from classify_pixels.inference.memory import resident  # noqa: E402
from classify_pixels.inference.model import ModelReference, open_model  # noqa: E402
from classify_pixels.inference.model_description import describe_model  # noqa: E402
from classify_pixels.inference.raster import GdalInput  # noqa: E402

# Networks may print; what they print goes elsewhere.
ANSWERS = os.dup(1)
os.dup2(2, 1)

CLEAR_REFS, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def main(raster: Path, results: Path, cache: Path, models: list[Path]) -> None:
    """Tries the models; the first ones are good, and what the process takes after them is the runtimes' own."""
    say({"begins": ""})
    own = 0
    for model in models:
        say({"begins": str(model)})
        own = own or (resident() or 0 if model.parent.name.startswith("bad") else 0)
        forget_peak()
        started = time.monotonic()
        end, text = trial(model, raster, results / f"{model.parent.name}.tif", cache)
        seconds = time.monotonic() - started
        say({"ends": str(model), "end": end, "text": text[:500], "length": len(text), "seconds": seconds, "bytes": peak() - own})


def trial(model: Path, raster: Path, output: Path, cache: Path) -> tuple[str, str]:
    """Returns how a model ends: "ran", the name of an error and its sentence, or "crash" and what was raised."""
    reference = ModelReference(path=model)
    try:
        open_model(reference, cache)
        description = describe_model(reference, cache, processor="CPU")
        for told in (html_of(description), text_of(description), json.dumps(json_of(description))):
            told.encode("utf-8", "replace")
        environment = Environment(processor="CPU", cache=cache)
        classify_pixels(
            ClassificationRequest(GdalInput(str(raster)), reference, output, environment=environment), SilentProgress()
        )
    except ClassifyPixelsError as error:
        return type(error).__name__, str(error)
    except BaseException as error:  # noqa: B036  (whatever else is raised is what is looked for)
        trace, places = error.__traceback__, []
        while trace is not None:
            places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        return "crash", f"{type(error).__name__}: {error!s:.300} at {' '.join(places[-5:])}"
    return "ran", ""


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
    given = [Path(argument) for argument in sys.argv[1:]]
    main(given[0], given[1], given[2], given[3:])
