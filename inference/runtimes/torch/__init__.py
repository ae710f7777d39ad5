# SPDX-License-Identifier: GPL-2.0-or-later
"""PyTorch networks: TorchScript, exported programs, and weights with a rebuilt architecture.

Exported programs (.pt2) are run operation by operation, from an allow-list for image networks (`operations.py`),
because PyTorch's loader unpickles parts of the file and evaluates its formulas as Python. TorchScript whose code names
operations on files is refused.
"""
