# SPDX-License-Identifier: GPL-2.0-or-later
"""Model definitions as STAC items with the Machine Learning Model extension."""
