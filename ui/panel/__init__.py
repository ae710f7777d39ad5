# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel: jobs in the background and the models that one uses often."""
