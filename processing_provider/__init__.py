# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing provider: algorithms for the toolbox, the modeler and the command line."""

from .provider import DeepLearningProvider

__all__ = ["DeepLearningProvider"]
