# SPDX-License-Identifier: Apache-2.0
"""MODEL_SEARCH_FAULT=slow=...: rows whose batches take longer on purpose."""

from __future__ import annotations

import pytest
from conftest import Program

CHEAP = (
    "--steps=Inference", "--architectures=resnet18", "--configurations=last_1", "--devices=cpu",
    "--threads=1", "--batch_sizes=1,2,3", "--batches=6", "--warmup_batches=1",
)  # fmt: skip


@pytest.mark.parametrize("turns", [(), ("--interleave",)])
def test_only_the_named_row_is_slow(
    program: Program, monkeypatch: pytest.MonkeyPatch, turns: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "slow=2:batch:2/")
    outcome = program.run(*CHEAP, *turns)
    assert outcome.code == 0, outcome.stderr
    added = {row["name"].split("/")[-2]: row.get("simulated_delay") for row in outcome.rows}
    assert list(added) == ["batch:1", "batch:2", "batch:3"]
    assert (added["batch:1"], added["batch:3"]) == (None, None)
    assert added["batch:2"] >= 2 * (1 - 1e-9)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("slow=6%:", "'slow=6%' needs a share above 0 and up to 10, such as slow=0.05"),
        ("slow=-1:", "'slow=-1' needs a share"),
        ("slow=:", "'slow=' needs a share"),
        ("slow=0.05", "MODEL_SEARCH_FAULT=slow=0.05 is not <kind>:<part of a benchmark's name>"),
    ],
)
def test_a_fault_that_cannot_be_read_is_an_error(
    program: Program, monkeypatch: pytest.MonkeyPatch, fault: str, message: str
) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", fault)
    outcome = program.run(*CHEAP, "--batch_sizes=1")
    assert outcome.code == 1
    assert message in outcome.rows[0]["error_message"]
