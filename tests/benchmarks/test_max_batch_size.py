# SPDX-License-Identifier: Apache-2.0
"""The largest batch that fits into a limit, on a CPU where every tensor is counted."""

from __future__ import annotations

import pytest
from conftest import Outcome, Program

SEARCH = ("--steps=MaxBatchSize", "--architectures=resnet18", "--devices=cpu", "--threads=2")


def search(program: Program, *flags: str) -> Outcome:
    return program.run(*SEARCH, "--configurations=last_1", *flags)


def test_the_maximum_grows_with_the_limit_as_its_bytes_say(program: Program) -> None:
    small = search(program, "--memory_limit=32MB")
    large = search(program, "--memory_limit=38MB")
    assert small.code == large.code == 0, small.stderr + large.stderr
    for outcome, limit in ((small, 32e6), (large, 38e6)):
        (row,) = outcome.rows
        n = row["max_batch_size"]
        assert n >= 1
        used = row["fixed_bytes"] + n * row["bytes_per_item"]
        assert used == pytest.approx(limit, abs=2 * row["bytes_per_item"])
        assert used <= limit * 1.001
        assert row["batch_by_bytes"] >= n
        assert n * row["bytes_per_item"] < row["reserved_bytes"] <= limit
        assert row["held_inputs"] == 4
        assert row["limited_by_memory"] == 1
        assert row["unsteady"] == 0
        regrets = {
            int(name.removeprefix("regret_at_")): value
            for name, value in row.items()
            if name.startswith("regret_at_")
        }
        # The sizes that tie begin with the smallest that loses at most 2 %, or below.
        close = [size for size, regret in regrets.items() if regret <= 0.02]
        assert min(regrets.values()) == 0
        assert 1 <= row["fastest_batch_from"] <= min(close)
        assert max(close) <= row["fastest_batch_to"] <= n
        assert f"fastest: {row['fastest_batch_from']:.0f}" in row["label"]
    first, second = small.rows[0], large.rows[0]
    assert second["max_batch_size"] > first["max_batch_size"]
    assert second["bytes_per_item"] == pytest.approx(first["bytes_per_item"], rel=0.05)
    assert "/memory_limit=32MB/" in first["name"]


def test_a_tail_takes_less_than_the_whole(program: Program) -> None:
    outcome = program.run(*SEARCH, "--configurations=full,last_1", "--memory_limit=90MB")
    assert outcome.code == 0, outcome.stderr
    full, tail = outcome.rows
    assert full["bytes_per_item"] > tail["bytes_per_item"]
    assert full["max_batch_size"] < tail["max_batch_size"]


def test_a_limit_that_holds_no_item_is_a_row_that_says_so(program: Program) -> None:
    outcome = search(program, "--memory_limit=19MB", "--benchmark_repetitions=3")
    assert outcome.code == 1
    assert "not even one item fits" in outcome.rows[0]["error_message"]


def test_a_cpu_needs_a_limit(program: Program) -> None:
    outcome = search(program)
    assert outcome.code == 1
    assert "give --memory_limit" in outcome.rows[0]["error_message"]


def test_a_limit_beyond_the_memory_that_is_free_is_a_row_that_says_so(program: Program) -> None:
    outcome = search(program, "--memory_limit=900TB")
    assert outcome.code == 1
    message = outcome.rows[0]["error_message"]
    assert "--memory_limit of 900000" in message
    assert "give a smaller limit" in message


def test_the_context_has_the_allocator_of_the_environment(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = ("--steps=Inference", "--architectures=resnet18", "--devices=cpu", "--threads=2",
             "--configurations=last_1", "--batch_sizes=1", "--batches=2")  # fmt: skip
    for variable in ("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"):
        monkeypatch.delenv(variable, raising=False)
    assert program.run(*flags).context["allocator_settings"] == "default"
    monkeypatch.setenv("PYTORCH_ALLOC_CONF", "expandable_segments:True")
    assert program.run(*flags).context["allocator_settings"] == "expandable_segments:True"


@pytest.mark.parametrize("value", ["0", "24 GB", "-1GB", "much"])
def test_bad_limits_are_named(program: Program, value: str) -> None:
    outcome = search(program, f"--memory_limit={value}")
    assert outcome.code == 2
    assert f"--memory_limit={value}" in outcome.stderr


def test_it_is_measured_only_where_it_is_asked_for(program: Program) -> None:
    outcome = program.run("--architectures=resnet18", "--benchmark_list_tests")
    assert "MaxBatchSize" not in outcome.stdout
