# SPDX-License-Identifier: GPL-2.0-or-later
"""One job on many machines, by commands of a batch system (`batch.py`) or by Dask; a single machine loads none of it.

Pixels never travel: workers read the raster and write strips themselves, and a task of Dask is a text of 200 bytes.
Dask's scheduler unpickles tasks, so they are functions by value that name none of our modules (`shipping.py`); a worker
plugin brings the code, unpacked, because the version is read from a file. Keys of tasks are new in every run, as an
equal key would return the result of an earlier one, and nothing is retried: a lost worker is Dask's own affair, and a
failing model would fail again. Strips are submitted a few at a time, so that neither driver nor scheduler grows with
their number, and neighbouring ones to the same worker, whose blocks of the raster they share (`shares.py`). That is a
preference: another worker takes a strip whose own is lost or late.
"""
