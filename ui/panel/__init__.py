# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel: background jobs and frequently used models."""
