# SPDX-License-Identifier: GPL-2.0-or-later
"""The service: gate, jobs, dispatcher, protocols, pages and attacks."""
