# SPDX-License-Identifier: Apache-2.0
"""What the context says about a candidate's weights; every output labels random weights."""

from typing import Any


def identity(context: dict[str, Any], subject: str) -> str:
    """`random weights (seed 1)`, a file name or hash, or that nothing was recorded."""
    text = str(context.get(f"weights_{subject}") or context.get("weights") or "").strip()
    if not text:
        return "weights not recorded"
    if text.lower().startswith("random"):
        rest = text[len("random") :].strip().removeprefix("weights").strip()
        return f"random weights {rest}".strip()
    return text


def are_random(context: dict[str, Any], subject: str) -> bool:
    return identity(context, subject).startswith("random weights")
