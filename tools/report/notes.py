# SPDX-License-Identifier: Apache-2.0
"""Remarks of the person who measured: `notes.md` next to the first result file and in the report's
folder. The report shows these files and never writes to them."""

from pathlib import Path

NAME = "notes.md"


def read(results: Path, out: Path) -> str:
    """The text of both, each once; a file that cannot be read is named in its place."""
    found = dict.fromkeys((folder / NAME).resolve() for folder in (results.parent, out))
    texts = []
    for path in found:
        if not path.is_file():
            continue
        try:
            texts.append(path.read_text(encoding="utf-8", errors="replace").strip())
        except OSError as error:
            texts.append(f"{NAME} cannot be read: {error.strerror}.")
    return "\n\n".join(text for text in texts if text)
