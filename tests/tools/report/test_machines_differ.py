# SPDX-License-Identifier: Apache-2.0
"""What a report says of rows that several machines measured."""

from pathlib import Path

import planted
from report import machines_differ

_NAME = "resnet18/full/cuda/batch:{}"


def test_the_slow_machine_of_a_merged_file_is_named(tmp_path: Path) -> None:
    rows = [planted.inference(_NAME.format(batch), 1000.0) for batch in (32, 64)]
    rows[0]["machine_seconds"] = {"n0": 1.0, "n1": 1.01, "n2": 1.02, "n3": 1.2}
    rows[1]["machine_seconds"] = {"n0": 2.0, "n1": 2.0, "n2": 2.0, "n3": 2.0}
    results = planted.read(tmp_path, *rows)
    assert machines_differ.sentence(results) == [
        "n3 is more than 5 % above the median of all machines in 1 of 2 rows."
    ]
    text = machines_differ.rows(results)
    assert "| 4 | 1.02 s |" in text
    assert "n3 (+18 %)" in text
    assert text.count("\n| Inference/") == 2


def test_machines_that_agree_are_no_finding(tmp_path: Path) -> None:
    rows = [planted.inference(_NAME.format(32), 1000.0)]
    rows[0]["machine_seconds"] = {f"n{number}": 1.0 + number / 1000 for number in range(7)}
    results = planted.read(tmp_path, *rows)
    assert machines_differ.sentence(results) == [
        "Of 1 row that several machines measured, none is more than 5 % above the median."
    ]
    assert "1.00 s to 1.01 s" in machines_differ.rows(results)


def test_rows_of_one_machine_say_nothing(tmp_path: Path) -> None:
    results = planted.read(tmp_path, planted.inference(_NAME.format(32), 1000.0))
    assert machines_differ.sentence(results) == []
    assert machines_differ.rows(results) == ""
