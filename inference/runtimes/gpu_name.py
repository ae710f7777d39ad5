# SPDX-License-Identifier: GPL-2.0-or-later
"""Name and memory of a graphics card, from its driver."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

GIB = 1024**3
LONGEST_NAME = 256

# The driver's library, installed with the driver, not with CUDA.
CUDA_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def cuda_name(number: int, library: str = CUDA_DRIVER) -> str:
    """Returns name and memory of an NVIDIA card, as in "Tesla T4, 14.6 GiB"; empty if there is none.

    Source of the calls: docs.nvidia.com/cuda/cuda-driver-api, device management.
    """
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        return ""
    device, name, size = ctypes.c_int(), ctypes.create_string_buffer(LONGEST_NAME), ctypes.c_size_t()
    calls: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("cuInit", (0,)),
        ("cuDeviceGet", (ctypes.byref(device), number)),
        ("cuDeviceGetName", (name, LONGEST_NAME, device)),
        ("cuDeviceTotalMem_v2", (ctypes.byref(size), device)),
    )
    for function, arguments in calls:
        if not hasattr(driver, function) or getattr(driver, function)(*arguments) != 0:
            return ""
    return f"{name.value.decode('utf-8', 'replace')}, {size.value / GIB:.1f} GiB"


def listed_name(listed: list[Any], provider: str, number: int) -> str:
    """Returns description and memory of a card from ONNX Runtime's list; empty if neither is known.

    The keys are those of Windows; elsewhere a card has none.
    """
    entries = [entry.device.metadata for entry in listed if entry.ep_name == provider]
    metadata: dict[str, str] = next((m for m in entries if m.get("DxgiAdapterNumber") == str(number)), {})
    parts = (metadata.get("Description", ""), metadata.get("DxgiVideoMemory", ""))
    return ", ".join(part for part in parts if part)
