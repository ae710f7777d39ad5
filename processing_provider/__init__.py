# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing provider: algorithms for the toolbox, the modeler and the command line.

QGIS creates and initialises every algorithm when it starts. Each is therefore two modules: NAME.py with the texts,
parameters and outputs that QGIS lists, and NAME_run.py, which needs the engine and is imported when a run begins.

Processing's readers (`parameterAs…`) turn forms that they do not know into nothing, so values are read raw. Outputs
are resolved during the run, not in its preparation: a background run has its own context, which keeps the layers to
load. Runs take place in other threads than QGIS's main one, also in qgis_process (`interruptible.py`), so a run touches
no object of the project.
"""

from .provider import DeepLearningProvider

__all__ = ["DeepLearningProvider"]
