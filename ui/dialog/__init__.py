# SPDX-License-Identifier: GPL-2.0-or-later
"""What Processing's own dialogs show of the algorithms' parameters."""
