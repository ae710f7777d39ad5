# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid and extent of a result."""
