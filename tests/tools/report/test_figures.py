# SPDX-License-Identifier: Apache-2.0
"""Figures on small planted results: drawn where their rows are, and left out where they are not."""

import math
import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import planted_results as planted
import pytest
from conftest import ROOT
from matplotlib.figure import Figure
from PIL import Image
from report.figures import (
    accuracy,
    canvas,
    catalogue,
    roofline,
    search_timeline,
    segment_tree,
    step_bars,
    worker_regret,
)
from report.figures import splitting as split
from results import table

_SEARCH = planted.end_to_end()
_TAIL = planted.end_to_end(configuration="last_3", scale=0.5, macs=6e8)
_TWO_BATCHES = [planted.end_to_end(batch=32, scale=2), planted.end_to_end(batch=512)]


def _load(workers: int, batch: int = 128, decoder: str = "stb", **counters: Any) -> dict[str, Any]:
    rate = counters.pop("items_per_second", 100 * workers)
    name = f"LoadData/images/cpu/decoder={decoder}/workers={workers}/batch:{batch}"
    return planted.row(name, batch / rate, items_per_second=rate, **counters)


# The rows that each figure needs, and words of its first text.
DRAWN: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "step_bars": ([_SEARCH], ("the share of each step", "ResNet-18")),
    "search_timeline": (
        [planted.zoo_search(trace=planted.trace())],
        ("Timeline of zoo on the GPU, 1.00 s", "decoding 0 s to 300 ms (300 ms of work)",
         "computing 300 ms to 900 ms (600 ms of work)"),
    ),
    "segment_tree": (
        [planted.zoo_search(trace=planted.trace())],
        ("names begin with child-", "3 segments with 2 different ends", "together 700 ms",
         "of stages 0 to 6, 400 ms"),
    ),
    "batch_sizes": (
        [planted.roofline("resnet18", batch, 50, 0.5) for batch in (32, 128)],
        ("time per batch in milliseconds", "ResNet-18"),
    ),
    "end_to_end_by_batch": (_TWO_BATCHES, ("2.00 s (ResNet-18, batch 512)", "4.00 s")),
    "steps_by_batch": (_TWO_BATCHES, ("Load data from 1.00 s", "2.00 s (ResNet-18, batch 32)")),
    "rates_by_batch": ([_load(4, 32), _load(4, 128)], ("80.0 ms (images, batch 32)", "320 ms")),
    "worker_regret": (
        [_load(w, b, items_per_second=w * b) for w in (1, 2) for b in (8, 32)],
        ("best (2 workers, batch 32)", "700 % (1 worker, batch 8)"),
    ),
    "partial": (
        [planted.end_to_end(macs=1.8e9), _TAIL],
        ("last_3 · cache=disk: 50 % (1.00 s) of the time with 33 % of the work",),
    ),
    "joint_gain": (
        [planted.end_to_end(configuration="joint_last_3", gain_over_separate=1.7,
                            gain_over_cached=0.8, heads=3)],
        ("3 heads", "1.70 (separate / joint)", "0.800 (cached trunk / joint)"),
    ),
    "blocks": (
        [planted.blocks("resnet18", [0.05] * 8)],
        ("3.20 MB (block 0)", "first after block 3"),
    ),
    "score_cost": (
        [planted.row("Score/resnet18/full/cuda", 0.01, classes=10),
         planted.row("Score/resnet18/full/cuda/classes=1000", 0.05, classes=1000)],
        ("10 (the data's own) classes 10.0 ms", "1,000 (synthetic) classes 50.0 ms"),
    ),
    "score_sizes": (
        [planted.row(f"Score/resnet18/full/cuda/classes=10/features={size}{probe}", seconds)
         for size, seconds in (("500x64", 0.001), ("9469x2048", 0.02))
         for probe in ("", "/probe=minibatch")],
        ("linear from 1.00 ms (500x64) to 20.0 ms (9469x2048)", "minibatch from 1.00 ms"),
    ),
    "batch_regret": (
        [planted.largest_batch("resnet18", 3000, 256)], ("best (batch 256)", "(batch 1)")
    ),
    "cpu_beside_gpu": (
        [planted.end_to_end(), planted.end_to_end(device="cpu", batch=8, scale=40)],
        ("12.5 on the CPU", "500 on the GPU (40.0 times)"),
    ),
    "roofline": (
        [planted.roofline("resnet18", 128, 50, 0.5)],
        ("roof of 400 TFLOP/s and 4,000 GB/s", "100 TFLOP/s (50 % of the bound by memory)"),
    ),
    "least_steady": (
        [planted.row("Inference/resnet18/full/cuda/batch:128", samples=[0.01] * 8 + [0.02] * 9)],
        ("ResNet-18", "median 20.0 ms", "second half +100.0 %", "from 0.50 to 1.00 of it"),
    ),
    "decoder_throughput": (
        [_load(1), _load(4), _load(4, decoder="turbojpeg", items_per_second=900)],
        ("stb from 100 (1 worker) to 400 (4 workers)", "turbojpeg 900"),
    ),
    "loader_threads": (
        [_load(4, decode_thread_seconds=0.256, storage_thread_seconds=0.128)],
        ("storage 1.00 ms and decode 2.00 ms",),
    ),
    "accuracy": (
        [planted.end_to_end(accuracy=0.8), planted.end_to_end("resnet50", scale=2, accuracy=0.9)],
        ("ResNet-50 90.0 % at 250 items per second", "ResNet-18 80.0 % at 500"),
    ),
}  # fmt: skip


def _name(figure: Any) -> str:
    return figure.__name__.rsplit(".", 1)[-1]


def test_catalogue_is_complete() -> None:
    assert set(DRAWN) == {_name(figure) for figure in catalogue.FIGURES}
    assert len(set(catalogue.FIGURES)) == len(catalogue.FIGURES)
    for figure in catalogue.FIGURES:
        assert isinstance(figure.TITLE, str) and figure.TITLE
        assert callable(figure.draw)
    titles = [figure.TITLE for figure in catalogue.FIGURES]
    assert len(set(titles)) == len(titles)
    text = (ROOT / "tools/report/questions.py").read_text(encoding="utf-8")
    for section in {figure.SECTION for figure in catalogue.FIGURES}:
        assert f'"{section}"' in text, "no question of the report shows this figure"


@pytest.mark.parametrize("figure", catalogue.FIGURES, ids=_name)
def test_draws_what_is_there(figure: Any, tmp_path: Path) -> None:
    rows, words = DRAWN[_name(figure)]
    images = figure.draw(planted.read(tmp_path, rows), tmp_path)
    assert images
    for word in words:
        assert word in images[0].alt
    _check(images, tmp_path)


@pytest.mark.parametrize(
    "figure",
    [figure for figure in catalogue.FIGURES if _name(figure) != "batch_sizes"],  # It draws it.
    ids=_name,
)
def test_draws_nothing_of_other_rows(figure: Any, tmp_path: Path) -> None:
    plain = [planted.row("Inference/resnet18/full/cuda/batch:128"), planted.failed("Blocks/a/cuda")]
    assert figure.draw(planted.read(tmp_path, plain), tmp_path) == []
    failed = [
        planted.failed(row["run_name"].removesuffix("/manual_time"))
        for row in DRAWN[_name(figure)][0]
    ]
    assert figure.draw(planted.read(tmp_path, failed), tmp_path) == []
    assert not list(tmp_path.glob("*.png"))


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are laid out and not encoded as pictures, which takes most of their time."""

    def save(figure: Figure, _: Path, kind: str, part: canvas.Part) -> str:
        figure.draw_without_rendering()
        plt.close(figure)
        return f"{canvas.stem_of(kind, part)}.png"

    monkeypatch.setattr(canvas, "save", save)


@pytest.mark.usefixtures("laid_out")
@pytest.mark.parametrize("figure", catalogue.FIGURES, ids=_name)
def test_missing_and_non_finite_counters_break_nothing(figure: Any, tmp_path: Path) -> None:
    """All counters of the first row are missing; each of them is NaN, then zero."""
    rows, _ = DRAWN[_name(figure)]
    identity = {"name", "run_name", "run_type", "time_unit"}
    without = {key: value for key, value in rows[0].items() if key in {*identity, "real_time"}}
    figure.draw(planted.read(tmp_path, [without, *rows[1:]]), tmp_path)
    for counter in [key for key in rows[0] if key not in identity]:
        if _name(figure) == "blocks" and "_00_" not in counter:
            continue  # One block represents all, since there are dozens of counters.
        for value in (math.nan, 0):
            changed = rows[0] | {counter: value}
            for image in figure.draw(planted.read(tmp_path, [changed, *rows[1:]]), tmp_path):
                assert "nan" not in image.alt, (counter, value)


@pytest.mark.usefixtures("laid_out")
@pytest.mark.parametrize("figure", catalogue.FIGURES, ids=_name)
def test_files_and_devices_have_separate_images(figure: Any, tmp_path: Path) -> None:
    rows, _ = DRAWN[_name(figure)]
    one = figure.draw(planted.read(tmp_path, rows), tmp_path)
    two = figure.draw(planted.read(tmp_path, rows, rows), tmp_path)
    assert len(two) == 2 * len(one)
    _check_texts(two)
    if _name(figure) in ("cpu_beside_gpu", "decoder_throughput", "loader_threads"):
        return  # These figures compare devices, or have only one.
    other = [
        {k: v.replace("/cuda/", "/cuda1/").replace("/cpu/", "/cuda1/") if "name" in k else v
         for k, v in row.items()}
        for row in rows
    ]  # fmt: skip
    devices = figure.draw(planted.read(tmp_path, [*rows, *other]), tmp_path)
    assert len(devices) == 2 * len(one)
    _check_texts(devices)


@pytest.mark.usefixtures("laid_out")
def test_no_two_figures_write_the_same_file(tmp_path: Path) -> None:
    rows = {row["name"]: row for rows, _ in DRAWN.values() for row in rows}
    text = {
        row["name"].replace("resnet18", "bert_base"): row
        | {key: row[key].replace("resnet18", "bert_base") for key in ("name", "run_name")}
        for row in rows.values()
    }
    results = planted.read(tmp_path, list((rows | text).values()))
    images = [
        image for figure in catalogue.FIGURES for image in figure.draw(results, tmp_path, "x")
    ]
    _check_texts(images)


@pytest.mark.usefixtures("laid_out")
def test_every_baseline_is_drawn_with_texts(root: Path, tmp_path: Path) -> None:
    baselines = sorted((root / "reports/baselines").glob("*.json"))
    results = table.read([path for path in baselines if "beside" not in path.name])
    names = ("partial", "joint_gain", "score_cost", "decoder_throughput",
             "loader_threads", "blocks")  # fmt: skip
    for figure in [figure for figure in catalogue.FIGURES if _name(figure) in names]:
        images = figure.draw(results, tmp_path)
        assert images, figure.TITLE
        _check_texts(images)


def test_random_weights_have_no_accuracy(tmp_path: Path) -> None:
    rows, _ = DRAWN["accuracy"]
    assert accuracy.draw(planted.read(tmp_path, rows, weights="random (seed 0)"), tmp_path) == []


def test_groups_of_steps_add_up(tmp_path: Path) -> None:
    """Loading and copying are 1.2 of 2 s; waiting has another title."""
    rows = [_SEARCH, planted.end_to_end(mode="prefetch")]
    drawn = step_bars.draw(planted.read(tmp_path, rows), tmp_path)
    found = [(tmp_path / image.svg_grouped).read_text(encoding="utf-8") for image in drawn]
    for svg, title in zip(found, ("Prepare data", "Prepare data (waiting, copying)"), strict=True):
        texts = re.findall(r">([^<>]+)</text>", svg)
        assert [text for text in texts if "%" in text and "(%)" not in text] == [
            "5 %", "60 %", "25 %", "9 %"
        ]  # fmt: skip
        assert {"Prepare model", title, "Inference", "Proxy score", "Other"} <= set(texts)


def test_axes_have_thousands_separators(tmp_path: Path) -> None:
    rows = [_load(workers) for workers in (10, 100)]
    (image,) = catalogue.decoder_throughput.draw(planted.read(tmp_path, rows), tmp_path)
    texts = re.findall(r">([^<>]+)</text>", (tmp_path / image.svg).read_text(encoding="utf-8"))
    assert "8,000" in texts and "8000" not in texts


def test_front_of_accuracy_and_speed(tmp_path: Path) -> None:
    rows = planted.read(
        tmp_path,
        [
            planted.end_to_end("resnet18", scale=1, accuracy=0.7),
            planted.end_to_end("resnet34", scale=2, accuracy=0.9),
            planted.end_to_end("resnet50", scale=3, accuracy=0.8),
        ],
    ).rows
    assert list(accuracy.front(rows)["subject"]) == ["resnet18", "resnet34"]


def test_regret_is_the_mean_over_networks_with_every_pair(tmp_path: Path) -> None:
    grid = {(1, 8): 4.0, (1, 32): 2.0, (2, 8): 2.0, (2, 32): 1.0}
    rows = [
        planted.end_to_end(
            subject, mode="prefetch", workers=w, batch=b, scale=scale ** (w == 1) * s
        )
        for subject, scale in (("resnet18", 1.0), ("resnet50", 2.0))
        for (w, b), s in grid.items()
    ]
    rows += [planted.end_to_end("resnet152", mode="prefetch", workers=1, batch=8)]
    found, subjects = worker_regret.regrets(planted.read(tmp_path, rows).rows.assign(
        workers=lambda table: table["keys"].map(lambda keys: int(dict(keys)["workers"]))
    ))  # fmt: skip
    assert subjects == ["resnet18", "resnet50"]
    assert found.loc[2, 32] == pytest.approx(0)
    assert found.loc[2, 8] == pytest.approx(1)
    assert found.loc[1, 8] == pytest.approx((3 + 7) / 2)


def test_a_pair_that_was_not_measured_stays_empty(tmp_path: Path) -> None:
    rows = [_load(w, b, items_per_second=w * b) for w, b in ((1, 8), (2, 8), (2, 32))]
    images = worker_regret.draw(planted.read(tmp_path, rows), tmp_path)
    assert "best (2 workers, batch 32) to 700 % (1 worker, batch 8)" in images[0].alt


def test_roofline_counts_operations_of_the_mean_time(tmp_path: Path) -> None:
    rows = planted.read(tmp_path, [planted.roofline("resnet18", 128, 50, 0.5)]).rows
    assert roofline.operations(rows)[0] == pytest.approx(0.5 * 4e12 * 50)
    assert roofline.operations(rows)[0] == pytest.approx(rows["achieved_matrix"][0] * 4e14)


def test_a_trace_without_segments_has_no_timeline(tmp_path: Path) -> None:
    trace = planted.trace() | {"segments": [], "traceEvents": [planted.event("score", 0.9, 1.0)]}
    results = planted.read(tmp_path, [planted.zoo_search(trace=trace)])
    assert search_timeline.draw(results, tmp_path) == segment_tree.draw(results, tmp_path) == []


def test_neighbors_of_one_kind_are_one_bar(tmp_path: Path) -> None:
    events = [planted.event("load_data", i / 100, (i + 1) / 100) for i in range(50)]
    trace = planted.trace()
    trace["traceEvents"] += events
    results = planted.read(tmp_path, [planted.zoo_search(trace=trace)])
    (image,) = search_timeline.draw(results, tmp_path)
    few = len((tmp_path / image.svg).read_text())
    trace["traceEvents"] = [event for event in trace["traceEvents"] if event not in events]
    (image,) = search_timeline.draw(planted.read(tmp_path, [planted.zoo_search(trace=trace)]),
                                    tmp_path)  # fmt: skip
    assert few < 1.05 * len((tmp_path / image.svg).read_text())


def test_one_batch_is_the_program_s_own(tmp_path: Path) -> None:
    rows = [_load(4, size) for size in (32, 128, 512)]
    assert set(split.one_batch(planted.read(tmp_path, rows).rows)["batch"]) == {128}
    rows = [_load(4, size) for size in (32, 512)]
    assert set(split.one_batch(planted.read(tmp_path, rows).rows)["batch"]) == {512}


def test_many_networks_are_split_and_never_within_one(tmp_path: Path) -> None:
    rows = [
        planted.end_to_end(f"net{number}", configuration, macs=macs)
        for number in range(12)
        for configuration, macs in (("full", 2e9), ("last_3", 1e9), ("last_1", 1e8))
    ]
    parts = list(split.whole(planted.read(tmp_path, rows).rows, "subject", 16, "x"))
    assert [len(part.rows) for part in parts] == [15, 15, 6]
    assert {part.total for part in parts} == {3}


def _check_texts(images: list[canvas.Image]) -> None:
    files = [image.file for image in images]
    assert len(set(files)) == len(files)
    for image in images:
        assert len(image.alt) > 60
        assert any(letter.isdigit() for letter in image.alt)
        assert "nan" not in image.alt


def _check(images: list[canvas.Image], folder: Path) -> None:
    _check_texts(images)
    for image in images:
        with Image.open(folder / image.file) as picture:
            picture.verify()
            assert picture.width == 1200
