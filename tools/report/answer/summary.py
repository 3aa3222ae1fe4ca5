# SPDX-License-Identifier: Apache-2.0
"""The headline as a Markdown table that people paste: the search, its limit, actions, ranking."""

from results.markdown import cell, table
from results.table import Results

from report import machines, marks, wording
from report.answer import sentences
from report.answer.first import First

_PLACES = 3


def of(first: First, results: Results) -> str:
    """ "" where no whole search was measured."""
    answer = first.answer
    if answer is None:
        return ""
    at = (answer.items, answer.candidates)
    scale = sentences.scale(answer)
    lines = [("Machine", machines.title(results)), (f"{scale}, {answer.setting}",
             wording.brief(answer.now.seconds(*at)))]  # fmt: skip
    if answer.after:
        after = wording.brief(answer.after.seconds(*at))
        lines.append((f"After {sentences.changed(answer)}", f"{after} ({answer.after_how})"))
    lines.append(("Limit", sentences.limit(answer).removeprefix("Limit: ").removesuffix(".")))
    rows = results.rows[results.rows["name"].isin(answer.rows)]
    marked = [f"{mark.title} ({mark.why})" for mark in marks.of(results, rows)]
    lines += [("Note", "; ".join(marked))] if marked else []
    lines += [(one.title, sentences.gain(one)) for one in answer.actions]
    for one in first.ranking[:_PLACES]:
        between = f" ({one.between})" if one.between else ""
        lines.append((f"Place {one.place}", f"{one.name}, {one.text}{between}"))
    return table(["Search", "Result"], [[cell(text) for text in line] for line in lines], ())
