# SPDX-License-Identifier: GPL-2.0-or-later
"""The operation as a service: GPServer and OGC API - Processes over one store of jobs, without QGIS.

Three kinds of processes share the folder of the jobs and nothing else. The **front** answers requests; it opens no
raster of a caller. The **dispatcher** starts a process for each job, never more than it has slots, and watches over
them. A **job** classifies, and writes its messages and its end into the store. Each may be killed at any time: the
store is SQLite, an end is written once and only by the newest attempt at a job, and an attempt resumes from the strips
of the one before.

Each reference of a caller passes one gate (`gate.py`): files in the configured stores, whose links do not lead out,
files on named hosts, and items of a configured portal. The gate is asked by the front, so that a refusal shows at once,
and again by the job. In the job, GDAL has only the drivers of plain image files and no network (`closed_gdal.py`).

Owners are found by their tokens, whose guesses have a limit (`sign_ins.py`), and share the queue and the slots
(`jobs.py`).

The service can also answer as a portal itself (`portal.py`, `items.py`), because ArcGIS's client needs one to sign in.

The room imports `inference` and the parts of `plugin_support` without QGIS. It is not in the plugin's package.
"""
