# SPDX-License-Identifier: GPL-2.0-or-later
"""The sentences of a run's log, in English; the values for their braces come with the events."""

from __future__ import annotations

from .phrase import Text


class Note(Text):
    """Sentences for the log."""

    # The run.
    MODEL = "Model: {name}, {count} classes"
    DEVICE = "Device: {device}, workers: {workers}"
    SIZE = "Size: {columns} x {rows} pixels"
    TILES = "Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}"
    TILE_REASONS = "Padding {padding}: {padding_reason}. Stride {stride}: {stride_reason}."
    ARGUMENTS = "Arguments: {arguments}"
    ITEM = "Raster {index} of {count}: {raster}"
    MEMORY = "Memory: about {needed} MB for this run, {free} MB are free"
    DISK = "On the disk: at most {size} MB, mostly far less as it is compressed"
    RESUMED = "An earlier run finished {count} strips; this one goes on from there."
    CLUSTER = "Scheduler: {scheduler}, workers: {workers}; strips in {place}"
    KEPT_RESULT = "{output} is the result of an equal run and stays as it is."
    WRITING = "Writing {output}; strips: {count}"
    CRS_BESIDE = (
        "A GeoTIFF cannot store the CRS of {output} exactly. The exact CRS is in {beside}; keep this file beside it."
    )

    # The network and its definition.
    PROBING = "Running the network on random images to see how far it looks. This is done only once."
    DESCRIBED_BESIDE = "The files beside the network describe it: {files}"
    COARSE_SCORES = "The network gives one score for {times} x {times} pixels: its scores are enlarged bilinearly."
    LOGITS = "The network outputs logits. Their sigmoid is the probability; the threshold is {threshold}."
    FUNCTION_RUN = "The Python raster function {function} is run, as you allow it."
    KEYS_IGNORED = "Keys of the model definition without effect: {keys}"

    # The bands and their values.
    BAND_GIVEN = "Model band {label}: raster band {band}, as given; values {range}"
    BAND_BY_NAME = "Model band {label}: raster band {band}, by name; values {range}"
    BAND_BY_WAVELENGTH = "Model band {label}: raster band {band}, by wavelength; values {range}"
    BAND_BY_NUMBER = "Model band {label}: raster band {band}, by number; values {range}"
    PREPROCESSED = "The raster's reflectances are brought to the numbers of {service}, as the model definition says."
    RANGE_UNKNOWN = (
        "Nothing says which values the model was trained on: the network gets the raster's values, {range}. If it was "
        "trained on others, such as 0 … 1, INPUT_SCALE and INPUT_OFFSET make them alike."
    )
    RULE_ANY = "NoData rule ANY: a pixel is NoData if any band used by the model is NoData."
    RULE_ALL = "NoData rule ALL: a pixel is NoData only if all bands used by the model are NoData."
    DECIDED_BY_ANY = "The NoData rule ANY affected {count} pixels: NoData in some of their bands, so NoData in the map."
    DECIDED_BY_ALL = "The NoData rule ALL affected {count} pixels: NoData in some of their bands, but classified."

    # The grid, and rasters that are brought to it.
    MASK_RULE = "The mask {mask}: every cell that is not NoData counts as inside, including cells of 0."
    PART_IN_AREA_OF_USE = (
        "{raster}: only the part within {west}, {south}, {east}, {north} degrees (west, south, east, north) is "
        "reprojected to {crs}, which is not reliable beyond its area of use. Set EXTENT to choose another part."
    )
    ITEM_NAME_NOT_UTF8 = "{raster}: skipped, because its name is not UTF-8. Rename it to include it."
    ITEM_MOVED = "{raster}: its cells do not lie on those of {first}; they are moved by less than a cell."
    ITEM_BANDS_LEFT_OUT = "{raster}: only its first {count} bands are used, as {first} has no more."
    ITEM_TYPE = "{raster}: its type {types} is not that of {first}; all values are read as {mixed}."
    FIRST_WARPED = "{raster}: its rows do not run east and south, so it is warped."
    WARPED_FROM_CRS = "{raster}: it is warped from {own} to {other}, the CRS of {first}."
    WARPED_TO_CELLS = "{raster}: it is warped to the cells of {first}, which lie otherwise."
    WARPED_FROM_CELLS = "{raster}: it is warped from cells of {own} to {other}, those of {first}."


class Caution(Text):
    """Sentences that the user should not miss: the map may be wrong, or something was not done."""

    # The run.
    NOTHING_CLASSIFIED = "No pixel was classified: the raster has no valid pixel in the extent and the mask."
    SMALLER_BATCHES = "The network ran out of memory: from now on it gets {count} tiles at once."
    SMALLER_TILES = "The network ran out of memory, so the run starts again with tiles of {size} pixels."
    DISK_MAY_FILL = (
        "{folder} has {free} of free space, less than the uncompressed result and its strips. If the disk fills up, "
        "the run fails. Free some space and run again to resume."
    )
    NO_FILE_LOCKS = (
        "The disk of {folder} does not support file locks. Start no other run that writes {output} until this one ends."
    )
    NO_WORKERS = "The scheduler {scheduler} has no workers yet. The run waits until one joins."
    STRIPS_KEPT = "{count} finished strips stay in {folder}: the same run goes on from there."
    STYLE_KEPT = "The style {style} was not written by this plugin and is kept unchanged."
    SUMMARY_UNWRITTEN = "The summary {path} cannot be written: {reason}."
    NO_COMMON_CRS = "The results do not share a CRS, so there is no VRT that holds them all."
    NOT_GEOREFERENCED = (
        "{raster} is georeferenced by geolocation arrays only, which a GeoTIFF cannot store: the result will not be "
        "georeferenced. Set an output CRS to georeference it."
    )

    # The network and its definition.
    FUNCTION_NOT_ALLOWED = (
        "The Python raster function {function} beside the model is not run; the network is run without it. If you "
        "trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or "
        "to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS."
    )
    FUNCTION_NOT_RUN = "The Python raster function beside the model is not run; the network is run without it."
    DATA_RANGE_IGNORED = "The model's DataRange is not applied: the network gets the raster's own values."
    PREPROCESSING_IGNORED = "The model's Preprocessing is not applied: INPUT_SCALE and INPUT_OFFSET can do its work."
    PREPROCESSING_FUNCTION_IGNORED = (
        "The model's pre_processing_function is not applied: INPUT_SCALE and INPUT_OFFSET can do its work."
    )
    NO_MIXED_PRECISION = "The argument mixed_precision has no effect on {device}: it is for PyTorch on a GPU."
    PACKED_UNTRIED = "The network was packed without being tried. {reason}"

    # The bands, their values and their cells.
    RANGE_CONTRADICTS = (
        "The raster's values are about {range} and the model was trained on about {trained}: it may see nothing but "
        "black or white. If both are the same quantity, INPUT_SCALE={scale} makes them alike."
    )
    WHOLE_NUMBERS = (
        "The network takes whole numbers from {least} to {most} and is given values of about {range}: they are "
        "rounded, and those beyond these ends become the ends. INPUT_SCALE and INPUT_OFFSET can bring the values "
        "there."
    )
    SCALES_UNUSABLE = (
        "The band scales ({scale}) and offsets ({offset}) of the raster cannot all be applied; the model gets the "
        "stored values."
    )
    SCALES_UNAPPLIED = (
        "The raster's bands carry a scale and an offset, and the model gets the values as they are stored. "
        "If it was trained on scaled values, give INPUT_SCALE={scale} and INPUT_OFFSET={offset}."
    )
    CELL_SIZE = (
        "The cells of the result are {factor} times as wide as those that the model was trained on: it may recognise "
        "nothing. CELL_SIZE={size} makes them alike."
    )


class BandSource(Text):
    """How the raster band of a model band was found."""

    GIVEN = "given"
    NAME = "by name"
    WAVELENGTH = "by wavelength"
    NUMBER = "by number"


class HaloReason(Text):
    """Why the halo has its size; ends of sentences."""

    ASSUMED = "as assumed"
    GIVEN = "as asked for"
    DEFINITION = "as the model definition says"
    ARCGIS_LEARN = "a quarter of the tile, as models of arcgis.learn expect"
    QUARTER = "a quarter of the tile"
    PROBE_FAILED = "a quarter of the tile, because {failure}"
    TILE_TOO_SMALL = "a quarter of the tile, too small for the {found} pixels that the network looks: seams may show"
    EXACT = "found by running the network: tiles give what the whole scene would give, in every pixel"
    EXACT_BUT_ROUNDED = (
        "found by running the network: tiles give what the whole scene would give, but for 16-bit rounding"
    )
    SEAMS = (
        "found by running the network, which looks farther: seams are bounded by it, not absent; scores of "
        "neighbouring tiles differ there by {share} % of their range on average"
    )

    @property
    def measured(self) -> bool:
        """True where the network was run to find it."""
        return self in (HaloReason.EXACT, HaloReason.EXACT_BUT_ROUNDED, HaloReason.SEAMS)


class StrideReason(Text):
    """Why the stride has its size; ends of sentences."""

    ASSUMED = "as assumed"
    DEFAULT = "as assumed for want of a better word"
    DEFINITION = "as the model definition says"
    MEASURED = "found by running the network"

    @property
    def measured(self) -> bool:
        """True where the network was run to find it."""
        return self is StrideReason.MEASURED


class ProbeFailure(Text):
    """Why running the network showed no halo; `limit` is a size or a stride in pixels, or seconds."""

    NOTHING_SEEN = "random images of {limit} pixels are too large for it, or its scores tell nothing"
    UNALIGNED = "its tiles agree on no stride up to {limit}"
    OUT_OF_TIME = "that took longer than {limit} seconds"
