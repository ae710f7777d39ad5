# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks run by OpenVINO: ONNX networks faster than by ONNX Runtime on most CPUs, and formats that only it reads."""
