# SPDX-License-Identifier: Apache-2.0
"""The decision about rows, its table of cases and its error rates; environments; both commands."""

import json
import math
import random
import shutil
from pathlib import Path

import calibrate_comparison
import compare
import paired_run
import pytest
from comparing import environment, intervals, rounds
from comparing.decision import Decision, Evidence, Rule, Verdict, benjamini_hochberg, decide
from comparing.gate import Gate, exit_code
from comparing.results import Process, ResultError, read, read_process
from comparing.table import Line
from comparing.table import compare as compare_rows

FAKE = Path(__file__).parent / "fake_benchmark.py"
RULE = Rule()
ROW = "Inference/resnet18/full/cpu/batch:8/manual_time"


def test_the_signed_rank_test_is_exact() -> None:
    # Wilcoxon's tables, two-sided 5 %: sums of up to 52 of 20 ranks, 8 of 10, 0 of 6.
    for count, critical in ((20, 52), (10, 8), (6, 0)):
        for smaller, significant in ((critical, True), (critical + 1, False)):
            values = [float(i) for i in range(1, count + 1)]
            left = smaller
            for rank in range(count, 0, -1):
                if rank <= left:
                    values[rank - 1] *= -1
                    left -= rank
            assert (intervals.paired_p(values) <= 0.05) == significant
    assert intervals.paired_p([0.0, 0.0]) == 1
    # The 53rd of the 210 means, from either end.
    values = [float(2**i) for i in range(20)]
    means = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    found = intervals.paired_interval(values, 0.05)
    assert (found.low, found.high) == (means[52], means[-53])
    assert intervals.paired_interval(values[:5], 0.05) is None
    assert intervals.paired_median([1.0, 2.0, 9.0]) == 3.5


def test_mann_whitney_is_exact() -> None:
    # Tables of U: 4 and 4 values that do not overlap, 2/70; 5 and 5, 2/252.
    assert intervals.unpaired_p([1, 2, 3, 4], [5, 6, 7, 8]) == pytest.approx(2 / 70)
    assert intervals.unpaired_p([5, 6, 7, 8, 9], [0, 1, 2, 3, 4]) == pytest.approx(2 / 252)
    assert intervals.unpaired_p([1, 1, 1], [1, 1, 1]) == 1
    assert intervals.unpaired_interval([1, 2, 3], [4, 5, 6], 0.05) is None
    found = intervals.unpaired_interval([0, 0, 0, 0], [1, 2, 3, 4], 0.05)
    assert (found.low, found.high) == (1, 4)


def test_benjamini_hochberg_equals_the_published_example() -> None:
    # Benjamini and Hochberg (1995), table 1: four of fifteen are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    adjusted = benjamini_hochberg(p)
    assert sum(value <= 0.05 for value in adjusted) == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert benjamini_hochberg([]) == []


def pairs(effect: float, spread: float, count: int, flips: int = 0) -> Evidence:
    """Rounds whose ratios lie around 1 + effect; `flips` of them have the other sign."""
    logs = [math.log1p(effect) + spread * (2 * i / (count - 1) - 1) for i in range(count)]
    for i in range(flips):
        logs[i] = -logs[i]
    return Evidence((1.0,) * count, tuple(math.exp(value) for value in logs), True)


@pytest.mark.parametrize(
    ("what", "row", "verdict"),
    [
        ("nothing differs", pairs(0, 0.01, 20), Verdict.SAME),
        ("clearly slower", pairs(0.05, 0.02, 20), Verdict.SLOWER),
        ("clearly faster", pairs(-0.05, 0.02, 20), Verdict.FASTER),
        ("certain, but too small to matter", pairs(0.01, 0.005, 20), Verdict.SAME),
        ("certain, near the margin", pairs(0.029, 0.01, 20), Verdict.UNSURE),
        ("large, but noisy", pairs(0.05, 0.2, 20), Verdict.UNSURE),
        ("too noisy to be the same", pairs(0, 0.2, 20), Verdict.UNSURE),
        ("too few rounds", pairs(0.5, 0.01, 5), Verdict.UNSURE),
        ("few rounds cannot be slower", pairs(0.5, 0.01, 7), Verdict.UNSURE),
        ("one round", Evidence((1.0,), (2.0,), True), Verdict.UNSURE),
        ("many processes", Evidence((1.0,) * 8, (1.1,) * 8, False), Verdict.SLOWER),
        ("too few processes", Evidence((1.0,) * 3, (1.1,) * 3, False), Verdict.UNSURE),
        ("equal processes", Evidence((1.0,) * 8, (1.001,) * 8, False), Verdict.SAME),
    ],
)
def test_verdicts(what: str, row: Evidence, verdict: Verdict) -> None:
    (decision,) = decide([row], RULE)
    assert decision.verdict == verdict, f"{what}: {decision}"
    assert decision.reason


def test_a_counter_may_be_better_when_it_is_larger() -> None:
    (decision,) = decide([pairs(0.1, 0.01, 20)], RULE, smaller_is_better=False)
    assert decision.verdict == Verdict.FASTER
    assert decision.effect == pytest.approx(0.1)


def test_many_rows_need_more_evidence_than_one() -> None:
    weak = pairs(0.05, 0.01, 20, flips=4)
    assert decide([weak], RULE)[0].verdict == Verdict.SLOWER
    many = [weak, *(pairs(0, 0.2, 20) for _ in range(200))]
    assert decide(many, RULE)[0].verdict == Verdict.UNSURE


@pytest.mark.parametrize(
    ("noise", "slow", "most_unsure"), [(0.01, 0, 0.01), (0.02, 0, 0.1), (0.02, 0.1, 1), (0.1, 0, 1)]
)
def test_equal_programs_are_rarely_called_different(
    noise: float, slow: float, most_unsure: float
) -> None:
    """1,500 invented pairs through both looks: lognormal noise, and a share of slow processes."""
    draw = random.Random(7)
    verdicts = [looked_at(draw, noise, 0.0, slow) for _ in range(1500)]
    wrong = sum(verdict in (Verdict.SLOWER, Verdict.FASTER) for verdict in verdicts)
    assert wrong / len(verdicts) < 0.01
    assert verdicts.count(Verdict.UNSURE) / len(verdicts) <= most_unsure


def test_a_delay_of_five_percent_is_found() -> None:
    draw = random.Random(8)
    verdicts = [looked_at(draw, 0.025, 0.05, 0) for _ in range(500)]
    assert verdicts.count(Verdict.SLOWER) / len(verdicts) > 0.95


def looked_at(draw: random.Random, noise: float, delay: float, slow: float) -> Verdict:
    def time(factor: float) -> float:
        return factor * draw.lognormvariate(0, noise) * (1.2 if draw.random() < slow else 1)

    base = [time(1) for _ in range(20)]
    new = [time(1 + delay) for _ in range(20)]
    verdict = Verdict.UNSURE
    for last, share in rounds.LOOKS:
        evidence = Evidence(tuple(base[:last]), tuple(new[:last]), True)
        verdict = decide([evidence], RULE.spending(share))[0].verdict
        if verdict != Verdict.UNSURE:
            break
    return verdict


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cpu_model", "machine"),
        ("gpu_uuid", "machine"),
        ("driver_version", "driver"),
        ("libtorch_version", "library"),
        ("library_build_type", "library"),
        ("harness_build_type", "build"),
        ("data_identity", "data"),
        ("weights_resnet18", "data"),
        ("option_batches", "option"),
        ("option_batch_sizes", ""),
        ("something_new", "option"),
        ("git_revision", ""),
        ("date", ""),
    ],
)
def test_entries_of_the_context_have_a_kind(name: str, kind: str) -> None:
    assert environment.kind_of(name) == kind


def test_every_entry_of_a_real_context_is_classified(root: Path) -> None:
    """`option` is also what is not known: nothing else may fall there."""
    for file in (root / "reports/baselines").glob("*.json"):
        for name in read_process(file).context:
            kind = environment.kind_of(name)
            assert kind != "option" or name.startswith("option_") or name in ("seed", "page_cache")


def test_different_conditions_are_named_and_may_be_allowed() -> None:
    base = {"cpu_model": "A", "driver_version": "1", "git_revision": "x", "weights_a": "1"}
    new = {"cpu_model": "B", "driver_version": "2", "git_revision": "y"}
    found = environment.differences(base, new)
    assert [(d.kind, d.name) for d in found] == [
        ("machine", "cpu_model"),
        ("driver", "driver_version"),
    ]
    assert "--allow-different=machine,driver" in environment.message(found)
    assert environment.differences(base, new, ["machine", "driver_version"]) == []
    assert environment.unknown(["machine", "cpu_model", "cpu"], base) == ["cpu"]


def test_repetitions_are_one_piece_of_evidence(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    rows = [
        {"name": "a", "real_time": t, "time_unit": "ms", "run_type": "iteration"} for t in (1, 9, 2)
    ]
    rows += [{"name": "a_mean", "real_time": 4, "time_unit": "ms", "run_type": "aggregate"}]
    path.write_text(json.dumps({"context": {}, "benchmarks": rows}))
    assert read_process(path).rows == {"a": {"time": 0.002}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"context": {}}',
        '{"context": null, "benchmarks": []}',
        '{"context": {}, "benchmarks": null}',
        '{"context": {}, "benchmarks": [{}]}',
        '{"context": {}, "benchmarks": [1]}',
        '{"context": {}, "benchmarks": [{"name": "a", "real_time": 1, "time_unit": "min"}]}',
        '{"context": {}, "benchmarks": [{"name": "a", "real_time": null}]}',
    ],
)
def test_files_that_are_no_results_are_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(ResultError, match=r"r\.json is no Google Benchmark JSON"):
        read(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slower",
        "slower:5",
        "faster:5%",
        "macs:worse:5%",
        "time:x:5%",
        "a:b:c:d%",
        "slower:nan%",
        "slower:inf%",
        "slower:-1%",
    ],
)
def test_bad_gates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Gate.parse(text)


@pytest.mark.parametrize(
    ("verdict", "effect", "gate", "strict", "code"),
    [
        (Verdict.SLOWER, 0.06, "slower:5%", False, 1),
        (Verdict.SLOWER, 0.04, "slower:5%", False, 0),
        (Verdict.UNSURE, 0.5, "slower:5%", False, 0),
        (Verdict.UNSURE, 0.5, "slower:5%", True, 4),
        (Verdict.MISSING, None, "slower:5%", True, 4),
        (Verdict.FAILED, None, "slower:5%", False, 0),
        (Verdict.FASTER, -0.5, "slower:5%", True, 0),
        (Verdict.SLOWER, 0.9, "items_per_second:worse:5%", False, 0),
    ],
)
def test_exit_codes(verdict, effect, gate, strict, code) -> None:
    line = Line("row", "time", Decision(verdict, "why", effect))
    assert exit_code([line], [Gate.parse(gate)], strict) == code


@pytest.fixture
def programs(tmp_path: Path):
    def make(side: str, **settings) -> Path:
        folder = tmp_path / side
        folder.mkdir()
        shutil.copy(FAKE, folder / "fake.py")
        (folder / "fake.settings").write_text(json.dumps({"rows": {ROW: 0.01}} | settings))
        return folder / "fake.py"

    return make


def run(*arguments: object) -> int:
    return paired_run.main([str(argument) for argument in arguments])


def decisions(path: Path) -> dict[tuple[str, str], dict]:
    rows = json.loads(path.read_text())["rows"]
    return {(row["name"], row["metric"]): row for row in rows}


def test_a_paired_run_decides_every_row(programs, tmp_path: Path, capsys) -> None:
    rows = {ROW: 0.01, "b.c": 0.02, "bxc": 0.5}
    base = programs("base", rows=rows, noise=0.01, seed=1)
    new = programs("new", rows=rows | {"b.c": 0.022}, noise=0.01, seed=2)
    out = tmp_path / "out"
    code = run(base, new, "--output", out, "--json", tmp_path / "d.json", "--markdown",
               tmp_path / "d.md", "--fail-if", "slower:5%", "--benchmark_filter=.")  # fmt: skip
    assert code == 1
    found = decisions(tmp_path / "d.json")
    assert found[(ROW, "time")]["verdict"] == "SAME"
    assert found[("b.c", "time")]["verdict"] == "SLOWER"
    assert found[("b.c", "time")]["effect"] == pytest.approx(0.1, abs=0.02)
    assert len(list((out / "base").iterdir())) == len(list((out / "new").iterdir())) in (12, 20)
    markdown = (tmp_path / "d.md").read_text()
    assert markdown.startswith("**2 SAME, 1 SLOWER**")
    assert "| `b.c` | time | SLOWER |" in markdown
    # The folders can be compared again.
    assert compare.main([str(out / "base"), str(out / "new"), "--paired"]) == 0


def test_rows_that_are_decided_are_not_run_again(programs, tmp_path: Path) -> None:
    rows = {"calm": 0.01, "b.c": 0.02}
    base = programs("base", rows=rows, noise=0, seed=1)
    # A difference at the margin stays unsure to the end.
    new = programs("new", rows=rows | {"b.c": 0.0206}, noise=0.004, seed=2)
    out = tmp_path / "out"
    assert run(base, new, "--output", out, "--strict") == 4
    last = read_process(out / "new" / "round-020.json")
    assert list(last.rows) == ["b.c"]


def test_the_budget_ends_it(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base", noise=0.2), programs("new", noise=0.2, seed=3)
    assert run(base, new, "--output", tmp_path / "out", "--budget=0.001") == 0
    assert "the time is up after 1 rounds" in capsys.readouterr().out
    assert len(list((tmp_path / "out/base").iterdir())) == 1


def test_failures_and_missing_rows_lose_no_other(programs, tmp_path: Path) -> None:
    rows = {"a": 0.01, "b": 0.01, "gone": 0.01}
    base = programs("base", rows=rows)
    new = programs("new", rows={"a": 0.01, "b": 0.01, "more": 1}, fail={"b": "out of memory"})
    run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json")
    found = {name: row for (name, _), row in decisions(tmp_path / "d.json").items()}
    assert {name: row["verdict"] for name, row in found.items()} == {
        "a": "SAME",
        "b": "FAILED",
        "gone": "MISSING",
        "more": "NEW",
    }
    assert "new: out of memory" in found["b"]["reason"]


def test_a_side_that_crashes_later_is_failed(programs, tmp_path: Path) -> None:
    base, new = programs("base"), programs("new", crash_in=[5])
    run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json")
    (row,) = decisions(tmp_path / "d.json").values()
    assert row["verdict"] == "FAILED"
    assert "crashed" in row["reason"]


def test_a_side_that_writes_nothing_is_bad_input(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new", crash_in=[0])
    assert run(base, new, "--output", tmp_path / "out") == 2
    assert "wrote no results" in capsys.readouterr().err
    assert run(base, tmp_path / "nowhere", "--output", tmp_path / "other") == 2
    assert "nowhere" in capsys.readouterr().err


def processes(metric: str, *values: float | None) -> list[Process]:
    rows = [{"time": 1.0} | ({} if v is None else {metric: v}) for v in values]
    return [Process({}, {ROW: row}) for row in rows]


@pytest.mark.parametrize(
    ("what", "metric", "base", "new", "verdict"),
    [
        ("gone", "max_batch_size", [100.0], [None], Verdict.MISSING),
        ("new", "max_batch_size", [None], [100.0], Verdict.NEW),
        ("became 0", "accuracy", [0.5], [0.0], Verdict.SLOWER),
        ("0 on both sides", "accuracy", [0.0], [0.0], Verdict.SAME),
        ("0 in some", "accuracy", [0.5], [0.0, 0.5], Verdict.UNSURE),
        ("was 0", "accuracy", [0.0], [0.5], Verdict.UNSURE),
        ("became no time", "inference", [0.5], [0.0], Verdict.FASTER),
    ],
)
@pytest.mark.parametrize("paired", [False, True])
def test_a_number_that_goes_is_no_silence(what, metric, base, new, verdict, paired) -> None:
    def twelve(values: list) -> list[Process]:
        return processes(metric, *(values * 12)[:12])

    lines = compare_rows(twelve(base), twelve(new), paired, Rule(), [metric])
    assert [(line.metric, line.decision.verdict) for line in lines] == [(metric, verdict)], what
    gate = Gate.parse(f"{metric}:worse:5%")
    assert exit_code(lines, [gate], False) == (1 if verdict == Verdict.SLOWER else 0)
    doubtful = verdict in (Verdict.MISSING, Verdict.UNSURE)
    assert (exit_code(lines, [gate], True) == 4) == doubtful


def test_a_few_processes_with_0_are_no_verdict() -> None:
    few = [processes("accuracy", *[value] * 3) for value in (0.5, 0.0)]
    (line,) = compare_rows(*few, False, Rule(), ["accuracy"])
    assert line.decision.verdict == Verdict.UNSURE


def test_a_row_without_a_time_has_failed(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    rows = [{"name": "a", "real_time": 0}, {"name": "b", "real_time": math.nan}]
    path.write_text(json.dumps({"context": {}, "benchmarks": rows}))
    assert read_process(path).failures == {"a": "its time is 0.0", "b": "its time is nan"}


def test_files_without_rows_are_bad_input(tmp_path: Path, capsys) -> None:
    path = tmp_path / "r.json"
    mean = {"name": "a_mean", "real_time": 4, "run_type": "aggregate"}
    path.write_text(json.dumps({"context": {}, "benchmarks": [mean]}))
    assert compare.main([str(path), str(path)]) == 2
    assert "r.json: no row was measured" in capsys.readouterr().err


def test_a_number_that_no_row_has_is_bad_input(
    programs, root: Path, tmp_path: Path, capsys
) -> None:
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--fail-if=accuracy:worse:5%"]) == 2
    assert "--fail-if: no row has accuracy" in capsys.readouterr().err
    base = programs("base")
    assert run(base, base, "--output", tmp_path / "out", "--counters=accuracy") == 2
    assert "--counters: no row has accuracy" in capsys.readouterr().err
    assert len(list((tmp_path / "out/base").iterdir())) == 1


def test_an_output_that_becomes_unwritable_is_told(root: Path, tmp_path: Path, capsys) -> None:
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--json", "/proc/nowhere.json"]) == 2
    assert "/proc/nowhere.json" in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_told(programs, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").touch()
    assert run(programs("base"), programs("new"), "--output", tmp_path / "out") == 2
    assert "paired_run.py: " in capsys.readouterr().err


def test_an_interruption_judges_the_rounds_before(
    programs, tmp_path: Path, monkeypatch, capsys
) -> None:
    real = rounds.subprocess.run
    calls = []

    def interrupted(*arguments, **more):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return real(*arguments, **more)

    monkeypatch.setattr(rounds.subprocess, "run", interrupted)
    base, new = programs("base"), programs("new", noise=0.01)
    assert run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json") == 130
    assert "interrupted after 2 rounds" in capsys.readouterr().out
    assert decisions(tmp_path / "d.json")[(ROW, "time")]["units"] == 2


def test_other_conditions_end_it_after_the_first_round(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new", context={"libtorch_version": "9"})
    assert run(base, new, "--output", tmp_path / "a") == 3
    assert run(base, new, "--output", tmp_path / "b", "--allow-different=lib") == 2
    for folder in ("a", "b"):
        assert len(list((tmp_path / folder / "base").iterdir())) == 1


def test_other_conditions_are_refused(programs, tmp_path: Path, capsys) -> None:
    base = programs("base")
    new = programs("new", context={"libtorch_version": "9"})
    flags = ["--budget=0.001"]
    assert run(base, new, "--output", tmp_path / "a", *flags) == 3
    assert "libtorch_version (library): not told and '9'" in capsys.readouterr().err
    assert run(base, new, "--output", tmp_path / "b", "--allow-different=library", *flags) == 0
    assert run(base, new, "--output", tmp_path / "c", "--allow-different=lib", *flags) == 2
    assert "machine, driver, library" in capsys.readouterr().err


def test_results_are_never_mixed(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new")
    assert run(base, new, "--output", tmp_path / "out", "--budget=0.001") == 0
    assert run(base, new, "--output", tmp_path / "out") == 2
    assert "there are results in it already" in capsys.readouterr().err
    assert run(base, new, "--benchmark_out=x.json") == 2


def test_two_single_files_show_changes_without_verdicts(root: Path, tmp_path: Path) -> None:
    file = root / "reports/baselines/h200-resnets.json"
    out = tmp_path / "d.json"
    assert compare.main([str(file), str(file), "--json", str(out), "--fail-if", "slower:1%"]) == 0
    found = decisions(out)
    assert {row["verdict"] for row in found.values()} == {"UNSURE"}
    assert all(row["effect"] == 0 for row in found.values())
    assert compare.main([str(file), str(file), "--strict"]) == 4


def test_counters_have_directions(programs, tmp_path: Path) -> None:
    base, new = programs("base", noise=0.005), programs("new", rows={ROW: 0.012}, noise=0.005)
    run(base, new, "--output", tmp_path / "o", "--counters=items_per_second", "--json",
        tmp_path / "d.json")  # fmt: skip
    found = decisions(tmp_path / "d.json")
    assert found[(ROW, "items_per_second")]["verdict"] == "SLOWER"
    assert found[(ROW, "items_per_second")]["effect"] < 0


def test_outputs_that_cannot_be_written_are_told_first(
    programs, root: Path, tmp_path: Path, capsys
) -> None:
    base, lost = programs("base"), tmp_path / "nowhere" / "x.md"
    assert run(base, base, "--output", tmp_path / "o", "--markdown", lost) == 2
    assert f"--markdown={lost}: its folder does not exist" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--json", str(tmp_path)]) == 2
    assert f"--json={tmp_path}: a folder" in capsys.readouterr().err


def test_the_filter_names_rows_exactly() -> None:
    assert rounds.exact_filter(["a.b/c", "d+e|f"]) == r"^(a\.b/c|d\+e\|f)$"


def test_the_calibration_counts_verdicts(programs, tmp_path: Path, capsys) -> None:
    binary = programs("base", noise=0.005)
    out = tmp_path / "figures.json"
    code = calibrate_comparison.main([str(binary), "--pairs=2", "--delay=0.1", "-o", str(out)])
    assert code == 0
    figures = json.loads(out.read_text())
    assert figures["comparisons"] == 2
    assert figures["equal"]["verdicts"] == {"SAME": 2}
    assert figures["delayed (simulated)"]["verdicts"] == {"SLOWER": 2}


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    # The rule of three, exactly; and a tabled value.
    assert calibrate_comparison.upper_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))
    assert calibrate_comparison.upper_bound(1, 10) == pytest.approx(0.3942, abs=1e-4)
