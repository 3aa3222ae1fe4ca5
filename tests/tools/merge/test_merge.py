# SPDX-License-Identifier: Apache-2.0
"""Shards of an invented run, merged: the rows of one process, and what is wrong with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from merge import command
from report import machines
from results import reader, table

NAMES = [f"LoadModel/resnet{n}/full/cpu/manual_time" for n in (18, 34, 50, 101, 152)]
CONTEXT = {
    "date": "2026-01-01T00:00:00+00:00", "host_name": "n0", "num_cpus": 2, "cpu_model": "A",
    "git_revision": "abc", "compiler": "GNU 12", "harness_build_type": "Release",
    "data_identity": "1", "option_batches": "50", "shard_grid": "5 rows, 12",
    "row_versions": "LoadModel=1",
}  # fmt: skip


def row(name: str, seconds: float = 1, **entries) -> dict:
    return {
        "name": name, "run_name": name, "run_type": "iteration", "family_index": 0,
        "repetitions": 1, "real_time": seconds, "time_unit": "s", **entries,
    }  # fmt: skip


def failed(name: str) -> dict:
    return row(name, 0, error_occurred=True, error_message="out of memory")


@dataclass
class Run:
    """Three shards in a folder; row k belongs to shard k % 3."""

    folder: Path
    documents: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        for index in range(3):
            context = CONTEXT | {"shard": f"{index}/3", "shard_source": "--shard"}
            rows = [row(name, k + 1) for k, name in enumerate(NAMES) if k % 3 == index]
            self.documents.append({"context": context, "benchmarks": rows})

    @property
    def out(self) -> Path:
        return self.folder / "RESULTS.json"

    def path(self, index: int, suffix: str = ".json") -> Path:
        return self.folder / f"RESULTS.shard-{index}-of-3{suffix}"

    def write(self) -> None:
        for index, document in enumerate(self.documents):
            self.path(index).write_text(json.dumps(document, indent=2))
            deal = [f"{k % 3}\t1\t{name}\n" for k, name in enumerate(NAMES)]
            self.path(index, ".rows.txt").write_text("".join(deal))
            lines = [json.dumps({"name": r["name"]}) + "\n" for r in document["benchmarks"]]
            self.path(index, ".samples.jsonl").write_text("".join(lines))

    def merge(self, *flags: str) -> int:
        return command.main([str(self.folder), "-o", str(self.out), *flags])

    def rows(self) -> list[dict]:
        return json.loads(self.out.read_text())["benchmarks"]

    def context(self) -> dict:
        return json.loads(self.out.read_text())["context"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_rows_are_those_of_one_process(run: Run) -> None:
    run.write()
    assert run.merge() == 0
    assert [(r["name"], r["family_index"]) for r in run.rows()] == [
        (name, place) for place, name in enumerate(NAMES)
    ]
    assert not any("machine" in r for r in run.rows())
    assert run.context() == {k: v for k, v in CONTEXT.items()} | {"merged_shards": "0/3 1/3 2/3"}
    samples = (run.folder / "RESULTS.samples.jsonl").read_text().splitlines()
    assert [json.loads(line)["name"] for line in samples] == NAMES


def test_merging_again_changes_nothing(run: Run) -> None:
    run.documents[1]["context"] |= {"host_name": "n1", "cpu_model": "B"}
    run.write()
    assert run.merge() == 0
    first = run.out.read_bytes()
    assert run.merge() == 0
    assert command.main([str(run.folder), str(run.out), "-o", str(run.out)]) == 0
    assert run.out.read_bytes() == first
    alone = run.folder / "ALONE.json"
    assert command.main([str(run.out), "-o", str(alone)]) == 0
    assert alone.read_bytes() == first


def test_rows_name_their_machines_where_these_differ(run: Run) -> None:
    run.documents[1]["context"] |= {"host_name": "n1", "cpu_model": "B"}
    run.documents[2]["context"] |= {"num_cpus": 8}  # The same host with more processors.
    run.write()
    assert run.merge() == 0
    assert [r["machine"] for r in run.rows()] == ["n0", "n1", "n0#2", "n0", "n1"]
    context = run.context()
    assert context["cpu_model"] == "A | B"
    warning = machines.mixed(table.read([run.out]))
    assert "machines of 3 kinds: n0; n0#2; n1" in warning
    described = {n: json.loads(context[f"merged_machine_{n}"]) for n in ("n0", "n1", "n0#2")}
    assert described["n1"]["cpu_model"] == "B"
    assert [described[n]["num_cpus"] for n in ("n0", "n0#2")] == [2, 8]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("git_revision", "build"),
        ("harness_build_type", "build"),
        ("compiler", "library"),
        ("data_identity", "data"),
        ("option_batches", "option"),
        ("shard_grid", "grid"),
        ("row_versions", "build"),
    ],
)
def test_other_runs_are_refused(run: Run, capsys, entry: str, kind: str) -> None:
    run.documents[2]["context"][entry] = "other"
    run.write()
    assert run.merge() == 3
    assert not run.out.exists()
    errors = capsys.readouterr().err
    assert f"{entry} ({kind})" in errors and "shard-2-of-3.json 'other'" in errors
    assert run.merge(f"--allow-different={kind}") == 0
    assert run.merge(f"--allow-different={entry}") == 0
    assert run.merge("--allow-different=machines") == 2
    assert "machines is neither a kind (library, build, " in capsys.readouterr().err


def test_candidates_of_one_shard_do_not_make_another_run(run: Run) -> None:
    for index, name in enumerate(("a", "b", "a")):
        run.documents[index]["context"][f"weights_{name}"] = "random"
    run.write()
    assert run.merge() == 0
    assert {"weights_a", "weights_b"} <= run.context().keys()
    run.documents[2]["context"]["weights_a"] = "checkpoint"
    run.documents[0]["context"].pop("weights_a")
    run.documents[1]["context"]["weights_a"] = "random"
    run.write()
    assert run.merge() == 3


def test_missing_failed_and_duplicate_rows_are_reported(run: Run, capsys) -> None:
    run.documents[0]["benchmarks"] = [row(NAMES[0], 1), failed(NAMES[3])]
    run.documents[1]["benchmarks"] = [row(NAMES[1], 2)]
    run.documents[2]["benchmarks"] += [row(NAMES[0], 9)]
    run.write()
    missing = run.folder / "again.txt"
    assert run.merge(f"--missing={missing}") == 1
    text = capsys.readouterr().out
    assert "4 of 5 rows, 1 of them failed" in text
    assert f"1 missing:\n  {NAMES[4]}" in text
    assert f"{NAMES[3]}: out of memory" in text
    assert f"{NAMES[0]} (RESULTS.shard-0-of-3.json, RESULTS.shard-2-of-3.json)" in text
    assert "Shards to run again, with --resume --retry_failed: 0,1" in text
    assert missing.read_text().splitlines() == NAMES[3:]
    assert run.rows()[0]["real_time"] == 1
    # A retry that worked takes the failed row's place, whatever shard has it.
    run.documents[2]["benchmarks"].append(row(NAMES[3], 4))
    run.documents[1]["benchmarks"].append(row(NAMES[4], 5))
    run.write()
    assert run.merge() == 0
    assert [r["real_time"] for r in run.rows()] == [1, 2, 3, 4, 5]


def test_a_row_on_many_machines_is_that_of_the_median_machine(tmp_path: Path, capsys) -> None:
    """Each node measured the whole grid; n3 is slow in one of two rows."""
    nodes = [tmp_path / f"n{node}.json" for node in range(4)]
    for node, path in enumerate(nodes):
        slow = 1.2 if node == 3 else 1 + 0.01 * node
        rows = [row(NAMES[0], 2 * slow), row(NAMES[1], 1 + 0.001 * node)]
        path.write_text(json.dumps({"context": CONTEXT | {"host_name": path.stem},
                                    "benchmarks": rows}))  # fmt: skip
    out = tmp_path / "RESULTS.json"
    assert command.main([*map(str, nodes), "-o", str(out)]) == 0
    text = capsys.readouterr().out
    assert "n3: in 1 of 2 rows, by up to 18 %" in text
    assert "more than once" not in text
    [first, second] = json.loads(out.read_text())["benchmarks"]
    assert (first["machine"], first["real_time"]) == ("n1", 2.02)
    assert first["machine_seconds"] == {"n0": 2, "n1": 2.02, "n2": 2.04, "n3": 2.4}
    assert second["machine"] == "n1"
    before = out.read_bytes()
    assert command.main([*map(str, nodes), str(out), "-o", str(out)]) == 0
    assert out.read_bytes() == before
    assert command.main([str(out), "-o", str(out)]) == 0
    assert out.read_bytes() == before


def test_a_shard_that_has_not_begun_is_missing(run: Run, capsys) -> None:
    run.write()
    run.path(1).unlink()
    assert run.merge() == 1
    assert f"2 missing:\n  {NAMES[1]}\n  {NAMES[4]}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "rows"), [("{NAMES[0]}", 0), ("{NAMES[3]}", 1), ("]", 2), ("\n}}", 2)]
)
def test_growing_shards_are_read_up_to_their_last_whole_row(
    run: Run, before: str, rows: int
) -> None:
    """As Google Benchmark writes them: without an end until the run ends."""
    run.write()
    text = run.path(0).read_text()
    end = before.format(NAMES=NAMES)
    run.path(0).write_text(text[: text.rindex(end) + len(end) - 1])
    run.merge()
    names = [r["name"] for r in run.rows()]
    assert [NAMES[k] in names for k in (0, 3)] == [rows > 0, rows > 1]
    assert [name for name in NAMES if name in names] == names
    run.path(0).write_text(text)
    assert run.merge() == 0


def test_rows_without_all_repetitions_are_missing(run: Run, capsys) -> None:
    repeated = [row(NAMES[0], 1, repetitions=3, repetition_index=i) for i in range(3)]
    run.documents[0]["benchmarks"][:1] = repeated[:2]
    run.write()
    assert run.merge() == 1
    assert f"1 missing:\n  {NAMES[0]}" in capsys.readouterr().out
    run.documents[0]["benchmarks"][:2] = repeated
    run.write()
    assert run.merge() == 0
    assert [r["family_index"] for r in run.rows()] == [0, 0, 0, 1, 2, 3, 4]


def test_bad_input_is_named(run: Run, capsys) -> None:
    assert run.merge() == 2
    assert "no *.shard-*-of-*.json or *.shard-auto-*.json in this folder" in capsys.readouterr().err
    run.write()
    run.path(1).write_text("[1, 2]")
    assert run.merge() == 2
    assert "RESULTS.shard-1-of-3.json: not Google Benchmark JSON" in capsys.readouterr().err
    run.write()
    run.path(0, ".rows.txt").write_text("zero rows\n")
    assert run.merge() == 2
    assert "RESULTS.shard-0-of-3.rows.txt: a line is not" in capsys.readouterr().err


def test_folders_are_read_without_shards_that_are_merged(run: Run) -> None:
    run.write()
    assert len(list(reader.files([run.folder]))) == 3
    assert run.merge() == 0
    assert list(reader.files([run.folder])) == [run.out]


@dataclass
class Workers:
    """Files of --shard=auto in a folder: rows by the workers' names."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "RESULTS.json"

    def write(self, worker: str, rows: list[dict], **context) -> None:
        path = self.folder / f"RESULTS.shard-auto-{worker}.json"
        context = CONTEXT | {"shard": f"auto-{worker}", "shard_source": "--shard=auto"} | context
        path.write_text(json.dumps({"context": context, "benchmarks": rows}, indent=2))
        path.with_suffix(".rows.txt").write_text("".join(f"auto\t1\t{name}\n" for name in NAMES))

    def merge(self) -> int:
        return command.main([str(self.folder), "-o", str(self.out)])

    def rows(self) -> list[dict]:
        return json.loads(self.out.read_text())["benchmarks"]


@pytest.fixture
def workers(tmp_path: Path) -> Workers:
    return Workers(tmp_path)


def test_files_of_workers_are_merged_in_the_order_of_the_grid(workers: Workers, capsys) -> None:
    workers.write("n1-10", [row(NAMES[3]), row(NAMES[0])])
    workers.write("n1-2", [row(NAMES[4]), row(NAMES[1])])
    assert workers.merge() == 1
    text = capsys.readouterr().out
    assert f"1 missing:\n  {NAMES[2]}" in text
    assert "Start the workers again, with --resume --retry_failed" in text
    workers.write("n1-2", [row(NAMES[4]), row(NAMES[1]), row(NAMES[2])])
    assert workers.merge() == 0
    assert [r["name"] for r in workers.rows()] == NAMES
    context = json.loads(workers.out.read_text())["context"]
    assert context["merged_shards"] == "auto-n1-2 auto-n1-10"
    first = workers.out.read_bytes()
    assert command.main([str(workers.folder), str(workers.out), "-o", str(workers.out)]) == 0
    assert workers.out.read_bytes() == first
    assert list(reader.files([workers.folder])) == [workers.out]


@pytest.mark.parametrize("host", ["n0", "n1"])
def test_a_row_whose_lease_was_taken_back_is_there_once(
    workers: Workers, capsys, host: str
) -> None:
    """On one machine, and on two."""
    workers.write("0", [row(name, 2) for name in NAMES])
    workers.write("1", [row(NAMES[1], 3)], host_name=host)
    assert workers.merge() == 0
    assert [r["name"] for r in workers.rows()] == NAMES
    text = capsys.readouterr().out
    assert "1 measured more than once" in text
    assert f"{NAMES[1]} (RESULTS.shard-auto-0.json, RESULTS.shard-auto-1.json)" in text
