# SPDX-License-Identifier: Apache-2.0
"""What the first screen says, before it is text: plain values of one search on one machine."""

from dataclasses import dataclass

from report.answer.cost import Cost
from report.diagnosis.gain import Gain


@dataclass(frozen=True)
class Action:
    """A change and how many times as fast the whole search becomes, each change alone. `how` is
    `measured`, `predicted` or both; `notes` are short caveats; `pays_after` counts searches (of a
    cached trunk, else None)."""

    title: str
    gain: Gain
    how: str
    notes: tuple[str, ...]
    command: str
    axes: frozenset[str]
    pays_after: int | None = None


@dataclass(frozen=True)
class Piece:
    """A step's seconds in a bar, or a span of a timeline that begins at `start`."""

    title: str
    color: str
    seconds: float
    start: float | None = None


@dataclass(frozen=True)
class Bar:
    label: str
    pieces: tuple[Piece, ...]
    seconds: float
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """Bars on one scale of `longest` seconds."""

    title: str
    bars: tuple[Bar, ...]
    longest: float

    @property
    def legend(self) -> list[tuple[str, str]]:
        pairs = [(piece.title, piece.color) for bar in self.bars for piece in bar.pieces]
        return list(dict.fromkeys(pairs))


@dataclass(frozen=True)
class Answer:
    """`now` and `after` cost at the measured scale what was measured; `after` has the actions of
    the numbers `changed` together, and `after_how` says whether that was measured. `share` (0 to
    1) is that of the limit, NaN where steps overlap. `declined` are changes that do not help or
    do not apply."""

    what: str
    unit: str
    items: int
    candidates: int
    now: Cost
    after: Cost | None
    changed: tuple[int, ...]
    after_how: str
    limit: str
    share: float
    picture: Picture
    actions: tuple[Action, ...]
    declined: tuple[str, ...]
    setting: str
    rows: tuple[str, ...]
    command: str
    remarks: tuple[str, ...] = ()
