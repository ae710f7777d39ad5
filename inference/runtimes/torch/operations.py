# SPDX-License-Identifier: GPL-2.0-or-later
"""Permitted operations of exported programs: those of image networks, functions of tensors and numbers only.

Includes all of PyTorch's core operations except training and random numbers, and others that layers are exported to.
None of them accesses files, processes, Python or memory beyond its tensors. Source of the core: the tag
`torch.Tag.core` of PyTorch 2.13.
"""

from __future__ import annotations

import re

# Variants with two leading underscores are Python's; variants that write into a given tensor may change its memory.
OPERATION = re.compile(r"torch\.ops\.aten\.(?P<name>\w+)\.(?P<variant>(?!__)(?!(?:\w+_)?out\b)\w+)", re.ASCII)

# A nested graph, PyTorch's export of `with torch.no_grad()`.
NESTED = "torch.ops.higher_order.wrap_with_set_grad_enabled"

ALLOWED = frozenset(
    # Arithmetic.
    """
    abs absolute add addcdiv addcmul angle ceil clamp clamp_max clamp_min clip copysign deg2rad div divide exp exp2
    expm1 fix float_power floor floor_divide fmax fmin fmod frac gcd hypot lcm ldexp lerp log log10 log1p log2 logaddexp
    logaddexp2 maximum minimum mul multiply nan_to_num neg negative nextafter positive pow rad2deg reciprocal remainder
    round rsqrt rsub sgn sign sqrt square sub subtract true_divide trunc xlogy
    acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh cos cosh sin sinc sinh
    tan tanh digamma erf erfc erfinv i0 lgamma logit polygamma special_entr special_erf special_erfc special_exp2
    special_expit special_expm1 special_i0 special_i1 special_log1p special_log_ndtr special_logit special_ndtr
    special_ndtri special_xlog1py special_xlogy special_zeta
    """
    # Comparisons, bits and truth.
    """
    __and__ __or__ __xor__
    all allclose any bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor eq equal ge
    greater greater_equal gt heaviside isclose isfinite isin isinf isnan isneginf isposinf isreal le less less_equal
    logical_and logical_not logical_or logical_xor lt ne not_equal signbit where
    """
    # Activations.
    """
    celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid log_softmax mish prelu relu relu6
    rrelu selu sigmoid silu softmax softplus softshrink threshold _log_softmax _softmax _prelu_kernel special_softmax
    special_log_softmax log_sigmoid_forward rrelu_with_noise
    rrelu_with_noise_functional
    """
    # Sums, extremes, statistics and orders.
    """
    amax amin aminmax argmax argmin argsort bincount bucketize count_nonzero cummax cummin cumprod cumsum diff histc
    kthvalue logcumsumexp logsumexp max mean median min mode msort nanmean nanmedian nanquantile nansum norm numel prod
    quantile searchsorted sort std std_mean sum topk trapezoid unique_consecutive unique_dim _unique2 var var_mean
    linalg_norm linalg_vector_norm linalg_matrix_norm frobenius_norm special_logsumexp cov corrcoef
    """
    # Convolutions.
    """
    conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d convolution _convolution conv_depthwise3d
    slow_conv_dilated2d slow_conv_transpose2d conv_tbc col2im im2col
    """
    # Normalisation, dropout (no effect in inference), pooling and upsampling.
    """
    batch_norm group_norm instance_norm layer_norm rms_norm _fused_rms_norm native_batch_norm native_group_norm
    native_layer_norm _native_batch_norm_legit _native_batch_norm_legit_no_training _batch_norm_no_update renorm
    alpha_dropout dropout feature_alpha_dropout feature_dropout native_dropout
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
    adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool1d_with_indices max_pool2d
    max_pool2d_with_indices max_pool3d max_pool3d_with_indices max_unpool2d max_unpool3d _adaptive_avg_pool2d
    _adaptive_avg_pool3d
    affine_grid_generator channel_shuffle grid_sampler grid_sampler_2d grid_sampler_3d native_channel_shuffle
    pixel_shuffle pixel_unshuffle upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d
    upsample_nearest2d upsample_nearest3d upsample_trilinear3d _upsample_bicubic2d_aa _upsample_bilinear2d_aa
    _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
    constant_pad_nd pad reflection_pad1d reflection_pad2d reflection_pad3d replication_pad1d replication_pad2d
    replication_pad3d _pad_circular _pad_enum
    """
    # Products, attention and recurrent layers.
    """
    addbmm addmm addmv addr baddbmm bilinear bmm chain_matmul dot einsum ger inner kron linalg_matmul linalg_multi_dot
    linalg_vecdot linear matmul mm mv outer tensordot vdot _addmm_activation _trilinear
    _weight_norm _weight_norm_interface
    cdist _cdist_forward _euclidean_dist cosine_similarity dist pairwise_distance pdist _pdist_forward cross
    linalg_cross embedding embedding_bag _embedding_bag _embedding_bag_forward_only
    scaled_dot_product_attention _scaled_dot_product_flash_attention_for_cpu _scaled_dot_product_attention_math
    _scaled_dot_product_flash_attention _scaled_dot_product_efficient_attention
    _native_multi_head_attention _transformer_encoder_layer_fwd
    gru gru_cell lstm lstm_cell rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell _thnn_fused_gru_cell
    _thnn_fused_lstm_cell
    """
    # Linear algebra and Fourier transforms.
    """
    cholesky cholesky_inverse cholesky_solve det diag_embed inverse linalg_cholesky linalg_cholesky_ex linalg_cond
    linalg_det linalg_diagonal linalg_eigh linalg_eigvalsh linalg_householder_product linalg_inv linalg_inv_ex
    linalg_lstsq linalg_lu linalg_lu_factor linalg_lu_solve linalg_matrix_exp linalg_matrix_power linalg_matrix_rank
    linalg_pinv linalg_qr linalg_slogdet linalg_solve linalg_solve_ex linalg_solve_triangular linalg_svd linalg_svdvals
    _linalg_det _linalg_eigh _linalg_slogdet _linalg_solve_ex _linalg_svd logdet matrix_exp matrix_power pinverse
    slogdet svd trace triangular_solve
    fft_fft fft_fft2 fft_fftfreq fft_fftn fft_fftshift fft_hfft fft_ifft fft_ifft2 fft_ifftn fft_ifftshift fft_ihfft
    fft_irfft fft_irfft2 fft_irfftn fft_rfft fft_rfft2 fft_rfftfreq fft_rfftn _fft_c2c _fft_c2r _fft_r2c bartlett_window
    blackman_window hamming_window hann_window kaiser_window complex conj _conj conj_physical imag real polar
    resolve_conj resolve_neg view_as_complex view_as_real
    """
    # Shapes and places.
    """
    adjoint alias as_strided atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors broadcast_to cartesian_prod
    cat chunk clone column_stack combinations concat concatenate contiguous copy diag diagonal diagonal_scatter diagflat
    dsplit dstack expand expand_as fill fill_diagonal flatten flip fliplr flipud gather hsplit hstack index index_add
    index_copy index_fill index_put index_reduce index_select mH mT masked_fill masked_scatter masked_select
    matrix_H meshgrid moveaxis movedim narrow narrow_copy nonzero nonzero_numpy nonzero_static numpy_T one_hot permute
    put ravel repeat repeat_interleave reshape reshape_as roll rot90 row_stack scatter scatter_add scatter_reduce select
    select_scatter slice slice_scatter split split_with_sizes squeeze stack sum_to_size swapaxes swapdims t take
    take_along_dim tensor_split tile transpose tril tril_indices triu triu_indices unbind unflatten unfold
    unsafe_chunk unsafe_index unsafe_split unsafe_split_with_sizes unsqueeze vander view view_as vsplit vstack
    _reshape_alias _reshape_copy _unsafe_index _unsafe_index_put _unsafe_view expand_copy permute_copy select_copy
    slice_copy split_copy split_with_sizes_copy squeeze_copy t_copy transpose_copy unbind_copy unfold_copy
    unsqueeze_copy view_copy alias_copy as_strided_copy diagonal_copy detach_copy
    """
    # Creation and conversion of tensors; their sizes, and checks of assumptions on these.
    """
    arange empty empty_like empty_permuted empty_strided eye full full_like linspace logspace new_empty
    new_empty_strided new_full new_ones new_zeros ones ones_like range scalar_tensor zeros zeros_like zero
    detach item lift lift_fresh lift_fresh_copy to type_as _local_scalar_dense _to_copy
    is_complex is_floating_point is_nonzero is_same_size is_signed result_type size stride storage_offset
    sym_constrain_range sym_constrain_range_for_size sym_is_contiguous sym_numel sym_size sym_storage_offset sym_stride
    _assert_async _assert_scalar _assert_tensor_metadata _functional_assert_async _functional_assert_scalar
    _functional_sym_constrain_range _functional_sym_constrain_range_for_size
    """.split()
)


def is_allowed(target: str) -> bool:
    """True for the name of a tensor operation, or its in-place form, as in `relu_`."""
    found = OPERATION.fullmatch(target)
    name = found["name"] if found else ""
    return name in ALLOWED or (name.endswith("_") and name[:-1] in ALLOWED)
