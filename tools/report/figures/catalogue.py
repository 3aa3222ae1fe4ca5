# SPDX-License-Identifier: Apache-2.0
"""The figures of a report in the order of the page. A figure is a module with a `TITLE`, the
`SECTION` it belongs to, and `draw(results, out, prefix="")`, which returns the images that it
wrote, or an empty list where its rows were not measured."""

from report.figures import (
    accuracy,
    batch_regret,
    batch_sizes,
    blocks,
    cpu_beside_gpu,
    decoder_throughput,
    end_to_end_by_batch,
    joint_gain,
    least_steady,
    loader_threads,
    partial,
    rates_by_batch,
    roofline,
    score_cost,
    score_sizes,
    search_timeline,
    segment_tree,
    step_bars,
    steps_by_batch,
    worker_regret,
)

FIGURES = (
    step_bars,
    search_timeline,
    segment_tree,
    batch_sizes,
    end_to_end_by_batch,
    steps_by_batch,
    rates_by_batch,
    worker_regret,
    partial,
    joint_gain,
    blocks,
    score_cost,
    score_sizes,
    batch_regret,
    cpu_beside_gpu,
    roofline,
    least_steady,
    decoder_throughput,
    loader_threads,
    accuracy,
)
