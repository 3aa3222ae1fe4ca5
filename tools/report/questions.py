# SPDX-License-Identifier: Apache-2.0
"""The sections of a report behind its first screen: one for each question that a reader asks."""

import statistics
from collections.abc import Iterable

import pandas as pd
from results import configurations, domains
from results.table import Results

from report import (
    joint,
    machines_differ,
    overlapped,
    ranges,
    ranking_tables,
    shares,
    steps,
    tables,
    trunks,
    what_ifs,
    wording,
)
from report.answer import commands
from report.answer import sentences as answer_sentences
from report.answer.first import First
from report.gallery import Gallery
from report.section import Section, Tables, clauses

_EXTRACT = (
    '"Extract" is from the first batch requested to the last feature done; bold is the largest.'
)
_WAITING = 'In prefetch mode "Load data" is waiting for the loader, which works ahead.'
_OVER = '"Over slowest alone" is the extraction over its slowest step alone; 1 is the best.'
_PAYS = '"Cache pays after" counts searches until building the trunk\'s cache has saved time.'
_JOINT = "A joint network runs several heads after one trunk; a ratio above 1 means it is faster."
_INTERVAL = "Intervals are corrected for all changes that this report looks at."


def sections(results: Results, first: First, gallery: Gallery) -> list[Section]:
    """Those that have content, in the order of the page."""
    found = [
        _time(results, first, gallery),
        _help(results, first, gallery),
        _batch(results, gallery),
        _tails(results, first, gallery),
        _scores(results, gallery),
        _sure(results, first, gallery),
        _steps_alone(results),
    ]
    return [one for one in found if not one.empty]


def _domains(results: Results) -> Iterable[tuple[Results, str]]:
    """The results of each kind of input, with words for titles where there are several."""
    several = len(results.domains) > 1
    for domain in results.domains:
        words = f", {domains.TITLES[domain].lower()}" if several else ""
        yield results.of_domain(domain), words


def _behind(
    results: Results, names: Iterable[str], files: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Names of rows, each once, a command for each file and kind of input that measures their
    steps, and the files where these are not all."""
    known, own = dict.fromkeys(names), dict.fromkeys(files)
    rows = results.rows[results.rows["name"].isin(list(known))]
    rows = rows[rows["source"].isin(list(own))] if own else rows
    said = [
        commands.of_steps(
            results.contexts[source], dict.fromkeys(group["step"]), domain, results.data_dir
        )
        for (source, domain), group in rows.groupby(["source", "domain"], sort=False)
    ]
    return tuple(known), tuple(dict.fromkeys(said)), tuple(own)


def _names(results: Results, *families: str) -> list[str]:
    measured = results.measured
    return list(measured[measured["step"].isin(families)]["name"])


def _time(results: Results, first: First, gallery: Gallery) -> Section:
    said = [answer_sentences.limit_explained(first.answer)] if first.answer else []
    seconds = results.rows.groupby("name")["seconds"].max()
    slowest = sorted(first.full, key=lambda one: -seconds.get(one.row_name, 0.0))
    said += first.saved + [" ".join(clauses(one.sentence)) for one in slowest]
    found = Tables()
    for zoo in first.zoos:
        found.add(f"Searches of {zoo.title}", zoo.searches, _OVER)
    for own, words in _domains(results):
        rows = shares.with_steps(own.of_step("EndToEnd"))
        full = rows[rows["configuration"] == "full"]
        waiting = [_WAITING] if full["mode"].isin(steps.WAITING_MODES).any() else []
        found.add(f"Seconds and shares of each step{words}", tables.end_to_end(full, own), _EXTRACT,
                  *waiting)  # fmt: skip
        found.add(f"All steps at once{words}", overlapped.pipelines(own), _OVER)
    names = _names(results, "Search") + list(
        results.of_step("EndToEnd").query("configuration == 'full'")["name"]
    )
    images = gallery.of("search", "shares", "machine")
    return Section("time", "What takes the time?", tuple(said), images, tuple(found.found),
                   *_behind(results, names))  # fmt: skip


def _help(results: Results, first: First, gallery: Gallery) -> Section:
    found = Tables()
    found.add("What each change would gain", what_ifs.of_all(first.full), _INTERVAL)
    for zoo in first.zoos:
        found.add(f"Changes of {zoo.title}", what_ifs.of_zoo(zoo))
    for own, words in _domains(results):
        found.add(f"Loading{words}", tables.throughput("LoadData", own))
    said = []
    if first.full:
        helped = sum(bool(what_ifs.settings_of(one)) for one in first.full)
        said = [f"A change of a setting helps {helped} of {len(first.full)} searches by itself."]
    names = [name for one in first.full for name in one.evidence]
    names += [name for one in first.full for w in one.what_ifs for name in w.rows]
    names += _names(results, "LoadData")
    files = [one.source for one in first.full]
    files += [file for one in first.full for w in one.what_ifs for file in w.sources]
    files += list(results.of_step("LoadData")["source"])
    images = gallery.of("gains", "data path")
    return Section("help", "What would help?", tuple(said), images, tuple(found.found),
                   *_behind(results, names, files))  # fmt: skip


def _batch(results: Results, gallery: Gallery) -> Section:
    found = Tables()
    for own, words in _domains(results):
        full = _only(own, own.rows["configuration"] == "full")
        found.add(f"Inference by batch size{words}", tables.throughput("Inference", full))
        found.add(f"Largest batch{words}", tables.throughput("MaxBatchSize", own))
    said = [text for own, _ in _domains(results)
            for text in (*tables.best_batches(own), *ranges.fits(own))]  # fmt: skip
    names = _names(results, "Inference", "MaxBatchSize")
    return Section("batch", "Which batch size, and what fits?", tuple(said),
                   gallery.of("batch sizes"), tuple(found.found),
                   *_behind(results, names))  # fmt: skip


def _only(results: Results, kept: pd.Series) -> Results:
    rows = results.rows[kept].reset_index(drop=True)
    return Results(rows, results.contexts)


def _tails(results: Results, first: First, gallery: Gallery) -> Section:
    found = Tables()
    for own, words in _domains(results):
        rows = shares.with_steps(own.of_step("EndToEnd"))
        is_joint = rows["configuration"].map(configurations.is_joint).astype(bool)
        tails = rows[(rows["configuration"] != "full") & ~is_joint]
        found.add(f"Tails{words}", tables.end_to_end(tails, own), _PAYS)
        for step in joint.STEPS:
            title = f"{steps.FAMILIES[step]}: joint, separate and cached{words}"
            found.add(title, joint.gains(own, step), _JOINT)
        cut = own.rows["configuration"].fillna("full") != "full"
        found.add(f"Inference of tails{words}", tables.throughput("Inference", _only(own, cut)))
        found.add(f"Blocks{words}", tables.throughput("Blocks", own))
    found.add("A tail in place of its full network",
              what_ifs.of_all(first.full, what_ifs.tails_of), _PAYS, _INTERVAL)  # fmt: skip
    found.add("What would help a tail", what_ifs.of_all(first.partial), _INTERVAL)
    said = [text for own, _ in _domains(results) for text in ranges.tails(own)]
    said += ranges.cuts(results)
    said += trunks.sentences(results.contexts) + tables.cut_at_the_same_place(results)
    said += [" ".join(clauses(one.sentence)) for one in first.partial]
    cut = results.measured["configuration"].fillna("full") != "full"
    names = [*results.measured[cut]["name"], *_names(results, "Blocks")]
    return Section("tails", "Full, tail or joint?", tuple(said),
                   gallery.of("partial and joint", "blocks"), tuple(found.found),
                   *_behind(results, names))  # fmt: skip


def _scores(results: Results, gallery: Gallery) -> Section:
    found = Tables()
    said = []
    for own, words in _domains(results):
        found.add(f"Seconds of each score{words}", tables.throughput("Score", own))
        said += ranges.scores(own)
    for title, text in ranking_tables.all_of(results):
        found.add(title, text)
    if random := ranking_tables.random(results):
        said.append(random)
    names = _names(results, "Score")
    return Section("scores", "What do scores cost, and are they right?", tuple(said),
                   gallery.of("scoring", "accuracy"), tuple(found.found),
                   *_behind(results, names))  # fmt: skip


def _sure(results: Results, first: First, gallery: Gallery) -> Section:
    said = []
    usual = [abs(check.error) for check in first.checks if not check.first]
    if usual:
        median, most = (wording.percent(value) for value in (statistics.median(usual), max(usual)))
        said.append(
            f"{len(usual)} predictions were measured too: off by {median} in the median, {most} "
            "at most."
        )
    said += [zoo.planned for zoo in first.zoos if zoo.planned]
    checks = tables.checks(shares.with_steps(results.of_step("EndToEnd")))
    found = Tables()
    found.add("Predictions next to what was measured", what_ifs.of_checks(first.checks))
    found.add("Failed combinations", tables.failed(results))
    found.add("Rows that several machines measured", machines_differ.rows(results))
    said += machines_differ.sentence(results)
    return Section("sure", "How sure are these numbers?", tuple([*said, *checks]),
                   gallery.of("steadiness"), tuple(found.found))  # fmt: skip


def _steps_alone(results: Results) -> Section:
    found = Tables()
    shown = {"EndToEnd", "Search", "LoadData", "Inference", "MaxBatchSize", "Blocks", "Score"}
    for own, words in _domains(results):
        for step in tables.families(own):
            if step not in shown or (step in ("EndToEnd", "Search")):
                title = f"{steps.FAMILIES.get(step, step)}{words}"
                found.add(title, tables.throughput(step, own))
    names = [name for step in set(results.measured["step"]) - shown for name in
             _names(results, step)]  # fmt: skip
    return Section("steps", "What does each other step take?", (), (), tuple(found.found),
                   *_behind(results, names))  # fmt: skip
