# SPDX-License-Identifier: Apache-2.0
import pytest
from results import machine

ONE = {"gpu_name": "GPU A", "gpu_uuid": "1", "cpu_model": "CPU A", "cores_allowed": "16",
       "num_cpus": 16}  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "same_card", "same_kind", "same_title"),
    [
        ({}, True, True, True),
        ({"gpu_uuid": "2"}, False, True, True),
        ({"cores_allowed": "8"}, False, False, True),
        ({"num_cpus": 32}, True, False, True),
        ({"gpu_name": "GPU B"}, False, False, False),
        ({"date": "2026-01-01"}, True, True, True),
    ],
)  # fmt: skip
def test_what_each_question_counts_as_another_machine(
    entry: dict, same_card: bool, same_kind: bool, same_title: bool
) -> None:
    other = ONE | entry
    assert (machine.same_card(ONE) == machine.same_card(other)) == same_card
    assert (machine.same_kind(ONE, "a") == machine.same_kind(other, "b")) == same_kind
    assert (machine.title(ONE) == machine.title(other)) == same_title


def test_a_file_without_a_machine_is_of_the_kind_of_no_other_file() -> None:
    assert machine.same_kind({}, "a") != machine.same_kind({}, "b")
    assert machine.same_kind({}, "a") == machine.same_kind({}, "a")


def test_titles() -> None:
    assert machine.title(ONE) == "GPU A, CPU A"
    assert machine.title({"cpu_model": "CPU A"}) == "CPU A"
    assert machine.title({}) == "an unnamed machine"
