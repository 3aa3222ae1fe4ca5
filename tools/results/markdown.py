# SPDX-License-Identifier: Apache-2.0
"""Markdown tables whose cells may contain any text."""

import re
from collections.abc import Sequence

_EFFECT = re.compile(r"[\\`*_\[\]|~]")


def cell(value: object) -> str:
    """Text on one line in which Markdown and HTML have no effect."""
    text = " ".join(str(value).split()).replace("&", "&amp;").replace("<", "&lt;")
    return _EFFECT.sub(r"\\\g<0>", text)


def code(value: object) -> str:
    text = " ".join(str(value).split()).replace("`", "'").replace("|", "\\|")
    return f"`{text}`"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> str:
    """A table without its empty columns; columns named in `numbers` are aligned right. Cells are
    Markdown (see `cell`, `code`)."""
    kept = [i for i in range(len(headers)) if any(row[i] not in ("", "-") for row in rows)]
    lines = [[headers[i] for i in kept], ["--:" if headers[i] in numbers else ":--" for i in kept]]
    lines += [[row[i] for i in kept] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
