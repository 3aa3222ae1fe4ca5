# SPDX-License-Identifier: Apache-2.0
"""What a diagnosis says: one candidate on one device, what limits it, and what would help."""

from dataclasses import dataclass, field

from results.settings import Setting

from report.diagnosis.gain import Gain

# What can limit a search, in the words of a sentence. `data` is loading data where no LoadData
# row separates its parts.
LIMITS = {
    "load_model": "loading the model",
    "data": "loading data",
    "storage": "reading files",
    "activations": "reading cached activations",
    "tensors": "reading cached items",
    "decoding": "decoding",
    "preprocessing": "resizing and normalizing",
    "tokenizing": "tokenizing",
    "transfer": "copying to the device",
    "inference": "inference",
    "score": "scoring",
    "other": "everything else",
}
# Parts of loading data that the workers or the decoder do.
_PARTS = frozenset({"storage", "decoding", "preprocessing", "tokenizing"})


def words(limit: str) -> str:
    """A limit is the step that takes the most time; of loading data the part that takes most of
    the workers' time follows: `loading data, mostly decoding`."""
    text = LIMITS.get(limit, limit)
    return f"{LIMITS['data']}, mostly {text}" if limit in _PARTS else text


@dataclass(frozen=True)
class WhatIf:
    """The same search with one setting changed.

    `rows` and `sources` name the measured rows that the prediction rests on and their files, the
    diagnosed one first. `gain` is the diagnosed search's seconds over those measured with the
    change, or over the predicted ones where nothing was measured, with its interval. A process's
    first scoring is left out of the former, and a share of more pinning is added to the latter.
    `next_limit` is a key of LIMITS, `error` is predicted / measured - 1. Where only the whole was
    measured, the prediction repeats it, `error` is None and `caveat` says so. `axis` is the key of
    the name that changes, or several joined by `+`; `features_move` is the largest
    `feature_distance` of the rows with the change, where it may change features; `target` is the
    whole changed setting.
    """

    change: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    predicted_seconds: float
    predicted_items_per_second: float
    gain: Gain
    next_limit: str
    measured_row: str | None = None
    measured_source: str | None = None
    measured_seconds: float | None = None
    error: float | None = None
    caveat: str | None = None
    axis: str = ""
    features_move: float = 0.0
    target: Setting = field(default_factory=dict)

    @property
    def speedup(self) -> float:
        return self.gain.times


@dataclass(frozen=True)
class Diagnosis:
    """What limits a search: `limit` is a key of LIMITS, `share` (0 to 1) that of the limiting
    step in the whole, in mode=overlapped its seconds alone over the extraction's. `partial`: it is
    of a tail or a joint model. `evidence` names the rows that the sentence quotes; `what_ifs` are
    ranked, best first."""

    source: str
    subject: str
    device: str
    row_name: str
    domain: str
    partial: bool
    limit: str
    share: float
    sentence: str
    configuration: str
    evidence: tuple[str, ...]
    what_ifs: tuple[WhatIf, ...]
