# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences of a run's log, in English; the events supply the values for their braces."""

from __future__ import annotations

from .phrase import Text


class Note(Text):
    """Sentences for the log."""

    # The run.
    MODEL = "Model: {name}, {count} classes"
    DEVICE = "Device: {device}, workers: {workers}"
    SIZE = "Size: {columns} x {rows} pixels"
    TILES = "Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}"
    TILE_REASONS = "Padding {padding} {padding_reason}. Stride {stride} {stride_reason}."
    ARGUMENTS = "Arguments: {arguments}"
    ITEM = "Raster {index} of {count}: {raster}"
    CLUSTER = "Scheduler: {scheduler}, workers: {workers}; strips in {place}"
    MEMORY = "Memory needed: about {needed} MB; free: {free} MB"
    DISK = "Disk space needed: up to {size} MB (usually much less)"
    RESUMED = "Resuming: {count} strips are finished from an earlier run."
    KEPT_RESULT = "{output} is kept: an earlier run with the same settings finished it."
    WRITING = "Writing {output}; strips: {count}"
    POLYGONS = "Making the polygons {output}"
    POLYGONS_DISK = "The polygons need additional disk space, depending on the number and the shape of the patches."
    CRS_BESIDE = (
        "A GeoTIFF cannot store the CRS of {output} exactly. The exact CRS is in {beside}; keep this file beside it."
    )

    # The network and its definition.
    PROBING = "Measuring the receptive field with random images. This is done once per network."
    DESCRIBED_BESIDE = "Files beside the network that describe it: {files}"
    COARSE_SCORES = "The network outputs one score per {times} x {times} pixels. Scores are upsampled bilinearly."
    MIXED_PRECISION = (
        "Mixed precision: {share} % of the pixels of random images get another class than in single precision."
    )
    LOGITS = "The network outputs logits. Their sigmoid is the probability; the threshold is {threshold}."
    FUNCTION_RUN = "Running the Python raster function {function} (allowed in the settings)."
    KEYS_IGNORED = "Keys of the model definition without effect: {keys}"

    # The bands and their values.
    BAND_GIVEN = "Model band {label}: raster band {band}, as specified; values {range}"
    BAND_BY_NAME = "Model band {label}: raster band {band}, matched by name; values {range}"
    BAND_BY_WAVELENGTH = "Model band {label}: raster band {band}, matched by wavelength; values {range}"
    BAND_BY_NUMBER = "Model band {label}: raster band {band}, matched by number; values {range}"
    PREPROCESSED = "Reflectances are converted to the value scale of {service} (from the model definition)."
    RANGE_UNKNOWN = (
        "The value range of the training data is unknown; the network receives the raster's values, {range}. If it was "
        "trained on other values, such as 0 … 1, set Input scale and Input offset."
    )
    RULE_ANY = "NoData rule ANY: a pixel is NoData if any band used by the model is NoData."
    RULE_ALL = "NoData rule ALL: a pixel is NoData only if all bands used by the model are NoData."
    RULE_EACH = "NoData rule AUTO: a pixel is NoData if all bands of any raster of the stack are NoData."
    DECIDED_BY_ANY = "The NoData rule ANY affected {count} pixels: NoData in some of their bands, so NoData in the map."
    DECIDED_BY_ALL = "The NoData rule ALL affected {count} pixels: NoData in some of their bands, but classified."
    DECIDED_BY_EACH = (
        "The NoData rule AUTO affected {count} pixels: NoData in all bands of a raster, so NoData in the map."
    )

    # The grid, and rasters warped to it.
    MASK_RULE = "Mask {mask}: every cell that is not NoData counts as inside, including cells with the value 0."
    ITEM_STACKED = "{raster}: bands {start} to {end} of the stack."
    ITEM_MOVED = "{raster}: not aligned with the cells of {first}; shifted by less than a cell."
    ITEM_BANDS_LEFT_OUT = "{raster}: only the first {count} bands are used, as {first} has no more."
    ITEM_BANDS_REORDERED = "{raster}: its bands are in another order; they are matched with those of {first}."
    ITEM_TYPE = "{raster}: its type {types} differs from that of {first}; all values are read as {mixed}."
    FIRST_WARPED = "{raster}: warped, because its grid is rotated, flipped or irregular."
    WARPED_FROM_CRS = "{raster}: warped from {own} to {other}, the CRS of {first}."
    WARPED_TO_CELLS = "{raster}: warped to the cells of {first}, because its grid is rotated, flipped or irregular."
    WARPED_FROM_CELLS = "{raster}: warped from cells of {own} to {other}, the cell size of {first}."

    # Accuracy of a map.
    RESAMPLED_TO_MAP = "{raster} is not on the grid of the map; its nearest pixels are used."
    SAMPLES_COMPARED = "Samples compared with the map: {count}"
    OVERALL_ACCURACY = "Overall accuracy: {accuracy} of the samples, {estimate} ± {margin} of the area (95 %)"
    STRATIFIED_BY_MAP = "The sample is stratified by the classes of the map."
    STRATIFIED_BY_STRATA = "The sample is stratified by {strata}."
    POST_STRATIFIED = (
        "The estimates are post-stratified by the classes of the map. They are valid for a simple random sample, or "
        "one stratified by this map; a sample stratified otherwise needs Strata."
    )
    SAMPLE_SEED = "Seed of the random numbers: {seed}"
    SAMPLE_DRAWN = "{name}: {count} points of {pixels} pixels"


class Caution(Text):
    """Warnings: the map may be wrong, or a step was skipped."""

    # The run.
    NOTHING_CLASSIFIED = "No pixel was classified: the raster has no valid pixel in the extent and the mask."
    SMALLER_BATCHES = "The network ran out of memory. Continuing with batches of {count} tiles."
    SMALLER_TILES = "The network ran out of memory. Restarting with tiles of {size} pixels."
    DISK_MAY_FILL = (
        "{folder} has {free} of free space, less than the uncompressed result and its strips. If the disk fills up, "
        "the run fails. Free some space and run again to resume."
    )
    NO_FILE_LOCKS = (
        "The disk of {folder} does not support file locks. Do not start another run for {output} until this one ends."
    )
    NO_WORKERS = "The scheduler {scheduler} has no workers yet. The run waits until one joins."
    STRIPS_KEPT = "Progress is saved: {count} finished strips in {folder}. Run again with the same settings to resume."
    STYLE_SHARED = "No style was written for {output}, because {style} would also be that of {other}."
    STYLE_KEPT = "The style {style} was not written by this plugin and is kept unchanged."
    SUMMARY_UNWRITTEN = "The summary {path} cannot be written: {reason}."
    NO_COMMON_CRS = "No VRT of all results was created, because they do not share a CRS."
    NOT_GEOREFERENCED = (
        "{raster} is georeferenced by geolocation arrays only, which a GeoTIFF cannot store: the result will not be "
        "georeferenced. Set an output CRS to georeference it."
    )
    PART_IN_AREA_OF_USE = (
        "{raster}: only the part within {west}, {south}, {east}, {north} degrees (west, south, east, north) is "
        "reprojected to {crs}, which is not reliable beyond its area of use. Set Extent to choose another part."
    )
    ITEM_NAME_NOT_UTF8 = "{raster}: skipped, because its name is not UTF-8. Rename it to include it."

    # The network and its definition.
    FUNCTION_NOT_ALLOWED = (
        "The model's Python raster function {function} is blocked; the network runs without it. If you trust its "
        "author, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the "
        "environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS."
    )
    FUNCTION_NOT_RUN = "The model's Python raster function is not run; the network runs without it."
    DATA_RANGE_IGNORED = "The model's DataRange is not applied; the network receives the raster's values."
    PREPROCESSING_IGNORED = "The model's Preprocessing is not applied. Set Input scale and Input offset instead."
    PREPROCESSING_FUNCTION_IGNORED = (
        "The model's pre_processing_function is not applied. Set Input scale and Input offset instead."
    )
    KEYS_NOT_APPLIED = (
        "Keys of the model definition are not applied: {keys}. If one of them changes the network's input or its "
        "classes, the map is wrong. Describe Model lists the reasons."
    )
    NO_MIXED_PRECISION = (
        "mixed_precision has no effect on {device}; it requires OpenVINO on a CPU that computes in bf16, or a GPU with "
        "OpenVINO or PyTorch."
    )
    SEAMS = (
        "Seams are likely: the scores of neighbouring tiles differ by {share} % of their range on average. Set a "
        "larger tile_size or a larger padding."
    )
    SEAMS_OF_FIXED_TILES = (
        "Seams are likely: the scores of neighbouring tiles differ by {share} % of their range on average. Set a "
        "larger padding; the tile size is fixed by the network."
    )
    PACKED_UNTRIED = "The network was packed without a test run. {reason}"

    # The bands, their values and their cells.
    RANGE_CONTRADICTS = (
        "Values do not match: raster {range}, model expects {trained}. The map is probably wrong. If the units agree, "
        "set Input scale to {scale}."
    )
    RANGE_CONTRADICTS_WITH_OFFSET = (
        "Values do not match: raster {range}, model expects {trained}. The map is probably wrong. If the units agree, "
        "set Input scale to {scale} and Input offset to {offset}."
    )
    WHOLE_NUMBERS = (
        "Values do not match: raster {range}, network expects integers from {least} to {most}. Values are rounded and "
        "clipped to this range. Set Input scale and Input offset to rescale them."
    )
    HALF_FLOATS = (
        "Values do not match: raster {range}, network expects 16-bit floats from -{most} to {most}. Values are clipped "
        "to this range. Set Input scale and Input offset to rescale them."
    )
    SCALES_UNUSABLE = (
        "The band scales ({scale}) and offsets ({offset}) of the raster cannot all be applied; the model receives the "
        "stored values."
    )
    SCALES_UNAPPLIED = (
        "The raster's bands have a scale and an offset that are not applied; the model receives the stored values. If "
        "it was trained on scaled values, set Input scale to {scale} and Input offset to {offset}."
    )
    ITEM_SCALES = (
        "{raster}: the scales and offsets of its bands differ from those of {first}, so that equal stored values have "
        "different meanings. The model receives the stored values. Convert one of the rasters, or process all raster "
        "items separately."
    )
    CELL_SIZE = (
        "Cell sizes do not match: the result's cells are {factor} times as wide as those in training. The map is "
        "probably wrong. Set Cell size to {size}."
    )

    # Accuracy of a map.
    SAMPLES_OUTSIDE = "Outside the map, left out: {count} samples."
    SAMPLES_ON_NODATA = "On NoData of the map, left out: {count} samples."
    SAMPLES_UNLABELLED = "Without a reference class, left out: {count} samples."
    SAMPLES_CONTRADICTORY = "In polygons of different classes, left out: {count} pixels."
    SAMPLES_WITHOUT_STRATUM = "On NoData of the strata, left out: {count} samples."
    PIXELS_AS_SAMPLES = (
        "The samples are {count} neighbouring pixels, which are not independent: the true confidence intervals are "
        "wider. Use a random sample of points for them."
    )
    STRATUM_WITHOUT_SAMPLES = (
        "{name} has no reference samples on the map: overall accuracy and areas cannot be estimated. Add samples there."
    )
    STRATUM_WITH_ONE_SAMPLE = "{name} has a single sample on the map: standard errors cannot be estimated."
    CLASS_WITHOUT_REFERENCE = (
        "{name} does not occur in the reference: its producer's accuracy and the error of its area are unknown."
    )
    NAMES_DIFFER = "Value {value} is {reference} in the reference and {name} in the map; they are matched by value."
    AREA_UNKNOWN = "The true area of the map's pixels is unknown: strata are weighted by pixels, without hectares."
    CRS_ABSENT = "Neither the map nor the reference has a CRS; their coordinates are compared as they are."
    FEW_POINTS = (
        "{name} gets {count} points, but its standard errors need 2 or more. Set Allocation to MIXED, or Points per "
        "class."
    )
    FEW_PIXELS = "{name} has only {count} pixels instead of {wanted}; all of them are in the sample."


class BandSource(Text):
    """How a raster band was matched to a model band."""

    GIVEN = "as specified"
    NAME = "by name"
    WAVELENGTH = "by wavelength"
    NUMBER = "by number"


class HaloReason(Text):
    """Reasons for the halo; ends of sentences."""

    ASSUMED = "(default)"
    GIVEN = "(as requested)"
    DEFINITION = "(from the model definition)"
    ARCGIS_LEARN = "(a quarter of the tile, as models of arcgis.learn expect)"
    QUARTER = "(a quarter of the tile)"
    PROBE_FAILED = "(a quarter of the tile; measuring failed: {failure})"
    TILE_TOO_SMALL = "(a quarter of the tile): the receptive field needs {found} pixels, so seams may show"
    EXACT = "(measured): no seams; tiling does not change the result"
    EXACT_BUT_ROUNDED = "(measured): no seams; tiling does not change the result, except for 16-bit rounding"
    SEAMS = (
        "(measured), less than the receptive field: faint seams are possible; scores of neighbouring tiles differ "
        "there by {share} % of their range on average"
    )
    STRONG_SEAMS = (
        "(measured), less than the receptive field: seams are likely; scores of neighbouring tiles differ "
        "there by {share} % of their range on average"
    )

    @property
    def measured(self) -> bool:
        """True if the value was measured by running the network."""
        seams = (HaloReason.SEAMS, HaloReason.STRONG_SEAMS)
        return self in (HaloReason.EXACT, HaloReason.EXACT_BUT_ROUNDED, *seams)


class StrideReason(Text):
    """Reasons for the stride; ends of sentences."""

    ASSUMED = "(default)"
    DEFAULT = "(default; could not be determined)"
    DEFINITION = "(from the model definition)"
    MEASURED = "(measured)"

    @property
    def measured(self) -> bool:
        """True if the value was measured by running the network."""
        return self is StrideReason.MEASURED


class ProbeFailure(Text):
    """Reasons for a failed measurement; `limit` is a size or a stride in pixels, or seconds."""

    NOTHING_SEEN = "random images of {limit} pixels are too large or produce no usable scores"
    UNALIGNED = "no stride up to {limit} makes tiles match"
    OUT_OF_TIME = "it took longer than {limit} seconds"
