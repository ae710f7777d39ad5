# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks, run by ONNX Runtime."""
