# SPDX-License-Identifier: Apache-2.0
"""Images or text: what the items of a row are. Both have data of their own, so their accuracies,
times and items per second are never put side by side."""

from typing import Any

from export import architectures

TITLES = {"images": "Images", "text": "Text"}


def architecture(context: dict[str, Any], subject: str) -> str:
    """The architecture of a candidate; a bare architecture is its own."""
    return str(context.get(f"architecture_{subject}") or subject)


def of(context: dict[str, Any], subject: str) -> str:
    """`images` or `text`; a candidate whose architecture nothing tells counts as images."""
    if subject in TITLES:
        return subject
    row = architectures.ARCHITECTURES.get(architecture(context, subject))
    return row.domain if row else "images"
