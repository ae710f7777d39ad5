# SPDX-License-Identifier: GPL-2.0-or-later
"""The code in a TorchScript file, which may run as soon as it is loaded: its language can write files.

Source of the language: torch/csrc/jit/frontend/lexer.h of PyTorch.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...errors import WeightsRefusedError, WeightsUnreadableError
from ...phrase import Phrase

# PyTorch opens other forms under the same names, whatever an archive at their end says.
ARCHIVE = b"PK\x03\x04"

# Operations on files, of which a network needs none. Any value can be given to one by a dot, and modules can get
# other names, so these have no place anywhere. There is none called load, which is a name for a layer like any other.
ON_FILES = frozenset("save load_tensor from_file read_file write_file".split())
NAMES = re.compile(rf"\b(?:{'|'.join(sorted(ON_FILES))})\b", re.ASCII)

# PyTorch writes texts in double quotes on one line, and neither comments nor texts side by side.
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"', re.ASCII)
IN_PLACE_OF_TEXT = "$"
NEVER_WRITTEN = re.compile(r"""["'#\\]|\$\s*\$""")
OCTAL = re.compile(r"\\([0-7]{3})")

LARGEST_CODE = 16 * 1024**2
# Networks of PyTorch 1.0 and 1.1, whose code may lie anywhere.
LEGACY = "model.json"


def check_script(torch: Any, weights: Path) -> None:
    """Raises a WeightsRefusedError where the code would touch files, or may hide that it does."""
    for code in _codes(torch, weights):
        bare = TEXT.sub(IN_PLACE_OF_TEXT, code)
        if NEVER_WRITTEN.search(bare) or len(code) > LARGEST_CODE:
            raise WeightsRefusedError(
                weights=weights.name, reason=Phrase("its code does not have the form of current PyTorch")
            )
        if NAMES.search(bare) or not ON_FILES.isdisjoint(map(_read, TEXT.findall(code))):
            raise WeightsRefusedError(weights=weights.name, reason=Phrase("its code reads or writes files"))


def _codes(torch: Any, weights: Path) -> list[str]:
    """Returns all code of the file, found as PyTorch finds it: readers of archives differ where one is forged."""
    with weights.open("rb") as file:
        starts_as_archive = file.read(len(ARCHIVE)) == ARCHIVE
    try:
        reader = torch._C.PyTorchFileReader(str(weights))
        names = {name.lower(): name for name in reader.get_all_records()}
        # The reader itself tells no capital from a small letter.
        records = [bytes(reader.get_record(name)) for lower, name in names.items() if lower.endswith(".py")]
    except (RuntimeError, ValueError, MemoryError) as error:
        raise WeightsUnreadableError(weights=weights, reason=str(error).partition("\n")[0]) from error
    if not starts_as_archive or LEGACY in names:
        raise WeightsRefusedError(
            weights=weights.name, reason=Phrase("its code does not have the form of current PyTorch")
        )
    return [record.decode("utf-8", "replace") for record in records]


def _read(text: str) -> str:
    """Returns what a text between quotes stands for."""
    return OCTAL.sub(lambda found: chr(int(found.group(1), 8)), text)
