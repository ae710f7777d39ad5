# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks run by OpenVINO: ONNX networks faster than by ONNX Runtime on most CPUs, and formats that only it reads.

ONNX networks are described by ONNX Runtime and compared with it once (`openvino_backend.py`). TensorFlow's, TensorFlow
Lite's, Paddle's and its own are described by its declarations (`own_backend.py`), and run in a separate process,
because its readers crash on some damaged files. All are computed on the CPU in single precision unless a GPU or mixed
precision is requested (`devices.py`). A network that would take very long to compile is refused, because that cannot
be interrupted (`slow_parts.py`, `graph_functions.py`).

OpenVINO's cache of compiled networks is not used: it loads what it finds without a comparison, and saves at most a
second per run.
"""
