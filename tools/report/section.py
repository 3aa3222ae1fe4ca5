# SPDX-License-Identifier: Apache-2.0
"""A section of the report: one question, its sentences, figures, tables and rows."""

import re
from dataclasses import dataclass, field

import pandas as pd

from report.figures.canvas import Image
from report.marks import Mark


@dataclass(frozen=True)
class Table:
    """`text` is Markdown; `notes` explain its columns."""

    title: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return max(0, len(self.text.splitlines()) - 2)

    def head(self, most: int) -> str:
        return "\n".join(self.text.splitlines()[: most + 2])


@dataclass(frozen=True)
class Section:
    """`rows` are the names of the rows behind it, `files` those that they are from (all where it is
    empty), `commands` those that measured them, `marks` of these rows those that the first screen
    does not have. Sentences are plain text."""

    name: str
    question: str
    sentences: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    def behind(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Its rows among those of the results."""
        own = rows[rows["name"].isin(self.rows)]
        return own[own["source"].isin(self.files)] if self.files else own

    @property
    def empty(self) -> bool:
        return not (self.sentences or self.images or self.tables)


def clauses(text: str) -> list[str]:
    """A long text as short sentences: its clauses, which semicolons separate."""
    parts = re.split(r"(?:;|(?<=[a-z%)])\.)\s+", text.strip().removesuffix("."))
    return [f"{part[:1].upper()}{part[1:]}." for part in parts if part]


@dataclass
class Tables:
    """Collects the tables that have rows."""

    found: list[Table] = field(default_factory=list)

    def add(self, title: str, text: str, *notes: str) -> None:
        if text:
            self.found.append(Table(title, text, notes))
