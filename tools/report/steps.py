# SPDX-License-Identifier: Apache-2.0
"""Steps in figures, tables and sentences: the parts of a search with their colors and words."""

from dataclasses import dataclass

from results import schema


@dataclass(frozen=True)
class Step:
    """A part of a search: `counter` in EndToEnd rows (seconds), `doing` in sentences."""

    counter: str
    title: str
    doing: str
    color: str


# Okabe and Ito's palette, whose colors differ under every common color blindness.
_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#0072B2", "#CC79A7", "#D55E00", "#F0E442")
STEPS = (
    *(
        Step(step.counter, step.title, step.doing, color)
        for step, color in zip(schema.PARTS, _COLORS, strict=False)
    ),
    Step("other", "Other", "everything else", "#999999"),
)
COUNTERS = tuple(step.counter for step in STEPS)


@dataclass(frozen=True)
class Group:
    """Steps that the original study counts as one; it has the color of the first of them."""

    title: str
    counters: tuple[str, ...]

    @property
    def color(self) -> str:
        return next(step.color for step in STEPS if step.counter == self.counters[0])


# The study's four groups, and what lies between them.
GROUPS = (
    Group("Prepare model", ("load_model",)),
    Group("Prepare data", ("load_data", "data_to_device")),
    Group("Inference", ("inference",)),
    Group("Proxy score", ("score",)),
    Group("Other", ("other",)),
)

# Titles of the benchmarks, in the order of the search.
FAMILIES = {step.name: step.title for step in schema.STEPS.values()}

# In these modes the loader works ahead, so `load_data` is the time spent waiting for it.
WAITING_MODES = ("prefetch",)


def title(step: Step, mode: str | None) -> str:
    return "Load data (waiting)" if _waits(step, mode) else step.title


def doing(step: Step, mode: str | None) -> str:
    return "waiting for data" if _waits(step, mode) else step.doing


def _waits(step: Step, mode: str | None) -> bool:
    return step.counter == "load_data" and mode in WAITING_MODES
