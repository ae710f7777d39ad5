# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing provider."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..inference.choices import POLYGON_SUFFIXES
from ..inference.version import version
from ..plugin_support.locations import ICON
from ..plugin_support.translation import tr
from .assess_accuracy import AssessAccuracyAlgorithm
from .classify_pixels import ClassifyPixelsAlgorithm
from .describe_model import DescribeModelAlgorithm
from .package_model import PackageModelAlgorithm
from .sample_points import SamplePointsAlgorithm


class DeepLearningProvider(QgsProcessingProvider):
    """The provider of the deep learning algorithms."""

    def loadAlgorithms(self) -> None:  # noqa: N802
        """Adds the algorithms."""
        for algorithm in (
            ClassifyPixelsAlgorithm(),
            DescribeModelAlgorithm(),
            PackageModelAlgorithm(),
            AssessAccuracyAlgorithm(),
            SamplePointsAlgorithm(),
        ):
            self.addAlgorithm(algorithm)

    def id(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "deeplearning"

    def name(self) -> str:
        """Returns the name in the toolbox."""
        return tr("Deep learning")

    def longName(self) -> str:  # noqa: N802
        """Returns the name with that of the plugin."""
        return tr("Deep learning (Classify Pixels)")

    def versionInfo(self) -> str:  # noqa: N802
        """Returns the version of the plugin."""
        return version()

    def icon(self) -> QIcon:
        """Returns the icon of the plugin."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:  # noqa: N802
        """Returns the path of the icon."""
        return str(ICON)

    def supportedOutputRasterLayerExtensions(self) -> list[str]:  # noqa: N802
        """Returns the file suffixes of class maps."""
        return ["tif", "tiff"]

    def supportedOutputVectorLayerExtensions(self) -> list[str]:  # noqa: N802
        """Returns the file suffixes of polygons, the default first; sample points take only this one."""
        return [suffix.lstrip(".") for suffix in POLYGON_SUFFIXES]

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:  # noqa: N802, N803
        """Returns the suffix of temporary polygons."""
        return POLYGON_SUFFIXES[0].lstrip(".")
