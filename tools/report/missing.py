# SPDX-License-Identifier: Apache-2.0
"""What results lack: steps and candidates that were asked for and have no row, and rows that only
other candidates have. An interrupted run shows here."""

import re
from typing import Any

import pandas as pd
from results import schema
from results.table import Results, has_candidate

from report import steps, wording

_SHOWN = 4  # Examples of rows per sentence.
_WITHOUT_CANDIDATE = {step.name for step in schema.STEPS.values() if not step.per_network}
# Whatever configurations were asked for.
_OF_FULL_NETWORKS = set(schema.STEPS) - set(schema.AXES["configuration"].steps) - _WITHOUT_CANDIDATE
# Axes that a row's name shows: flag, column, and the form of its values.
_AXES = (
    ("configurations", "configuration", r"full|(joint_)?last_\w+"),
    ("devices", "device", r"cpu(:\d+)?|cuda(\d*|:(all|[\d+]+))"),
    ("modes", "mode", "|".join(schema.AXES["mode"].values)),
)


def sentences(results: Results) -> list[str]:
    if results.pattern:
        said = [text for context in results.contexts.values() for text in _interrupted(context)]
        return [*dict.fromkeys(said), _filtered(results.pattern)]
    found = []
    for source, context in results.contexts.items():
        rows = results.rows[results.rows["source"] == source]
        where = f"{source}: " if len(results.contexts) > 1 else ""
        said = [*_interrupted(context), *_steps(rows, context), *_candidates(rows, context)]
        said += _values(rows, context)
        found += [where + text for text in [*said, *_rows(rows, context)]]
    return found


def _filtered(pattern: str) -> str:
    which = "rows that match" if pattern.startswith("-") else "other rows"
    return f"--filter={pattern} leaves out the {which}."


def _interrupted(context: dict[str, Any]) -> list[str]:
    said = str(context.get("interrupted") or "").lower()
    return [] if said in ("", "0", "no", "false") else ["The run was interrupted."]


def _listed(context: dict[str, Any], key: str) -> list[str]:
    return [word.strip() for word in str(context.get(key) or "").split(",") if word.strip()]


def _steps(rows: pd.DataFrame, context: dict[str, Any]) -> list[str]:
    asked = [step for step in _listed(context, "option_steps") if step in steps.FAMILIES]
    lacking = [step for step in asked if step not in set(rows["step"])]
    if not lacking:
        return []
    names = wording.listed(lacking)
    return [f"No row of {names}, though asked for: the run ended before, or a filter left it out."]


def _candidates(rows: pd.DataFrame, context: dict[str, Any]) -> list[str]:
    steps_asked = set(_listed(context, "option_steps"))
    if steps_asked and steps_asked <= _WITHOUT_CANDIDATE:
        return []
    asked = [
        key.removeprefix("architecture_") for key in context if key.startswith("architecture_")
    ]
    asked = asked or _listed(context, "option_architectures")
    lacking = [name for name in asked if name not in set(rows["subject"])]
    names = wording.listed([wording.network(name) for name in lacking]) if lacking else ""
    return [f"No row of {names}, though asked for."] if lacking else []


def _values(rows: pd.DataFrame, context: dict[str, Any]) -> list[str]:
    """Values of an axis that no row has; a cut counts under both of its names."""
    found = []
    for flag, column, pattern in _AXES:
        has = {*rows[column], *(rows["same_cut_as"] if column == "configuration" else ())}
        measured = set(rows["step"])
        if flag == "modes" and "EndToEnd" not in measured:
            continue
        if flag == "configurations" and measured <= _OF_FULL_NETWORKS:
            continue
        asked = [v for v in _listed(context, f"option_{flag}") if re.fullmatch(pattern, v)]
        lacking = [value for value in asked if value not in has]
        if lacking and len(lacking) < len(asked):
            found.append(f"No row of the {flag} {wording.listed(lacking)}, though asked for.")
    return found


def _rows(rows: pd.DataFrame, context: dict[str, Any]) -> list[str]:
    """Per step, what a candidate lacks of the combinations that another one has."""
    found = []
    common_batch = "common" in str(context.get("option_batch_sizes") or "")
    of_candidates = rows[has_candidate(rows)]
    for (step, _), own in of_candidates.groupby(["step", "domain"], sort=False):
        every = dict.fromkeys(
            signature
            for _, row in own.iterrows()
            for signature in _signatures(row, common_batch)[:1]
        )
        for subject in dict.fromkeys(
            of_candidates[of_candidates["domain"] == own.iloc[0]["domain"]]["subject"]
        ):
            has = {
                signature
                for _, row in own[own["subject"] == subject].iterrows()
                for signature in _signatures(row, common_batch)
            }
            lacking = [signature for signature in every if signature not in has]
            if lacking:
                found.append(_sentence(step, subject, lacking, len(has) == 0))
    return found


def _signatures(row: pd.Series, common_batch: bool) -> list[tuple]:
    """What distinguishes a row from the others of its candidate; two values where a cut has two
    names."""
    batch = None if common_batch or pd.isna(row["batch"]) else int(row["batch"])
    names = [row["configuration"], *([row["same_cut_as"]] if row["same_cut_as"] else [])]
    return [(name, row["device"], row["keys"], batch) for name in names]


def _sentence(step: str, subject: str, lacking: list[tuple], all_of_them: bool) -> str:
    name = wording.network(subject)
    if all_of_them:
        return f"{name} has no row of {step}, which other candidates have."
    words = []
    for configuration, device, keys, batch in lacking[:_SHOWN]:
        parts = [configuration or "", device, *(f"{key}={value}" for key, value in keys)]
        words.append("/".join([p for p in parts if p] + ([f"batch:{batch}"] if batch else [])))
    more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
    return (
        f"{name} lacks {len(lacking)} of the {step} rows that other candidates have: "
        f"{', '.join(words)}{more}."
    )
