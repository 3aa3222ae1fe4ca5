# SPDX-License-Identifier: Apache-2.0
"""The contexts of several runs of our program on one machine, as that of one file."""

from typing import Any


def joined(before: dict[str, Any], further: dict[str, Any]) -> dict[str, Any]:
    """All keys of both. Of an option that differs, every value that was asked for, in the order in
    which they came; of anything else (date, load) what the first run said."""
    both = further | before
    for key in before.keys() & further.keys():
        if key.startswith("option_") and before[key] != further[key]:
            values = [*str(before[key]).split(","), *str(further[key]).split(",")]
            both[key] = ",".join(dict.fromkeys(values))
    return both
