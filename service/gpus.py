# SPDX-License-Identifier: GPL-2.0-or-later
"""The GPUs of this machine, each of which is a slot for one job."""

from __future__ import annotations

import os
import re
import subprocess

from ..inference.phrase import Phrase
from .errors import SettingsError

ALL = "all"
VISIBLE = "CUDA_VISIBLE_DEVICES"
# A number, or the UUID of a GPU or of a part of one.
GPU = re.compile(r"\d{1,4}|(GPU|MIG)-[0-9A-Za-z/-]+")
LIST = ("nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader")
SECONDS_TO_LIST = 60.0


def read_gpus(text: str) -> tuple[str, ...]:
    """Returns the GPUs that a list such as `0,1` names, or all that this process sees; raises a SettingsError."""
    named = _visible() if text.strip().lower() == ALL else text
    gpus = tuple(part.strip() for part in named.split(",") if part.strip())
    if not gpus:
        raise SettingsError(file=f"--gpus {text}", reason=Phrase("there is no GPU"))
    for gpu in gpus:
        if not GPU.fullmatch(gpu):
            reason = Phrase("{gpu} is neither the number nor the UUID of a GPU", {"gpu": gpu})
            raise SettingsError(file=f"--gpus {text}", reason=reason)
        if gpus.count(gpu) > 1:
            raise SettingsError(file=f"--gpus {text}", reason=Phrase("{gpu} is named twice", {"gpu": gpu}))
    return gpus


def environment_of(gpu: str) -> dict[str, str]:
    """Returns the variables by which a process sees this GPU only, as number 0; none for no GPU."""
    # In the order of nvidia-smi, otherwise CUDA counts the fastest GPU first.
    return {VISIBLE: gpu, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"} if gpu else {}


def _visible() -> str:
    given = os.environ.get(VISIBLE)
    if given is not None:
        return given
    try:
        done = subprocess.run(LIST, capture_output=True, text=True, check=True, timeout=SECONDS_TO_LIST)
    except (OSError, subprocess.SubprocessError) as error:
        raise SettingsError(file=f"--gpus {ALL}", reason=error) from error
    return ",".join(done.stdout.split())
