# SPDX-License-Identifier: Apache-2.0
"""Results -> report.md and its images in one folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from reporting import (
    domains,
    joint,
    overlapped,
    ranking,
    sentences,
    shares,
    steps,
    tables,
    trunks,
    weights,
    wording,
)
from reporting.figures import batch_sizes, step_bars
from reporting.markdown import cell, code
from reporting.reader import Results

_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)/]+\.png)\)")


@dataclass(frozen=True)
class Report:
    """What was written: the Markdown file, its images, and its sentences for the terminal."""

    path: Path
    images: tuple[Path, ...]
    sentences: tuple[str, ...]


def render(results: Results, out: Path) -> Report:
    """Write the report; images of an earlier report in the folder that it no longer shows go."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "report.md"
    earlier = set(_IMAGE.findall(path.read_text(encoding="utf-8"))) if path.exists() else set()
    rows = shares.with_steps(results.of_step("EndToEnd"))
    overall = sentences.overall(rows)
    several = len(results.domains) > 1
    parts = [
        _part(results.of_domain(domain), domain if several else "", out)
        for domain in results.domains
    ]
    said = [*_all(parts, "sentences"), *_all(parts, "overlapped_sentences")]
    said += _all(parts, "joint_sentences")
    images = [*_all(parts, "share_images"), *_all(parts, "second_images")]
    images += _all(parts, "batch_images")
    text = _template().render(
        machine=cell(_machine(results)),
        overall=overall,
        random_weights=_random(results),
        heading=tables.heading(results),
        parts=parts,
        waiting=any(rows["mode"].isin(steps.WAITING_MODES)),
        tails=_has_tails(rows),
        checks=_checks(rows),
        trunks=[cell(sentence) for sentence in trunks.sentences(results.contexts)],
        duplicates=_duplicates(results),
        failed=tables.failed(results),
        ignored=_ignored(results),
        context=tables.context(results),
    )
    path.write_text(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", encoding="utf-8")
    files = [image.file for image in images]
    for file in earlier.difference(files):
        (out / file).unlink(missing_ok=True)
    return Report(path, tuple(out / file for file in files), (overall, *said))


def _part(results: Results, domain: str, out: Path) -> dict[str, Any]:
    """What the report shows of a domain, or of all rows where there is but one (`domain` "")."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    inference = results.of_step("Inference")
    contexts = results.contexts
    return {
        "title": domains.TITLES.get(domain, ""),
        "shared": [cell(text) for text in wording.settings_by_device(rows)[1]],
        "sentences": sentences.combinations(rows, contexts) if len(rows) else [],
        "share_images": step_bars.step_shares(rows, contexts, out, domain),
        "second_images": step_bars.step_seconds(rows, contexts, out, domain),
        "end_to_end": tables.end_to_end(rows, results),
        "rankings": _rankings(results),
        "joint_sentences": joint.sentences(results),
        "overlapped_sentences": overlapped.sentences(results),
        "pipelines": overlapped.pipelines(results),
        "gains": [
            {"title": steps.FAMILIES[step], "table": text}
            for step in joint.STEPS
            if (text := joint.gains(results, step))
        ],
        "batch_images": batch_sizes.batch_sizes(inference, contexts, out, domain),
        "throughputs": _throughputs(results),
    }


def _all(parts: list[dict[str, Any]], key: str) -> list[Any]:
    return [value for part in parts for value in part[key]]


def _has_tails(rows: pd.DataFrame) -> bool:
    alone = rows[~rows["configuration"].map(joint.is_joint).astype(bool)]
    return "build_cache" in alone and bool(alone["build_cache"].notna().any())


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # Markdown; cells are escaped by `markdown.cell`.
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["cell"] = cell
    return environment.get_template("report.md.j2")


def _machine(results: Results) -> str:
    """The device that the rows ran on, by its name."""
    names = []
    for source, context in results.contexts.items():
        devices = set(results.rows[results.rows["source"] == source]["device"])
        if devices != {"cpu"} and context.get("gpu_name"):
            names.append(str(context["gpu_name"]))
        elif context.get("cpu_model"):
            names.append(str(context["cpu_model"]))
    return " and ".join(dict.fromkeys(names)) or "an unnamed machine"


def _random(results: Results) -> str:
    """Candidates with random weights, or "all candidates"."""
    pairs = dict.fromkeys(zip(results.rows["source"], results.rows["subject"], strict=True))
    pairs = [pair for pair in pairs if pair[1] not in ("images", "text")]
    random = [s for source, s in pairs if weights.are_random(results.contexts[source], s)]
    if random and len(random) == len(pairs):
        return "all candidates"
    return ", ".join(wording.network(subject) for subject in dict.fromkeys(random))


def _checks(rows: pd.DataFrame) -> list[str]:
    found = [
        f"**Check** {code(row['name'])}: {cell(fault)}."
        for _, row in rows.iterrows()
        for fault in shares.faults(row)
    ]
    serial = rows[rows["mode"].isin([None, "serial"])]
    if not found and len(serial):
        most = max(shares.shares(row)["other"] for _, row in serial.iterrows())
        found.append(
            f"In serial mode the steps add up to the whole; other is at most {100 * most:.1f} % "
            f"(limit {100 * shares.OTHER_LIMIT:.0f} %)."
        )
    return found


def _rankings(results: Results) -> list[dict[str, Any]]:
    several = len(results.contexts) > 1
    return [
        {
            "words": cell(", ".join(words if several else words[1:])),
            "table": tables.ranked(places, results),
        }
        for words, places in ranking.rankings(results.of_step("EndToEnd"))
    ]


def _throughputs(results: Results) -> list[dict[str, str]]:
    return [
        {
            "title": steps.FAMILIES.get(step, step),
            "shared": cell(", ".join(wording.settings(results.of_step(step))[1])),
            "table": tables.throughput(step, results),
        }
        for step in tables.families(results)
    ]


def _duplicates(results: Results) -> list[str]:
    same = results.rows[results.rows["same_cut_as"].notna()]
    return list(
        dict.fromkeys(
            f"{cell(wording.network(row['subject']))}: {code(row['configuration'])} is the same "
            f"cut as {code(row['same_cut_as'])}"
            for _, row in same.iterrows()
        )
    )


def _ignored(results: Results) -> str:
    if not results.ignored:
        return ""
    names = ", ".join(code(name) for name in results.ignored[:5])
    more = ", …" if len(results.ignored) > 5 else ""
    return f"Rows left out, because their names do not follow the grammar: {names}{more}."
