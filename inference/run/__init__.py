# SPDX-License-Identifier: GPL-2.0-or-later
"""A run: what is asked for, its session, its strips, and the files that it makes."""
