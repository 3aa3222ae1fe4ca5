# SPDX-License-Identifier: Apache-2.0
"""Images or text: what the items of a row are. Both have data of their own, so their accuracies,
times and items per second are never put side by side."""

from typing import Any

from results import schema

TITLES = {"images": "Images", "text": "Text"}


def architecture(context: dict[str, Any], subject: str) -> str:
    """The architecture of a candidate; a bare architecture is its own."""
    return str(context.get(f"architecture_{subject}") or subject)


def of(context: dict[str, Any], subject: str) -> str:
    """`images` or `text`; a candidate of an unknown architecture counts as images."""
    if subject in TITLES:
        return subject
    row = schema.ARCHITECTURES.get(architecture(context, subject))
    return row.input if row else "images"
