# SPDX-License-Identifier: Apache-2.0
"""What a diagnosis says, recomputed from planted rows."""

import math
import re
from pathlib import Path

import planted
import pytest
from planted import inference, load_data, row, search
from report import wording
from report.diagnosis import LIMITS, diagnose, undiagnosed
from results import table

_ONE = "resnet18/full/cuda/decoder=turbojpeg/mode=serial/workers=1/batch:100"
_SPLIT = {"storage_thread_seconds": 0.02, "decode_thread_seconds": 0.14,
          "preprocess_thread_seconds": 0.04}  # fmt: skip


def test_one_worker_before_an_idle_gpu(tmp_path: Path) -> None:
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(_ONE, 0.1, 2.0, 0.05, 0.1, 0.05),
            load_data("cpu/decoder=turbojpeg/workers=1/batch:100", 500, **_SPLIT),
            load_data("cpu/decoder=turbojpeg/workers=8/batch:100", 4000, **_SPLIT),
            inference("resnet18/full/cuda/batch:100", 10000),
        )
    )
    assert (found.limit, found.share) == ("decoding", pytest.approx(2.0 / 2.3))
    (workers,) = found.what_ifs
    # The step's own seconds times the ratio of the two LoadData rows.
    assert workers.predicted_seconds == pytest.approx(2.3 - 2.0 + 2.0 * 500 / 4000)
    assert workers.predicted_items_per_second == pytest.approx(1000 / 0.55)
    assert (workers.change, workers.next_limit) == ("8 workers", "decoding")
    assert [name.split("/")[0] for name in workers.rows] == ["EndToEnd", "LoadData", "LoadData"]
    # Prefetching would gain 6 %, which is within the error of predictions.
    assert workers.gain.low < workers.speedup < workers.gain.high
    interval = wording.interval(workers.gain.low, workers.gain.high)
    assert found.sentence == (
        "ResNet-18 on the GPU, serial mode, batch 100: loading data takes 87 % "
        "of 2.3 s, loading the model 4 %; decoding with turbojpeg takes 70 % of the time "
        "of one worker (LoadData 500 images/s, inference 10,000 images/s); with 8 workers it"
        f" would be {interval} times as fast, then the limit is still loading "
        "data, mostly decoding."
    )
    assert len(found.evidence) == 3


def test_a_slow_disk(tmp_path: Path) -> None:
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(_ONE.replace("/mode", "/mode").replace("serial", "serial/page_cache=cold"),
                   0.1, 4.0, 0.05, 0.1, 0.05),
            load_data("cpu/decoder=turbojpeg/page_cache=cold/workers=1/batch:100", 250,
                      storage_thread_seconds=0.3, decode_thread_seconds=0.07,
                      preprocess_thread_seconds=0.03),
            load_data("cpu/decoder=turbojpeg/workers=1/batch:100", 1000, **_SPLIT),
        )
    )  # fmt: skip
    assert found.limit == "storage"
    assert "reading files takes 75 % of the time of one worker" in found.sentence
    assert found.what_ifs[0].change == "a warm page cache"
    assert found.what_ifs[0].predicted_seconds == pytest.approx(4.3 - 4.0 + 1.0)


def test_preprocessing(tmp_path: Path) -> None:
    split = _SPLIT | {"preprocess_thread_seconds": 0.5}
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(_ONE, 0.1, 2.0, 0.05, 0.1, 0.05),
            load_data("cpu/decoder=turbojpeg/workers=1/batch:100", 500, **split),
            load_data("cpu/decoder=turbojpeg/input=uint8/workers=1/batch:100", 1000, **split),
            row("DataToDevice/images/cuda/batch:100", 0.005, items_per_second=20000),
            row("DataToDevice/images/cuda/input=uint8/batch:100", 0.002, items_per_second=50000),
        )
    )
    assert found.limit == "preprocessing"
    assert found.what_ifs[0].change == "input uint8"
    assert found.what_ifs[0].predicted_seconds == pytest.approx(2.3 - 2.05 + 1.0 + 0.05 * 0.4)


def test_a_large_vit(tmp_path: Path) -> None:
    name = "vit_l_16/full/cuda/decoder=turbojpeg/mode=serial/workers=8/batch:100"
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(name, 0.2, 0.5, 0.05, 4.0, 0.05),
            inference("vit_l_16/full/cuda/batch:100", 260, bound_compute=1, achieved_matrix=0.62,
                      achieved_copy=0.2, peak_matrix_flops=51.3e12),
            inference("vit_l_16/full/cuda/precision=bf16/batch:100", 1300, feature_distance=0.012,
                      peak_matrix_flops=655e12),
            inference("vit_l_16/full/cuda/execution=cuda_graph/batch:100", 2700),
            inference("vit_l_16/full/cuda/peer=python/precision=fp16/batch:100", 5000),
        )
    )  # fmt: skip
    assert (found.limit, found.share) == ("inference", pytest.approx(4.0 / 4.8))
    assert "random" not in found.sentence
    assert (
        "260 images/s at 62 % of 51.3 TFLOP/s, this device's rate in fp32 without tensor cores; the"
        " best measured here is 655 TFLOP/s in bf16 on tensor cores"
    ) in found.sentence
    best = found.what_ifs[0]
    assert best.change == "precision bf16"
    assert best.predicted_seconds == pytest.approx(4.8 - 4.0 + 0.8)
    assert best.speedup == pytest.approx(4.8 / 1.6)
    assert (best.measured_row, best.error) == (None, None)
    assert best.caveat == "features move by up to 1 %"
    assert "it would be 2.6 to 3.5 times as fast, " in found.sentence
    assert ", features moving by up to 1 %, then the limit is still inference" in found.sentence
    assert not any("fp16" in what_if.change for what_if in found.what_ifs)
    # A search has no such axis, so nobody could follow the advice.
    assert not any("cuda_graph" in what_if.change for what_if in found.what_ifs)


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("launch_bound", "images/s, and the host cannot keep ahead of the GPU"),
        ("near_host_pace", "at 20 % of the device's memory bandwidth, near the host's pace of"),
    ],
)
def test_a_host_that_is_hardly_fast_enough(tmp_path: Path, flag: str, said: str) -> None:
    name = "vit_l_16/full/cuda/decoder=turbojpeg/mode=serial/workers=8/batch:100"
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(name, 0.2, 0.5, 0.05, 4.0, 0.05),
            inference("vit_l_16/full/cuda/batch:100", 260, achieved_matrix=0.1, achieved_copy=0.2,
                      **{flag: 1}),
        )
    )  # fmt: skip
    assert said in found.sentence
    other = {"launch_bound": "near the host", "near_host_pace": "keep ahead"}[flag]
    assert other not in found.sentence


def test_one_block_of_a_large_network_over_few_items(tmp_path: Path) -> None:
    name = "vit_l_16/last_1/cuda/decoder=turbojpeg/mode=serial/workers=8/batch:100"
    results = planted.read(
        tmp_path,
        search(name, 0.5, 0.01, 0.01, 0.02, 0.02, items=64, build_cache=3.0, cache_pays_after=1.2),
        row("LoadModel/vit_l_16/last_1/cuda", 0.5, init_seconds=0.05, read_seconds=0.4,
            copy_seconds=0.05),
    )  # fmt: skip
    (reason,) = undiagnosed(results)
    assert "no Inference row of the full network" in reason.reason
    (found,) = diagnose(results)
    assert found.partial
    assert (found.limit, found.share) == ("load_model", pytest.approx(0.5 / 0.56))
    assert "loading the model takes 89 % of 560 ms" in found.sentence
    assert "paid once, here for only 64 images; reading the checkpoint is 80 %" in found.sentence
    assert "last_1, after its cached trunk" in found.sentence


def test_waiting_and_overlapped(tmp_path: Path) -> None:
    prefetch = search(_ONE.replace("serial", "prefetch"), 0.1, 1.0, 0.05, 1.1, 0.05)
    busy = {"alone_load_data": 1.9, "alone_data_to_device": 0.1, "alone_inference": 0.4,
            "busy_load_data": 1.95, "busy_data_to_device": 0.1, "busy_inference": 0.5}  # fmt: skip
    overlapped = search(_ONE.replace("serial", "overlapped"), 0.1, 0, 0, 0, 0.05, **busy)
    overlapped |= {"end_to_end": 2.15, "extract_seconds": 2.0}
    (waiting,) = diagnose(planted.read(tmp_path, prefetch))
    assert waiting.limit == "data"
    assert f"waiting for data takes {wording.percent(1.0 / 2.3)} of 2.3 s" in waiting.sentence
    (found,) = diagnose(planted.read(tmp_path, overlapped))
    assert found.share == pytest.approx(1.9 / 2.0)
    assert "with all steps at once, loading data takes 95 % of 2.0 s when alone" in (found.sentence)


def test_a_process_scores_slowly_once(tmp_path: Path) -> None:
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(_ONE, 0.1, 0.5, 0.05, 0.1, 0.65),
            search(_ONE.replace("workers=1", "workers=8"), 0.1, 0.2, 0.05, 0.1, 0.05),
            search(_ONE.replace("turbojpeg", "stb"), 0.1, 0.9, 0.05, 0.1, 0.05),
        )
    )
    assert "workers=8" in found.row_name  # The fastest of equally usual rows.
    (slow,) = diagnose(planted.read(tmp_path, search(_ONE, 0.1, 0.5, 0.05, 0.1, 0.65),
                                    row("Score/resnet18/full/cuda", 0.05)))  # fmt: skip
    assert slow.limit == "data"
    assert "36 % of 1.4 s (600 ms of it only because it scores first" in slow.sentence


def test_damaged_results(tmp_path: Path) -> None:
    failed = row(f"EndToEnd/{_ONE}", 0, error_occurred=True, error_message="out of memory")
    results = planted.read(tmp_path, failed)
    assert diagnose(results) == []
    assert [entry.reason for entry in undiagnosed(results)] == [
        "its EndToEnd row failed: out of memory"
    ]
    whole = search(_ONE, 0.1, 2.0, 0.05, 0.1, 0.05)
    partial = {key: value for key, value in whole.items() if key != "inference"}
    assert diagnose(planted.read(tmp_path, partial)) == []
    rates = load_data("cpu/decoder=turbojpeg/workers=8/batch:100", math.nan)
    rates |= {"real_time": 0.025}
    (found,) = diagnose(planted.read(tmp_path, whole | {"accuracy": math.nan}, rates))
    assert math.isfinite(found.share)
    assert all(math.isfinite(what_if.predicted_seconds) for what_if in found.what_ifs)


def test_composed_of_steps_measured_separately(tmp_path: Path) -> None:
    rows = [
        load_data("cpu/decoder=turbojpeg/workers=8/batch:100", 2000, **_SPLIT),
        inference("resnet18/full/cuda/batch:100", 5000),
        row("DataToDevice/images/cuda/batch:100", 0.01, items_per_second=10000),
        row("LoadModel/resnet18/full/cuda", 0.1),
    ]
    (found,) = diagnose(planted.read(tmp_path, *rows))
    assert found.share == pytest.approx(0.5 / (0.5 + 0.2 + 0.1 + 0.1))
    assert ", steps measured separately, batch 100: loading data takes 56 % of" in found.sentence
    assert {name.split("/")[0] for name in found.evidence} == {
        "Inference", "LoadData", "DataToDevice", "LoadModel"
    }  # fmt: skip
    alone = planted.read(tmp_path, rows[1])
    assert diagnose(alone) == []
    assert "no LoadData row" in undiagnosed(alone)[0].reason
    paths = [planted.write(tmp_path, rows[:1], "a", data_identity="other"),
             planted.write(tmp_path, rows[1:], "b")]  # fmt: skip
    assert "over other data" in undiagnosed(table.read(paths))[0].reason


def test_a_tail_is_no_advice_for_a_full_network(root: Path) -> None:
    """It answers another question; where candidates share no trunk, the first screen says so."""
    found = diagnose(table.read([root / "reports/baselines/h200-searches.json"]))
    full = [one for one in found if not one.partial]
    assert any(what_if.axis == "configuration" for one in full for what_if in one.what_ifs)
    assert not any("tail" in one.sentence or "trunk" in one.sentence for one in full)


def test_every_number_of_the_baselines_sentences(root: Path) -> None:
    """The whole, the shares and the speed-ups that sentences name are those of their rows."""
    results = table.read([root / "reports/baselines/h200-searches.json"])
    rows = {(row["source"], row["name"]): row for row in results.measured.to_dict("records")}
    counters = {"data": "load_data", "transfer": "data_to_device"}
    found = diagnose(results)
    assert len(found) == 12
    for one in found:
        own = rows[one.source, one.row_name]
        step = {"decoding": "data", "activations": "data"}.get(one.limit, one.limit)
        assert one.share == pytest.approx(own[counters.get(step, step)] / own["end_to_end"])
        assert f" takes {wording.percent(one.share)} of {wording.brief(own['end_to_end'])}" in (
            one.sentence
        )
        quoted = [row for (_, name), row in rows.items() if name in one.evidence]
        rates = {wording.significant(row["items_per_second"], 2) for row in quoted}
        rates |= {wording.significant(own["items"] / own[counter], 2)
                  for counter in ("load_data", "inference") if own[counter] > 0}  # fmt: skip
        assert rates.issuperset(re.findall(r"([\d.,]+) images/s", one.sentence))
        first = re.search(r"\(([\d.]+) ms of it only because it scores first", one.sentence)
        settled = own["end_to_end"] - (float(first[1]) / 1e3 if first else 0.0)
        gains = [what_if.speedup for what_if in one.what_ifs]
        more = re.search(r"and ([\d.]+) ms more of pinning", one.sentence)
        pinning = float(more[1]) / 1e3 if more else 0.0
        gains += [
            settled / (row["end_to_end"] + pinning) for row in quoted if row["step"] == "EndToEnd"
        ]
        for low, high in re.findall(r"([\d.]+) to ([\d.]+) times as fast", one.sentence):
            assert any(float(low) < gain < float(high) for gain in gains)
        for what_if in one.what_ifs:
            assert what_if.next_limit in LIMITS
            if what_if.measured_row:
                taken = rows[what_if.measured_source, what_if.measured_row]["end_to_end"]
                assert what_if.measured_seconds == pytest.approx(taken)
        names = {name for _, name in rows}
        assert names.issuperset(one.evidence)
