# SPDX-License-Identifier: GPL-2.0-or-later
"""Models that others publish: catalogs that the user lists, search in them, and download into the library.

A catalog is a STAC catalog with the Machine Learning Model extension (a file or an address, static or API), or a host
with the repositories and the API of Hugging Face. The list is empty until the user adds an address; no request is sent
before a search. Texts of a catalog are shown without markup and are never used as paths.
"""
