# SPDX-License-Identifier: GPL-2.0-or-later
"""The first run of a network, on zeros: the reading of its output, and the sizes that it accepts without loss.

The output of a network without padding is smaller than its input. If it pools as well, it drops the remainder of most
sizes, or fails. Therefore the trial searches the sizes with the smallest loss: that loss is the margin, and their
distance is the stride.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import FunctionError, NetworkMemoryError, NetworkMismatchError, NetworkRunError
from ..models import ModelDefinition
from ..phrase import Phrase
from ..runtimes import (
    Backend,
    GivenOutput,
    OutputForm,
    chosen_output,
    fitting_axes,
    lacking,
    likely_axes,
    times_coarser,
)
from ..runtimes.other_tasks import check_given
from .coarseness import is_multiple, moves_coarsely, other_size
from .memory import most_pixels
from .probe import LARGEST_STRIDE, noise_scenes

# A network that takes any size is tried on a part of a large tile. One of a fixed size that takes more at once is none
# for pixels: these are 512 MiB of floats.
LARGEST_TRIAL, MOST_PIXELS, LARGEST_CALL = 2**24, 2**20, 2**27

# Tiles of so many pixels are tried whatever memory is free.
FEW_PIXELS = 2**16

# Sizes are tried one below the other, as many as two of the largest strides have, because then the best one recurs.
# They begin this far above the loss, so that small ones are tried, which is fast. The time limit is in seconds.
BEYOND_LACK, SECONDS = 256, 60.0

# Enlargement of tiles with an unknown stride: common encoders pool by no more.
STEP = 64

# Side of small tiles in pixels.
SMALL = 128

# The share of pixels that have the same scores whatever other pixels a classifier of rows gets with them.
ALIKE = 0.999

Size = tuple[int, int, int]


@dataclass(frozen=True)
class Trial:
    """The output of a network for zeros: channels, type, and reading.

    `margin` is what it lacks on each side with tiles of `size` (batch, height, width), where it drops nothing else.
    `outputs` are all that it gave for them. `period` is the distance of such sizes, None where the first one that was
    tried was of them.
    """

    channels: int
    dtype: Any
    form: OutputForm
    margin: int
    size: Size
    period: int | None
    outputs: tuple[GivenOutput, ...] = ()

    @property
    def taken(self) -> int:
        """The length of an output without loss beyond the margin, 0 without a margin."""
        return self.size[1] - 2 * self.margin if self.margin else 0


def trial_size(backend: Backend, batch: int, bands: int, height: int, width: int, stride: int) -> Size:
    """Returns batch, height and width of a trial: those of the run, reduced by whole strides if large.

    Tiles and batches of an unknown network are smaller if the free memory is small: a batch has two images then, which
    show whether a network mixes them.
    """
    fitting = max(FEW_PIXELS, most_pixels() // (backend.input.batch or min(batch, 2)))
    if backend.input.height is None:
        side = math.isqrt(min(MOST_PIXELS, LARGEST_TRIAL // bands, fitting))
        height, width = (_reduced(cells, side, stride) for cells in (height, width))
    if backend.input.batch is None:
        batch = max(1, min(batch, LARGEST_TRIAL // (bands * height * width), max(2, 2 * fitting // (height * width))))
    return batch, height, width


def try_network(
    weights: str, backend: Backend, bands: int, size: Size,
    stride: int | None = None, margin: int | None = None, classes: int | None = None,
) -> Trial:  # fmt: skip
    """Returns the output of a network for zeros, and settles its reading.

    `stride` and `margin` are those of its definition, None where that says nothing, and `classes` is the
    number of its classes. Raises a NetworkMismatchError where it gives no map of its image, or one that contradicts
    its definition, and a NetworkRunError where it does not run.
    """
    tries = _Tries(weights, backend, bands, classes, margin)
    found, period = _whole_size(tries, size, stride, margin)
    output = tries.output(found)
    if tries.lack(found) is None or tries.doubtful:
        raise tries.mismatch(found)
    times = tries.times
    axes = _settled_axes(tries, found, period or stride or math.lcm(STEP, times))
    lack = times * (lacking(axes, output.shape, tries.scores_of(found)) or (0, 0))[0]
    if lack % 2 or (lack and times > 1):
        raise tries.mismatch(found)
    # Tiles have to begin with a score.
    period = math.lcm(period or 1, times) if times > 1 else period
    _check_period(weights, period, stride)
    if margin is not None and lack > 2 * margin:
        values = {"found": lack // 2, "padding": margin}
        reason = Phrase("it drops {found} pixels on each side, but ModelPadding is {padding}", values)
        raise NetworkMismatchError(weights=weights, reason=reason)
    if stride is not None and backend.input.height is None:
        _check_stride(tries, found, axes, lack, stride)
    form = OutputForm(tries.number or 0, axes, times=times)
    backend.settle(form)
    channels = dict(zip(axes, output.shape)).get("C", 1)
    # Read once, because reading may change the type; enlarged scores are always floats.
    dtype = OutputForm(axes=axes).read(np.zeros((1,) * len(axes), output.dtype)).dtype
    return Trial(channels, dtype, form, lack // 2, found, period, tries.all_outputs(found))


def image_of_zeros(weights: str, batch: int, bands: int, height: int, width: int) -> NDArray[np.float32]:
    """Returns an image of zeros for a trial of a network, unless it would fill the memory."""
    if batch * bands * height * width > LARGEST_CALL:
        numbers = f"{batch} x {bands} x {height} x {width}"
        reason = Phrase("it takes {numbers} values at once, too many for tiles", {"numbers": numbers})
        raise NetworkMismatchError(weights=weights, reason=reason)
    return np.zeros((batch, bands, height, width), np.float32)


def odd_period(weights: str, backend: Backend, bands: int) -> int | None:
    """Returns the distance of accepted sizes if that is not a power of two, otherwise None."""
    tries = _Tries(weights, backend, bands, None)
    if backend.form is not None:
        tries.number, tries.times = backend.form.number, backend.form.times
    sizes = [_square((backend.input.batch or 1, 0, 0), side) for side in (BEYOND_LACK, BEYOND_LACK - STEP)]
    if all(tries.lack_if_it_runs(size) == 0 for size in sizes):
        return None
    found = _searched(tries, sizes[0], 0, None, None)
    return found[1] if found is not None else None


def check_ends(definition: ModelDefinition, backend: Backend, trial: Trial) -> None:
    """Refuses a network of a fixed size that drops rows at its end, instead of equally on each side.

    If it pools and its size is not a multiple, its output does not depend on its last rows.
    """
    batch, height, width = trial.size
    begun, ended = False, False
    for scene in noise_scenes(len(definition.bands), height, width, definition.normalization is not None):
        with suppress(NetworkRunError, FunctionError):
            plain, begins, ends = (backend.run(image[np.newaxis].repeat(batch, 0)) for image in _changed(scene))
            begun, ended = begun or not np.array_equal(plain, begins), ended or not np.array_equal(plain, ends)
    if begun and not ended:
        reason = Phrase("it drops rows at the end of the image, so its size is not a multiple of its stride")
        raise NetworkMismatchError(weights=definition.weights, reason=reason)


def check_rows(definition: ModelDefinition, backend: Backend) -> None:
    """Refuses a classifier of rows whose scores of a pixel depend on the other pixels of a call, and so on the tile."""
    for scene in noise_scenes(len(definition.bands), SMALL, SMALL, definition.normalization is not None):
        with suppress(NetworkRunError, FunctionError):
            whole, part = backend.run(scene[np.newaxis]), backend.run(scene[np.newaxis, :, ::2, SMALL // 3 :])
            same = np.isclose(whole[:, :, ::2, SMALL // 3 :], part, rtol=1e-3, atol=1e-5, equal_nan=True)
            # Rounding may decide otherwise between two classes that are equally good.
            if same.mean() < ALIKE:
                reason = Phrase("its scores of a pixel depend on other pixels of the same call")
                raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _changed(scene: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Yields a scene as it is, with other pixels in its first row and column, and with others in the last ones."""
    yield scene
    for place in (0, -1):
        other = scene.copy()
        other[:, place] = scene[:, place, ::-1] * np.float32(0.5)
        other[:, :, place] = scene[:, ::-1, place] * np.float32(0.5)
        yield other


class _Tries:
    """Outputs of a network for zeros of several sizes, each tried once, for one of its outputs.

    A score stands for `times` rows and columns. It is `doubtful` whether scores are coarser than the image where they
    could lack a wide margin as well; `margin` is the one that the definition names.
    """

    def __init__(
        self, weights: str, backend: Backend, bands: int, classes: int | None, margin: int | None = None
    ) -> None:
        self.weights, self.backend = weights, backend
        self.number: int | None = None
        self.times = 1
        self.doubtful = 0
        self._bands, self._classes, self._margin = bands, classes, margin
        self._known: dict[Size, tuple[GivenOutput, ...]] = {}
        self._refuted: set[int] = set()

    def output(self, size: Size) -> GivenOutput:
        """Returns the network's output for tiles of this size; raises a NetworkRunError if it does not run."""
        if size not in self._known:
            image = image_of_zeros(self.weights, size[0], self._bands, *size[1:])
            try:
                outputs = self.backend.outputs(image)
            except MemoryError as error:
                raise NetworkMemoryError(
                    size=f"{size[2]} x {size[1]}", reason=Phrase("there is not enough memory")
                ) from error
            if self.number is None and not self.backend.asked_output:
                check_given(self.weights, self.backend.input.layout, image.shape, outputs)
            if self.number is None:
                self.number = chosen_output(outputs, size, self.backend.asked_output, self._classes)
            self._known[size] = tuple(outputs)
        return self._known[size][self.number or 0]

    def all_outputs(self, size: Size) -> tuple[GivenOutput, ...]:
        """Returns all that the network gave for tiles of a size that was tried."""
        return self._known[size]

    def scores_of(self, size: Size) -> Size:
        """Returns the batch, rows and columns of the scores that tiles of this size have."""
        return size[0], size[1] // self.times, size[2] // self.times

    def lack(self, size: Size) -> int | None:
        """Returns the rows of pixels that the output lacks, which are as many as the columns.

        None if it is not such an image, or ends with a part of a coarser score.
        """
        output = self.output(size)
        self._look_for_blocks(output, size)
        if not is_multiple(size, self.times):
            return None
        scores = self.scores_of(size)
        lacks = lacking(likely_axes(output, scores, self.backend.input.layout), output.shape, scores)
        return self.times * lacks[0] if lacks is not None and lacks[0] == lacks[1] else None

    def lack_if_it_runs(self, size: Size) -> int | None:
        """Returns the loss of the output, None if the network does not run with that size either."""
        try:
            return self.lack(size)
        except NetworkMemoryError:
            raise
        except (NetworkRunError, FunctionError):
            return None

    def mismatch(self, size: Size) -> NetworkMismatchError:
        """Returns the reason why an output is not a map of its image."""
        if self.doubtful:
            reason = Phrase(
                "its scores are either {times} times coarser than the image or lack a wide margin. Upsample them "
                "within the network, or set ModelPadding to the width of the margin",
                {"times": self.doubtful},
            )
        else:
            sizes = {"given": _times(size), "got": _times(self.output(size).shape)}
            reason = Phrase("it turns {given} into {got}", sizes)
        return NetworkMismatchError(weights=self.weights, reason=reason)

    def _look_for_blocks(self, output: GivenOutput, size: Size) -> None:
        """Determines if scores that are several times fewer than the pixels represent blocks of them."""
        times = times_coarser(output.shape, size)
        if self.times > 1 or times == 1 or times in self._refuted:
            return
        lacks = lacking(likely_axes(output, size, self.backend.input.layout), output.shape, size)
        if self._margin is not None and lacks == (2 * self._margin,) * 2:
            return
        coarse = self._is_coarse(size, times)
        if coarse:
            self.times = times
        else:
            self._refuted.add(times)
            self.doubtful = times if coarse is None else 0

    def _is_coarse(self, size: Size, times: int) -> bool | None:
        if self.backend.input.height is None:
            other = other_size(size, times)
            with suppress(NetworkRunError, FunctionError):
                return times_coarser(self.output(other).shape, other) == times
        if not is_multiple(size, times):
            return False
        return moves_coarsely(self.backend, self.number or 0, self._bands, size, times)


def _whole_size(tries: _Tries, size: Size, stride: int | None, margin: int | None) -> tuple[Size, int | None]:
    """Returns a size with no loss beyond the margin, and the distance of such sizes.

    The distance is None if it was not searched. Without such a size it is the first one.
    """
    try:
        lack = tries.lack(size)
    except NetworkMemoryError:
        raise
    except NetworkRunError:
        if tries.backend.input.height is not None:
            raise
        found = _searched(tries, size, None, stride, margin)
        # A single size is no evidence for others.
        if found is None or (found[1] is None and margin is None):
            raise
        _check_period(tries.weights, found[1], stride)
        return found
    if lack is None and size[0] > 1 and tries.backend.input.batch is None:
        # Its output may have no place for the number of images.
        return _whole_size(tries, (1, *size[1:]), stride, margin)
    is_image = len(tries.output(size).shape) in (3, 4) and not tries.doubtful
    if lack in (0, 2 * (margin or 0)) or tries.backend.input.height is not None or not is_image:
        return size, None
    return _searched(tries, size, lack, stride, margin) or (size, None)


def _searched(
    tries: _Tries, size: Size, lack: int | None, stride: int | None, margin: int | None
) -> tuple[Size, int | None] | None:
    """Tries smaller and smaller squares; returns the one that lacks least, and after how many pixels it recurs."""
    largest = max(LARGEST_STRIDE, stride or 0)
    deadline = time.monotonic() + SECONDS
    starts = [lack + BEYOND_LACK] if lack is not None else [BEYOND_LACK, min(size[1:])]
    for start in starts:
        # The sizes at which each number of rows was lacking first.
        first: dict[int, int] = {}
        for side in range(start, max(0, start - 2 * largest), -1):
            if time.monotonic() > deadline or (not first and start - side > largest):
                break
            now = tries.lack_if_it_runs(_square(size, side))
            if now is None:
                continue
            if margin is not None and now == 2 * margin:
                return _square(size, side), None
            period = first.get(now, side) - side
            # A recurrence by chance does not repeat.
            if period and now == min(first) and tries.lack_if_it_runs(_square(size, side + 4 * period)) == now:
                return _square(size, first[now]), period
            first.setdefault(now, side)
        if first:
            return _square(size, first[min(first)]), None
    return None


def _check_period(weights: str, period: int | None, stride: int | None) -> None:
    """Refuses a declared Stride if the network's sizes come in other steps."""
    if period is not None and stride is not None and stride % period:
        values = {"period": period, "stride": stride}
        reason = Phrase("its sizes come in steps of {period} pixels, but Stride is {stride}", values)
        raise NetworkMismatchError(weights=weights, reason=reason)


def _check_stride(tries: _Tries, size: Size, axes: str, lack: int, stride: int) -> None:
    """Refuses a wrong stride: tiles that differ by an odd number of strides lack other rows.

    Small tiles are used if possible. A network that does not run with them may accept one size only.
    """
    strides = max(0, min(size[1:]) - lack - SMALL) // stride
    less = stride * (strides - (strides % 2 == 0))
    other = (size[0], size[1] - less, size[2] - less)
    if tries.lack_if_it_runs(other) not in (None, lack):
        sizes = dict(zip(axes, tries.output(other).shape))
        given = {"given": f"{sizes['W']} x {sizes['H']}"}
        reason = Phrase("it returned {given} scores, so its stride is not the definition's", given)
        raise NetworkRunError(size=f"{other[2]} x {other[1]}", reason=reason)


def _square(size: Size, side: int) -> Size:
    return size[0], side, side


def _settled_axes(tries: _Tries, size: Size, step: int) -> str:
    """Returns the axes of the output, told at a size that no other axis has.

    Where several are possible, tiles that are larger by different numbers of steps are tried: but for the rows and
    columns an output stays as it is.
    """
    scores = tries.scores_of(size)
    fitting = fitting_axes(tries.output(size).shape, scores)
    # Of a single image, the place for the number of images and that of a channel are the same.
    told = len(fitting) < 2 or fitting == ("NHW", "CHW") or tries.backend.input.height is not None
    for rows, columns in () if told else ((1, 3), (2, 1)):
        images = 1 if tries.backend.input.batch is None else size[0]
        other = (images, size[1] + rows * step, size[2] + columns * step)
        if tries.lack_if_it_runs(other) is not None:
            still = fitting_axes(tries.output(other).shape, tries.scores_of(other))
            fitting = tuple(axes for axes in fitting if axes in still) or fitting
    usual = likely_axes(tries.output(size), scores, tries.backend.input.layout)
    return usual if usual in fitting else fitting[0]


def _times(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape))


def _reduced(cells: int, side: int, stride: int) -> int:
    """Returns a length of at most `side` that is shorter by whole strides, or one below a stride."""
    return cells if cells <= side else max(cells % stride or stride, cells - -(-(cells - side) // stride) * stride)
