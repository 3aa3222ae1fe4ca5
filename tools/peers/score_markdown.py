# SPDX-License-Identifier: Apache-2.0
"""The table of scores.py as Markdown."""

from collections.abc import Iterable

from compare.ratios import Ratio
from results import machine, markdown

from peers.rounds import Rounds
from peers.score_functions import FUNCTIONS

_HEADERS = ("Score", "Items x width", "Ours (ms)", "Python (ms)", "Times as fast", "Rounds",
            "Value", "Python's value")  # fmt: skip
_NUMBERS = _HEADERS[2:]


def table(found: Iterable[Ratio], rounds: Rounds, device: str, threads: int) -> str:
    values = {(each.group, each.peer): each.row.get("score_value") for each in rounds.measured}
    lines = []
    for ratio in found:
        setting = ratio.group
        start = [markdown.code(setting.probe), setting.size]
        if ratio.error:
            lines.append([*start, "failed", "", "", "", markdown.cell(ratio.error), ""])
            continue
        ours, theirs = (values[(setting, side)] for side in ("", ratio.peer))
        lines.append([
            *start, f"{1e3 * ratio.ours:.4g}", f"{1e3 * ratio.theirs:.4g}", f"{ratio.median:.3g}",
            f"{min(ratio.rounds):.3g} to {max(ratio.rounds):.3g}", f"{ours:.8g}", f"{theirs:.8g}",
        ])  # fmt: skip
    notes = [
        f"Ours: {device} of {machine.title(rounds.context)}. Python: numpy, scipy, scikit-learn "
        f"and PyTorch on {threads} threads of its CPU. Features are in the memory of the side; "
        "medians over rounds. A value that differs from Python's by more than the score's "
        "tolerance is a failure and has no time.",
    ]
    tolerances = [
        f"{name} {function.relative or function.absolute:g}"
        f"{'' if function.relative else ' absolute'}"
        for name, function in FUNCTIONS.items()
        if any(name == each.group.probe for each in rounds.measured)
    ]
    notes.append(f"Tolerances: {', '.join(tolerances)}.")
    return "\n".join([markdown.table(_HEADERS, lines, _NUMBERS), "", *notes, ""])
