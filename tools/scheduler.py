# SPDX-License-Identifier: Apache-2.0
"""The environment of a process that measures all of its rows, although a scheduler's task started
it: without the variables by which the program takes a shard (benchmarks/grid/shard.cpp)."""

import os
from collections.abc import Mapping

# Of each scheduler and launcher the variable without which the others say nothing.
_INDEXES = (
    "SLURM_ARRAY_TASK_ID",
    "SLURM_PROCID",
    "JOB_COMPLETION_INDEX",
    "OMPI_COMM_WORLD_RANK",
    "PMI_RANK",
    "RANK",
)


def outside(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process' environment, or another, without them. Older programs lack `--shard=none`."""
    given = os.environ if environment is None else environment
    return {name: value for name, value in given.items() if name not in _INDEXES}
