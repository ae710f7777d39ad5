# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of the code in a TorchScript file, which may run on loading: its language can write files.

Source of the language: torch/csrc/jit/frontend/lexer.h of PyTorch.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...errors import WeightsRefusedError, WeightsUnreadableError
from ...phrase import Phrase

# PyTorch opens other formats under the same names, even with an archive at their end.
ARCHIVE = b"PK\x03\x04"

# Operations on files, unneeded by networks. Methods and renamed modules could call them, so these names are forbidden
# everywhere. None is called load, which is a possible layer name.
ON_FILES = frozenset("save load_tensor from_file read_file write_file".split())
NAMES = re.compile(rf"\b(?:{'|'.join(sorted(ON_FILES))})\b", re.ASCII)

# PyTorch writes texts in double quotes on one line, no comments and no adjacent texts.
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"', re.ASCII)
IN_PLACE_OF_TEXT = "$"
NEVER_WRITTEN = re.compile(r"""["'#\\]|\$\s*\$""")
OCTAL = re.compile(r"\\([0-7]{3})")

LARGEST_CODE = 16 * 1024**2
# Networks of PyTorch 1.0 and 1.1, with code in any member.
LEGACY = "model.json"


def check_script(torch: Any, weights: Path) -> None:
    """Raises a WeightsRefusedError if the code would access files, or may conceal it."""
    for code in _codes(torch, weights):
        bare = TEXT.sub(IN_PLACE_OF_TEXT, code)
        if NEVER_WRITTEN.search(bare) or len(code) > LARGEST_CODE:
            raise WeightsRefusedError(
                weights=weights.name, reason=Phrase("its code does not have the form of current PyTorch")
            )
        if NAMES.search(bare) or not ON_FILES.isdisjoint(map(_read, TEXT.findall(code))):
            raise WeightsRefusedError(weights=weights.name, reason=Phrase("its code reads or writes files"))


def _codes(torch: Any, weights: Path) -> list[str]:
    """Returns all code of the file, located as in PyTorch: archive readers differ on forged files."""
    with weights.open("rb") as file:
        starts_as_archive = file.read(len(ARCHIVE)) == ARCHIVE
    try:
        reader = torch._C.PyTorchFileReader(str(weights))
        names = {name.lower(): name for name in reader.get_all_records()}
        # The reader ignores case.
        records = [bytes(reader.get_record(name)) for lower, name in names.items() if lower.endswith(".py")]
    except (RuntimeError, ValueError, MemoryError) as error:
        raise WeightsUnreadableError(weights=weights, reason=str(error).partition("\n")[0]) from error
    if not starts_as_archive or LEGACY in names:
        raise WeightsRefusedError(
            weights=weights.name, reason=Phrase("its code does not have the form of current PyTorch")
        )
    return [record.decode("utf-8", "replace") for record in records]


def _read(text: str) -> str:
    """Returns the value of a quoted text."""
    return OCTAL.sub(lambda found: chr(int(found.group(1), 8)), text)
