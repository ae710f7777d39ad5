# SPDX-License-Identifier: GPL-2.0-or-later
"""A run: request, session, job, strips and files.

A strip reads its tiles with their halos and nothing of other strips, even if tiles are blended. Any processes can
therefore share a run in three steps (`steps.py`):

- `begin` opens, tries and probes the network and makes all decisions. The result is a `StripJob`: frozen, picklable,
without open files and without settings of one machine (`Machine`: workers, cache, runtimes). It refuses rasters
that only this process can open.
- `work` computes strips anywhere, in any order, any number of times, without another trial; `opened_work` keeps raster
  and network open between strips. It computes both keys again: another file, device or version is an error. It takes
  no lock: two writers of a strip write the same bytes, and the last rename wins.
- `finish` writes the files, or names the missing strips.

A run on one machine uses the same parts (`job.py`) in one process, around an open scene and a `Session`, which the
items of a collection share. An item whose file has the request key of an equal run needs no session.

The place of a run is a folder that all processes see, or a prefix of a bucket (`resume/place.py`). It holds the job as
JSON of known values (`job_file.py`), because pickle would run what others have written there, and the model's files
under their SHA-256 (`model_copy.py`). In a place the times of files count to the second. A result of a million
pixels a side has half a million of the usual strips. `size` enlarges them for a cluster: 16384 x 16384 takes 4.5
minutes at 1 Mpx/s and, for a halo h of 64, 1.6 percent more, as ((w + 2 h)(h' + 2 h)) / (w h') for w x h' pixels. A
GPU changes only the time of a strip. Results agree between machines of one kind; the network key holds the device,
because scores of different kernels differ in the last digits.
"""
