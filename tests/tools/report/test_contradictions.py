# SPDX-License-Identifier: Apache-2.0
"""Advice that rows do not support: planted rows that contradict each other, caps, pinning."""

from pathlib import Path

import planted
import pytest
from planted import inference, load_data, row, search
from report import overlapped
from report.diagnosis import diagnose
from results import arithmetic, table

_NAME = "resnet18/full/cuda/decoder=turbojpeg/mode={}/workers=8/batch:100"
_LOADING = "cpu/decoder=turbojpeg/workers={}/batch:100"


def gains(found) -> dict[str, float]:
    return {what_if.axis: what_if.speedup for what_if in found.what_ifs}


def test_a_search_that_loads_slower_than_its_donor(tmp_path: Path) -> None:
    """50 images/s in EndToEnd and 9,500 in LoadData gave "overlapped would be 75 times as fast"."""
    (found,) = diagnose(
        planted.read(
            tmp_path,
            search(_NAME.format("serial"), 0.01, 20.0, 0.01, 0.2, 0.01),
            load_data(_LOADING.format(8), 9500),
            load_data(_LOADING.format(16), 19000),
        )
    )
    assert (
        "LoadData at this setting gives 9,500 images/s, but this search loaded 50 images/s: no "
        "advice uses LoadData."
    ) in found.sentence
    assert found.what_ifs == ()
    assert "LoadData/images/cpu/decoder=turbojpeg/workers=8/batch:100/manual_time" in found.evidence


@pytest.mark.parametrize("mode", ["prefetch", "overlapped"])
def test_other_modes_show_how_fast_they_load_too(tmp_path: Path, mode: str) -> None:
    alone = {"alone_load_data": 1.9, "alone_data_to_device": 0.1, "alone_inference": 0.4}
    own = search(_NAME.format(mode), 0.1, 1.5, 0.05, 0.4, 0.05, **alone)
    (found,) = diagnose(planted.read(tmp_path, own, load_data(_LOADING.format(8), 9500)))
    assert "no advice uses LoadData" in found.sentence
    (found,) = diagnose(planted.read(tmp_path, own, load_data(_LOADING.format(8), 1000 / 1.9)))
    assert "no advice" not in found.sentence


def test_a_serial_loader_starts_anew_with_each_batch(tmp_path: Path) -> None:
    own = search(_NAME.format("serial"), 0.1, 1.4, 0.05, 0.4, 0.05)
    (found,) = diagnose(planted.read(tmp_path, own, load_data(_LOADING.format(8), 1000)))
    assert "no advice" not in found.sentence
    slow = load_data(_LOADING.format(8), 1000, ci95_processes_rel=0.3)
    (found,) = diagnose(planted.read(tmp_path, own | {"load_data": 1.7}, slow))
    assert "no advice" not in found.sentence  # Beyond 1.5, but within the noise of the row.


def test_donors_that_contradict_each_other(tmp_path: Path) -> None:
    own = [search(_NAME.format("serial"), 0.1, 1.0, 0.05, 0.4, 0.05)]
    first = [load_data(_LOADING.format(8), 1000), load_data(_LOADING.format(16), 4000)]
    second = [load_data(_LOADING.format(8), 3000), load_data(_LOADING.format(16), 3000)]
    paths = [planted.write(tmp_path, rows, name)
             for rows, name in ((own, "own"), (first, "first"), (second, "second"))]  # fmt: skip
    (found,) = diagnose(table.read(paths))
    assert (
        "gives 1,000 images/s in first and 3,000 images/s in second: no advice uses LoadData"
        in (found.sentence)
    )
    assert "workers" not in gains(found)
    (found,) = diagnose(table.read(paths[:2]))
    assert gains(found)["workers"] == pytest.approx(1.6 / 0.85)


def test_a_mode_gains_at_most_the_sum_over_the_largest_step(tmp_path: Path) -> None:
    steps = (0.01, 1.0, 0.5, 0.8, 0.01)
    faster = load_data(_LOADING.format(8), 1200)  # Within what a serial loader may lose.
    (found,) = diagnose(planted.read(tmp_path, search(_NAME.format("serial"), *steps), faster))
    assert 1.5 < gains(found)["mode"] <= sum(steps) / max(steps)


def test_a_gpu_that_decodes_does_not_overlap_with_its_network(tmp_path: Path) -> None:
    name = _NAME.replace("turbojpeg", "nvjpeg").format("serial")
    (found,) = diagnose(planted.read(tmp_path, search(name, 0.01, 1.0, 0.0, 0.8, 0.01)))
    assert "mode" not in gains(found)


def test_a_cpu_search_shares_its_cores(tmp_path: Path) -> None:
    """Contention: loading and the network each fill all 16 cores."""
    name = "resnet18/full/cpu/decoder=turbojpeg/mode=serial/threads={0}/workers={0}/batch:100"
    full = search(name.format(16), 0.01, 1.0, 0.0, 1.0, 0.01)
    (found,) = diagnose(planted.read(tmp_path, full))
    assert "mode" not in gains(found)
    half = search(name.format(8), 0.01, 1.0, 0.0, 1.0, 0.01)
    (found,) = diagnose(planted.read(tmp_path, half))
    assert gains(found)["mode"] > 1.5


def test_pinning_is_part_of_what_prefetch_costs(tmp_path: Path) -> None:
    serial = search(_NAME.format("serial"), 0.05, 0.5, 0.05, 0.5, 0.05, pin_seconds=0.08)
    fast = search(_NAME.format("prefetch"), 0.05, 0.05, 0.05, 0.4, 0.05, pin_seconds=0.35)
    (found,) = diagnose(planted.read(tmp_path, serial, fast))
    assert gains(found)["mode"] == pytest.approx(1.15 / (0.6 + 0.27))
    assert found.what_ifs[0].measured_seconds == pytest.approx(0.6)
    assert found.what_ifs[0].caveat == "pinning takes 270 ms more, which is counted"
    free = [dict(one, pin_seconds=0.0) for one in (serial, fast)]
    (found,) = diagnose(planted.read(tmp_path, *free))
    assert gains(found)["mode"] == pytest.approx(1.15 / 0.6)


def test_pinned_async_gains_at_most_the_copy(tmp_path: Path) -> None:
    copies = {"": 2e3, "transfer=pinned_async/": 2e6, "transfer=pageable/": 1e3}
    rows = [row(f"DataToDevice/images/cuda/{key}batch:100", 100 / rate, items_per_second=rate)
            for key, rate in copies.items()]  # fmt: skip
    own = search(_NAME.format("serial"), 0.05, 0.5, 0.5, 0.4, 0.05)
    (found,) = diagnose(planted.read(tmp_path, own, *rows))
    (transfer,) = (what_if for what_if in found.what_ifs if what_if.axis == "transfer")
    assert transfer.change == "transfer pinned_async"
    assert 1.4 < transfer.speedup < 1.5 / 1.0


def test_the_limit_of_an_overlapped_row_is_its_slowest_step_alone(tmp_path: Path) -> None:
    """A decoder that waits for the network is busy all the time: brackets count queueing."""
    name = "vit_b_16/full/cuda/decoder=nvjpeg/mode=overlapped/workers=16/batch:100"
    alone = {"alone_load_data": 0.19, "alone_data_to_device": 0.0, "alone_inference": 3.31}
    busy = {"busy_load_data": 3.5, "busy_data_to_device": 0.0, "busy_inference": 3.4}
    own = search(name, 0.05, 0, 0, 0, 0.05, **alone, **busy)
    own |= {"extract_seconds": 3.55, "end_to_end": 3.65, "real_time": 3.65}
    results = planted.read(tmp_path, own)
    (found,) = diagnose(results)
    assert (found.limit, found.share) == ("inference", pytest.approx(3.31 / 3.55))
    assert overlapped.limit(overlapped.rows(results).iloc[0]) == (
        "inference", pytest.approx(3.31 / 3.55),
    )  # fmt: skip


def test_a_cache_never_pays_before_the_first_search_that_reads_it(tmp_path: Path) -> None:
    names = ("full", "last_1")
    full, tail = (search(_NAME.replace("full", name).format("serial"), 0.1, data, 0.1, data, 0.1)
                  for name, data in zip(names, (1.0, 0.05), strict=True))  # fmt: skip
    rows = planted.read(tmp_path, full, tail | {"build_cache": 0.9, "cached_bytes": 1e6}).rows
    assert rows["cache_pays_after"].dropna().tolist() == [1.0]
    rows = planted.read(tmp_path, full, tail | {"build_cache": 3.8, "cached_bytes": 1e6}).rows
    assert rows["cache_pays_after"].dropna().tolist() == [pytest.approx(2.0)]


def test_one_process_alone_names_large_gains_only(tmp_path: Path) -> None:
    own = search(_NAME.format("serial"), 0.05, 0.1, 0.05, 1.0, 0.05)
    rows = [own, inference("resnet18/full/cuda/batch:100", 1000),
            inference("resnet18/full/cuda/precision=bf16/batch:100", 4000),
            inference("resnet18/full/cuda/layout=channels_last/batch:100", 1200)]  # fmt: skip
    (found,) = diagnose(planted.read(tmp_path, *rows))
    assert {"precision", "layout"} <= gains(found).keys()
    once = [{key: value for key, value in one.items() if key != "ci95_processes_rel"}
            for one in rows]  # fmt: skip
    (found,) = diagnose(planted.read(tmp_path, *once))
    assert "precision" in gains(found)
    assert "layout" not in gains(found)


def test_the_arithmetic_has_a_name() -> None:
    assert arithmetic.name("vit_b_16", "torch", "cuda") == "fp32 without tensor cores"
    assert arithmetic.name("bert_base", "torch", "cuda") == "fp32 without tensor cores"
    assert arithmetic.name("resnet50", "torch", "cuda") == "TF32 on tensor cores"
    assert arithmetic.name("resnet50", "bf16", "cuda") == "bf16 on tensor cores"
    assert arithmetic.name("resnet50", "torch", "cpu") == "fp32"


def test_a_prefetching_search_shows_its_own_loading(tmp_path: Path) -> None:
    """16 thread seconds on 8 workers are 2 s, though the device waited for 0.1 s only."""
    worked = {"storage_thread_seconds": 0.1, "decode_thread_seconds": 1.2,
              "preprocess_thread_seconds": 0.3, "wait_thread_seconds": 0.2}  # fmt: skip
    own = search(_NAME.format("prefetch"), 0.1, 0.1, 0.05, 2.0, 0.05, **worked)
    (found,) = diagnose(planted.read(tmp_path, own, load_data(_LOADING.format(8), 9500)))
    assert "gives 9,500 images/s, but this search loaded 500 images/s" in found.sentence
    (found,) = diagnose(planted.read(tmp_path, own, load_data(_LOADING.format(8), 500)))
    assert "no advice" not in found.sentence


def test_a_search_explains_its_own_loading(tmp_path: Path) -> None:
    worked = {"storage_thread_seconds": 0.9, "decode_thread_seconds": 0.5,
              "preprocess_thread_seconds": 0.2}  # fmt: skip
    own = search(_NAME.format("serial"), 0.01, 2.2, 0.05, 0.4, 0.05, **worked)
    (found,) = diagnose(planted.read(tmp_path, own))
    assert found.limit == "storage"
    assert (
        "reading files takes 56 % of the time of 8 workers (this search's loader "
        "500 images/s, inference 2,500 images/s)"
    ) in found.sentence
    # LoadData may have read pages that this search did not have.
    warm = load_data(_LOADING.format(8), 480, decode_thread_seconds=1.5)
    (found,) = diagnose(planted.read(tmp_path, own, warm))
    assert found.limit == "storage"
