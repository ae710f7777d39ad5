# SPDX-License-Identifier: GPL-2.0-or-later
"""The device and the precision of a network that OpenVINO runs.

Source of the names and properties: docs.openvino.ai, Inference Devices and Modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...errors import ProcessorError
from ..options import BackendOptions

TITLE, CPU, GPU, NPU = "OpenVINO", "CPU", "GPU", "NPU"

# 16-bit floats: the capability that a device reports, and their name as a setting.
HALVES = {"CPU": ("BF16", "bf16"), "GPU": ("FP16", "f16"), "NPU": ("FP16", "f16")}


@dataclass(frozen=True)
class Device:
    """A device of OpenVINO by its name, such as GPU.1; `half` is the type of 16-bit floats in use, empty for none."""

    name: str
    half: str = ""

    @property
    def kind(self) -> str:
        """CPU, GPU or NPU."""
        return _kind(self.name)

    @property
    def precision(self) -> str:
        """The value of OpenVINO's hint; without it some devices compute in 16-bit floats unasked."""
        return self.half or "f32"

    @property
    def precise(self) -> Device:
        """The device that computes the same in single precision, which NPUs lack."""
        return Device(CPU if self.kind == NPU else self.name)


def choose_device(core: Any, options: BackendOptions) -> Device:
    """Returns the device of a network: the CPU unless a GPU is requested; raises a ProcessorError if there is none.

    NPUs compute in 16-bit floats only; they count as GPUs after these, if mixed precision is requested.
    """
    found: list[str] = list(core.available_devices)
    name = CPU
    if options.processor == GPU:
        kinds = (GPU, NPU) if options.mixed_precision else (GPU,)
        names = [name for kind in kinds for name in found if _kind(name) == kind]
        if options.gpu >= len(names):
            raise ProcessorError(runtime=TITLE, found=", ".join(found))
        name = names[options.gpu]
    return Device(name, _half(core, name) if options.mixed_precision else "")


def _half(core: Any, name: str) -> str:
    """Returns the type of 16-bit floats that a device computes in, empty if it has none."""
    capability, half = HALVES[_kind(name)]
    return half if capability in core.get_property(name, "OPTIMIZATION_CAPABILITIES") else ""


def _kind(name: str) -> str:
    return name.partition(".")[0]
