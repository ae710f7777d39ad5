# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by Processing and the desktop: settings, translation, HTTP and sources of rasters.

A run holds a lock file while it uses the caches (`cache_lease.py`), which ends with its process; only then are they
cleared. Requests use a separate network manager: reading web layers in a worker thread while the main thread waits
would hang otherwise. No message shows a query or a token.
"""
