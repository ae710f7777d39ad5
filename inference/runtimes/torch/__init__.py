# SPDX-License-Identifier: GPL-2.0-or-later
"""PyTorch networks: TorchScript, exported programs, and weights whose architecture is rebuilt."""
