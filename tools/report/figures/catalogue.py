# SPDX-License-Identifier: Apache-2.0
"""The figures of a report in the order of the page. A figure is a module with a `TITLE`, the
`SECTION` it belongs to, and `draw(results, out, prefix="")`, which returns the images that it
wrote, or an empty list where its rows were not measured."""

from report.figures import (
    accuracy,
    batch_regret,
    batch_sizes,
    blocks,
    bounds,
    cache_pays,
    cpu_beside_gpu,
    decoder_throughput,
    end_to_end_by_batch,
    energy,
    grouped_shares,
    joint_gain,
    largest_batch,
    least_steady,
    loader_threads,
    partial,
    percentiles,
    rates_by_batch,
    roofline,
    score_cost,
    step_bars,
    steps_by_batch,
    worker_regret,
)

SECTIONS = (
    "shares",
    "batch sizes",
    "partial and joint",
    "blocks",
    "scoring",
    "largest batch",
    "machine",
    "data path",
    "accuracy",
)

FIGURES = (
    step_bars,
    grouped_shares,
    batch_sizes,
    end_to_end_by_batch,
    steps_by_batch,
    rates_by_batch,
    worker_regret,
    partial,
    joint_gain,
    cache_pays,
    blocks,
    score_cost,
    largest_batch,
    batch_regret,
    cpu_beside_gpu,
    roofline,
    bounds,
    percentiles,
    least_steady,
    energy,
    decoder_throughput,
    loader_threads,
    accuracy,
)
