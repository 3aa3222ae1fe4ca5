# SPDX-License-Identifier: Apache-2.0
"""Whether the items of a row are images or texts. The two have separate data sets, so their
accuracies, times and items per second are never compared."""

import re
from typing import Any

from results import schema

TITLES = {"images": "Images", "text": "Text"}


def architecture(context: dict[str, Any], subject: str) -> str:
    """The architecture of a candidate; an architecture is its own candidate."""
    return str(context.get(f"architecture_{subject}") or subject)


def of(context: dict[str, Any], subject: str, label: str = "") -> str:
    """`images` or `text`; a candidate of an unknown architecture counts as images. The items of a
    zoo are those of the candidates that its row's label ranks."""
    if subject in TITLES:
        return subject
    ranked = re.search(r"(?:^|[\s;])ranking=([^\s;,]+)", label)
    subject = ranked[1] if ranked else subject
    row = schema.ARCHITECTURES.get(architecture(context, subject))
    return row.input if row else "images"
