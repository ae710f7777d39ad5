# SPDX-License-Identifier: GPL-2.0-or-later
"""What lets a run go on where an earlier one ended: whose strips they are, and what they were made of."""

from .fingerprint import fingerprint
from .strip_run import StripRun, open_strips

__all__ = ["StripRun", "fingerprint", "open_strips"]
