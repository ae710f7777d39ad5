# SPDX-License-Identifier: GPL-2.0-or-later
"""One job on many machines: by programs of a batch system, or by Dask. Nothing here is loaded for a single machine."""
