# SPDX-License-Identifier: Apache-2.0
"""The content of a report, computed once for report.md and index.html; texts are Markdown."""

from typing import Any

import pandas as pd
from results import configurations, domains, ranking
from results.markdown import cell, code
from results.table import Results

from report import (
    first_screen,
    joint,
    machines,
    missing,
    overlapped,
    sentences,
    shares,
    steps,
    tables,
    trunks,
    weights,
    what_ifs,
    wording,
)
from report.gallery import Gallery
from report.whole_search import section


def gather(results: Results, gallery: Gallery) -> dict[str, Any]:
    rows = shares.with_steps(results.of_step("EndToEnd"))
    several = len(results.domains) > 1
    parts = [
        _part(results.of_domain(domain), domain if several else "", gallery)
        for domain in results.domains
    ]
    first = first_screen.findings(results)
    zoos = section.gather(results)
    return {
        "machine": cell(machines.title(results)),
        "mixed": machines.mixed(results),
        "facts": [
            ("Machine", machines.described(results)),
            ("Data", machines.data(results)),
            ("Measured", machines.measured(results)),
        ],
        "overall": section.overall(zoos) if zoos and rows.empty else sentences.overall(rows),
        "zoo_searches": zoos,
        "zoo_words": section.WORDS,
        "random_weights": _random(results),
        "heading": tables.heading(results),
        "diagnosed": first.diagnosed,
        "findings": first.full,
        "partial_findings": first.partial,
        "what_ifs": what_ifs.of_all([*first.full, *first.partial]),
        "checks_of_predictions": first.checks,
        "parts": parts,
        "waiting": any(rows["mode"].isin(steps.WAITING_MODES)),
        "tails": _has_tails(rows),
        "checks": _checks(rows),
        "trunks": [cell(sentence) for sentence in trunks.sentences(results.contexts)],
        "sections": gallery.sections,
        "duplicates": _duplicates(results),
        "failed": tables.failed(results),
        "missing": [
            *missing.sentences(results),
            *first.left_out,
            *(f"A figure could not draw these results: {text}." for text in gallery.failures),
        ],
        "ignored": _ignored(results),
        "context": tables.context(results),
    }


def _part(results: Results, domain: str, gallery: Gallery) -> dict[str, Any]:
    """The content for a domain, or for all rows where there is only one domain (`domain` "")."""
    rows = shares.with_steps(results.of_step("EndToEnd"))
    contexts = results.contexts
    title = domains.TITLES.get(domain, "")
    return {
        "title": title,
        "shared": [cell(text) for text in wording.settings_by_device(rows)[1]],
        "sentences": sentences.combinations(rows, contexts) if len(rows) else [],
        "share_images": gallery.of("shares", title),
        "end_to_end": tables.end_to_end(rows, results),
        "kinds": _kinds(rows, results),
        "rankings": _rankings(results),
        "joint_sentences": joint.sentences(results),
        "overlapped_sentences": overlapped.sentences(results),
        "pipelines": overlapped.pipelines(results),
        "gains": [
            {"title": steps.FAMILIES[step], "table": text}
            for step in joint.STEPS
            if (text := joint.gains(results, step))
        ],
        "throughputs": _throughputs(results),
    }


def _kinds(rows: pd.DataFrame, results: Results) -> dict[str, dict[str, Any]]:
    """Sentences and a table, separately for full networks, tails and joint networks."""
    is_joint = rows["configuration"].map(configurations.is_joint).astype(bool)
    full = rows["configuration"] == "full"
    kinds = {"full": rows[full], "partial": rows[~full & ~is_joint], "joint": rows[is_joint]}
    return {
        kind: {
            "shared": [cell(text) for text in wording.settings_by_device(own)[1]],
            "sentences": sentences.combinations(own, results.contexts) if len(own) else [],
            "table": tables.end_to_end(own, results),
        }
        for kind, own in kinds.items()
    }


def _has_tails(rows: pd.DataFrame) -> bool:
    alone = rows[~rows["configuration"].map(configurations.is_joint).astype(bool)]
    return "build_cache" in alone and bool(alone["build_cache"].notna().any())


def _random(results: Results) -> str:
    """Candidates with random weights, or "all candidates"."""
    rows = results.of_candidates
    pairs = dict.fromkeys(zip(rows["source"], rows["subject"], strict=True))
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
