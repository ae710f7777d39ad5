# SPDX-License-Identifier: GPL-2.0-or-later
"""The networks of segmentation_models_pytorch (MIT), recognised by the names of their tensors.

Properties not visible in the tensors have the library's defaults: the dilated encoders and rates of DeepLabV3,
DeepLabV3+ and PAN, the upsampling, and no activation after the last convolution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .encoders import read_encoder
from .layers import Layer, batch_norm, chain, convolution, depthwise, linear, rectified, relu, resize, squeeze
from .state_dict import StateDict, TensorMissingError

# Encoder features in, an image of the decoder's channels out.
Decoder = Callable[[list[Any]], Any]
BILINEAR, CORNERS = {"mode": "bilinear", "align_corners": False}, {"mode": "bilinear", "align_corners": True}
RATES = (12, 24, 36)
GROUPS = 32


class Layout(NamedTuple):
    """A kind of network: a characteristic tensor of the decoder, its decoder, and the encoder's output stride."""

    name: str
    sign: str
    read: Callable[[StateDict], Decoder]
    output_stride: int = 32


def kind_of(state: StateDict) -> str:
    """Returns the kind of network of the tensors, empty if they are not this library's."""
    layout = _layout(state)
    return layout.name if layout is not None else ""


def read_smp(state: StateDict) -> tuple[Layer, int]:
    """Returns the network, and its number of bands."""
    layout = _layout(state)
    if layout is None:
        raise TensorMissingError("its decoder is not known")
    encoder = read_encoder(state.at("encoder"), layout.output_stride)
    decode, score = layout.read(state.at("decoder")), convolution(state.at("segmentation_head", 0))
    # The training's classification head for whole images does not affect pixel scores.
    state.at("classification_head").skip()

    def run(image: Any) -> Any:
        return resize(state, score(decode(encoder.features(image))), image, **CORNERS)

    return run, encoder.bands


def _layout(state: StateDict) -> Layout | None:
    if not (state.has("encoder") and state.has("segmentation_head.0")):
        return None
    decoder = state.at("decoder")
    return next((layout for layout in LAYOUTS if decoder.has(layout.sign)), None)


def _enlarged(state: StateDict, image: Any) -> Any:
    return state.functional.interpolate(image, scale_factor=2.0, mode="nearest")


def _joined(state: StateDict, *images: Any) -> Any:
    return state.torch.cat(images, dim=1)


# --- U-Net, U-Net++, MAnet ---


def _unet(state: StateDict) -> Decoder:
    """U-Net (Ronneberger et al. 2015) with one block for each halving of the encoder."""
    steps = [_step(state.at("blocks", number)) for number in state.at("blocks").indices()]
    center = _center(state)

    def decode(seen: list[Any]) -> Any:
        *skips, deepest = seen[: len(steps)]
        image = center(deepest)
        for step, skip in zip(steps, [*reversed(skips), None]):
            image = step(_enlarged(state, image), skip)
        return image

    return decode


def _center(state: StateDict) -> Layer:
    if not state.has("center"):
        return lambda image: image
    return chain(rectified(state.at("center", 0)), rectified(state.at("center", 1)))


def _step(state: StateDict) -> Callable[[Any, Any], Any]:
    """Returns a decoder block that joins an image with the encoder's features of its size, and convolves twice."""
    first, second = rectified(state.at("conv1")), rectified(state.at("conv2"))
    before, after = _attention(state.at("attention1")), _attention(state.at("attention2"))

    def run(image: Any, skip: Any) -> Any:
        if skip is not None:
            image = before(_joined(state, image, skip))
        return after(second(first(image)))

    return run


def _attention(state: StateDict) -> Layer:
    """Returns the channel and spatial attention (Roy et al. 2018), None if there is none."""
    if not state.has("attention"):
        return lambda image: image
    channels, places = squeeze(state.at("attention", "cSE"), 1, 3), convolution(state.at("attention", "sSE", 0))
    return lambda image: channels(image) + image * places(image).sigmoid()


def _unet_plus(state: StateDict) -> Decoder:
    """U-Net++ (Zhou et al. 2018): x_i_j is computed from x_i_(j-1) and all earlier features of its size."""
    steps = {name: _step(state.at("blocks", name)) for name in _names(state.at("blocks"))}
    depth = max(int(name.rsplit("_", 1)[1]) for name in steps)
    center = _center(state)

    def decode(seen: list[Any]) -> Any:
        *skips, deepest = seen[: depth + 1]
        skips.reverse()
        made: dict[tuple[int, int], Any] = {}
        for distance in range(depth):
            for first in range(depth - distance):
                last = first + distance
                below = made[first, last - 1] if distance else (center(deepest) if not first else skips[first - 1])
                known = [made[other, last] for other in range(first + 1, last + 1)]
                joined = _joined(state, *known, skips[last])
                made[first, last] = steps[f"x_{first}_{last}"](_enlarged(state, below), joined)
        return steps[f"x_0_{depth}"](_enlarged(state, made[0, depth - 1]), None)

    return decode


def _names(state: StateDict) -> Sequence[str]:
    return [name for name in (f"x_{i}_{j}" for j in range(6) for i in range(j + 1)) if state.has(name)]


def _manet(state: StateDict) -> Decoder:
    """MAnet (Fan et al. 2020): U-Net with attention over all positions of the deepest features, and over channels."""
    center = _everywhere(state.at("center"))
    blocks = [state.at("blocks", number) for number in state.at("blocks").indices()]
    steps = [_weighed_step(block) if block.has("hl_conv") else _plain_step(block) for block in blocks]

    def decode(seen: list[Any]) -> Any:
        *skips, deepest = seen[: len(steps)]
        image = center(deepest)
        for step, skip in zip(steps, [*reversed(skips), None]):
            image = step(image, skip)
        return image

    return decode


def _plain_step(state: StateDict) -> Callable[[Any, Any], Any]:
    step = _step(state)
    return lambda image, skip: step(_enlarged(state, image), skip)


def _everywhere(state: StateDict) -> Layer:
    top, middle = convolution(state.at("top_conv")), convolution(state.at("center_conv"))
    bottom, out = convolution(state.at("bottom_conv")), convolution(state.at("out_conv"))

    def run(image: Any) -> Any:
        alike = middle(image).flatten(2).transpose(1, 2) @ top(image).flatten(2)
        weights = alike.flatten(1).softmax(dim=1).reshape(alike.shape)
        # The library reinterprets (positions, channels) as (channels, height, width), and its weights depend on that.
        found = (weights @ bottom(image).flatten(2).transpose(1, 2)).reshape(image.shape)
        return out(image + found)

    return run


def _weighed_step(state: StateDict) -> Callable[[Any, Any], Any]:
    reduce = chain(rectified(state.at("hl_conv", 0)), rectified(state.at("hl_conv", 1)))
    weigh_low, weigh_high = _weights(state.at("SE_ll")), _weights(state.at("SE_hl"))
    convolve = chain(rectified(state.at("conv1")), rectified(state.at("conv2")))

    def run(image: Any, skip: Any) -> Any:
        image = _enlarged(state, reduce(image))
        image = image * (weigh_high(image) + weigh_low(skip))
        return convolve(_joined(state, image, skip))

    return run


def _weights(state: StateDict) -> Layer:
    reduce, expand, rectify = convolution(state.at(1)), convolution(state.at(3)), relu(state)
    return lambda image: expand(rectify(reduce(image.mean((2, 3), keepdim=True)))).sigmoid()


# --- Linknet, FPN, PAN ---


def _linknet(state: StateDict) -> Decoder:
    """Linknet (Chaurasia and Culurciello 2017): the encoder's features are added."""
    steps = [_transposed(state.at("blocks", number, "block")) for number in state.at("blocks").indices()]

    def decode(seen: list[Any]) -> Any:
        *skips, image = seen[: len(steps)]
        for step, skip in zip(steps, [*reversed(skips), None]):
            image = step(image)
            image = image if skip is None or not skip.shape[1] else image + skip
        return image

    return decode


def _transposed(state: StateDict) -> Layer:
    weight = state.place(state.at(1, 0).take("weight", 4))
    bias = state.place(state.at(1, 0).take("bias", 1))
    enlarge, norm = state.functional.conv_transpose2d, batch_norm(state.at(1, 1))

    def double(image: Any) -> Any:
        return norm(enlarge(image, weight, bias, stride=2, padding=1))

    return chain(rectified(state.at(0)), double, relu(state), rectified(state.at(2)))


def _fpn(state: StateDict) -> Decoder:
    """Feature pyramid network (Kirillov et al. 2017)."""
    top = convolution(state.at("p5"))
    sides = [convolution(state.at(name, "skip_conv")) for name in ("p4", "p3", "p2")]
    segments = [_segment(state.at("seg_blocks", number, "block"), 3 - number) for number in range(4)]
    given = int(state.at("seg_blocks", 0, "block", 0, "block", 0).take("weight", 4).shape[0])

    def decode(seen: list[Any]) -> Any:
        *lower, deepest = seen[-4:]
        levels = [top(deepest)]
        for side, skip in zip(sides, reversed(lower)):
            levels.append(_enlarged(state, levels[-1]) + side(skip))
        return [segment(level) for segment, level in zip(segments, levels)]

    return _merged(state, decode, given)


def _merged(state: StateDict, decode: Callable[[list[Any]], list[Any]], channels: int) -> Decoder:
    """Adds the levels, or concatenates them if the final layer has four times as many input channels."""
    wanted = int(state.root().at("segmentation_head", 0).take("weight", 4).shape[1])
    if wanted == channels:
        return lambda seen: state.torch.stack(decode(seen)).sum(dim=0)
    return lambda seen: _joined(state, *decode(seen))


def _segment(state: StateDict, doublings: int) -> Layer:
    layers = []
    for number in state.indices():
        layers.append(_grouped(state.at(number, "block")))
        if doublings:
            layers.append(_doubled(state))
    return chain(*layers)


def _doubled(state: StateDict) -> Layer:
    interpolate = state.functional.interpolate
    return lambda image: interpolate(image, scale_factor=2.0, **CORNERS)


def _grouped(state: StateDict) -> Layer:
    convolve = convolution(state.at(0), normed_later=True)
    weight, bias = (state.place(state.at(1).take(name, 1)) for name in ("weight", "bias"))
    normalise, rectify = state.functional.group_norm, relu(state)
    return lambda image: rectify(normalise(convolve(image), GROUPS, weight, bias))


def _pan(state: StateDict) -> Decoder:
    """Pyramid attention network (Li et al. 2018)."""
    pyramid = _pyramid_attention(state.at("fpa"))
    names = [name for name in ("gau3", "gau2", "gau1") if state.has(name)]
    guided = [_guided(state.at(name)) for name in names]

    def decode(seen: list[Any]) -> Any:
        *skips, deepest = seen[1 : len(names) + 2]
        image = pyramid(deepest)
        for step, skip in zip(guided, reversed(skips)):
            image = step(skip, image)
        return image

    return decode


def _normed(state: StateDict, rectify: bool = True) -> Layer:
    convolve = convolution(state.at("conv"), state.at("bn"))
    return chain(convolve, relu(state)) if rectify else convolve


def _pyramid_attention(state: StateDict) -> Layer:
    whole, middle = _normed(state.at("branch1", 1)), _normed(state.at("mid", 0))
    halve = state.functional.max_pool2d
    downs = [_normed(state.at("down1", 1)), _normed(state.at("down2", 1))]
    deepest = chain(_normed(state.at("down3", 1)), _normed(state.at("down3", 2)))
    ups = {2: _normed(state.at("conv2")), 1: _normed(state.at("conv1"))}
    interpolate = state.functional.interpolate

    def run(image: Any) -> Any:
        height, width = image.shape[2:]
        first = downs[0](halve(image, 2, 2))
        second = downs[1](halve(first, 2, 2))
        third = interpolate(deepest(halve(second, 2, 2)), size=(height // 4, width // 4), **CORNERS)
        up = interpolate(ups[2](second) + third, size=(height // 2, width // 2), **CORNERS)
        up = resize(state, up + ups[1](first), image, **CORNERS)
        means = whole(image.mean((2, 3), keepdim=True))
        return up * middle(image) + resize(state, means, image, **CORNERS)

    return run


def _guided(state: StateDict) -> Callable[[Any, Any], Any]:
    weigh, convolve = _normed(state.at("conv1", 1), rectify=False), _normed(state.at("conv2"))

    def run(low: Any, high: Any) -> Any:
        weights = weigh(high.mean((2, 3), keepdim=True)).sigmoid()
        return resize(state, high, low, **CORNERS) + convolve(low) * weights

    return run


# --- DeepLabV3, DeepLabV3+, SegFormer ---


def _deeplab(state: StateDict) -> Decoder:
    """DeepLabV3 (Chen et al. 2017); older versions number the parts of its decoder."""
    named = state.has("aspp")
    pyramid = _pyramid(state.at("aspp") if named else state.at(0))
    last = (state.at("conv"), state.at("bn")) if named else (state.at(1), state.at(2))
    convolve = chain(convolution(*last), relu(state))
    return lambda seen: convolve(pyramid(seen[-1]))


def _deeplab_plus(state: StateDict) -> Decoder:
    """DeepLabV3+ (Chen et al. 2018): features at 1/4 of the size sharpen the scores."""
    pyramid = chain(_pyramid(state.at("aspp", 0)), _separable(state.at("aspp", 1), state.at("aspp", 2)))
    sharp, fuse = rectified(state.at("block1")), _separable(state.at("block2", 0), state.at("block2", 1))

    def decode(seen: list[Any]) -> Any:
        detail = sharp(seen[1])
        return fuse(_joined(state, resize(state, pyramid(seen[-1]), detail, **CORNERS), detail))

    return decode


def _separable(state: StateDict, norm: StateDict, dilation: int = 1) -> Layer:
    each = depthwise(state.at(0), dilation=dilation, normed_later=True)
    return chain(each, convolution(state.at(1), norm), relu(state))


def _pyramid(state: StateDict) -> Layer:
    """Returns atrous spatial pyramid pooling: convolutions of several dilations, and the global mean."""
    views = [rectified(state.at("convs", 0))]
    for number, rate in enumerate(RATES, 1):
        view = state.at("convs", number)
        separable = view.has("0.0")
        views.append(_separable(view.at(0), view.at(1), rate) if separable else rectified(view, rate))
    pooled = chain(convolution(state.at("convs", 4, 1), state.at("convs", 4, 2)), relu(state))
    project = rectified(state.at("project"))

    def run(image: Any) -> Any:
        whole = resize(state, pooled(image.mean((2, 3), keepdim=True)), image, **BILINEAR)
        return project(_joined(state, *(view(image) for view in views), whole))

    return run


def _segformer(state: StateDict) -> Decoder:
    """SegFormer (Xie et al. 2021)."""
    stages = [linear(state.at("mlp_stage", number, "linear")) for number in state.at("mlp_stage").indices()]
    fuse = rectified(state.at("fuse_stage"))

    def decode(seen: list[Any]) -> Any:
        deep = [image for image in seen if image.shape[1]]
        quarter = seen[1]
        projected = [_projected(stage, image) for stage, image in zip(stages, reversed(deep))]
        return fuse(_joined(state, *(resize(state, image, quarter, **BILINEAR) for image in projected)))

    return decode


def _projected(layer: Layer, image: Any) -> Any:
    tokens = layer(image.flatten(2).transpose(1, 2))
    return tokens.transpose(1, 2).reshape(image.shape[0], -1, *image.shape[2:])


LAYOUTS = (
    Layout("U-Net++", "blocks.x_0_0", _unet_plus),
    Layout("MAnet", "center.top_conv", _manet),
    Layout("Linknet", "blocks.0.block.0", _linknet),
    Layout("U-Net", "blocks.0.conv1.0", _unet),
    Layout("FPN", "seg_blocks.0", _fpn),
    Layout("PAN", "fpa", _pan, 16),
    Layout("DeepLabV3+", "block1.0", _deeplab_plus, 16),
    Layout("DeepLabV3", "aspp.convs", _deeplab, 8),
    Layout("DeepLabV3", "0.convs", _deeplab, 8),
    Layout("SegFormer", "mlp_stage", _segformer),
)
