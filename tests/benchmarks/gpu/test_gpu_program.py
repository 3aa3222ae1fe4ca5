# SPDX-License-Identifier: Apache-2.0
"""The program on a GPU: its times against the kernels, CUDA graphs, memory. Skipped without one."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest
from conftest import Program
from PIL import Image
from safetensors.numpy import load_file


def _gpus() -> int:
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value


GPUS = _gpus()
pytestmark = pytest.mark.skipif(GPUS == 0, reason="no CUDA device is visible")
GPU = ("--devices=cuda", "--batches=25")


@pytest.mark.parametrize("network", ["resnet50", "vit_b_16", "efficientnet_v2_s"])
def test_event_times_are_those_of_the_kernels(program: Program, network: str) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", f"--architectures={network}", "--configurations=full",
        "--batch_sizes=128", "--kernel_span",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    (row,) = outcome.rows
    assert row["kernels"] > 50
    assert abs(row["event_difference"]) <= 0.01, row
    assert row["kernel_busy_seconds"] <= row["kernel_span_seconds"] * 1.001


def test_a_graph_computes_what_eager_execution_does(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=resnet18,bert_base", "--batch_sizes=32",
        "--configurations=full,last_1", "--executions=eager,cuda_graph", "--precisions=bf16",
        "--max_lengths=64",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    graphs = [row for row in outcome.rows if "execution=cuda_graph" in row["name"]]
    assert len(graphs) == 4
    for row in graphs:
        assert row["graph_distance"] <= 0.1
        assert row["capture_seconds"] > 0


def test_a_network_warms_up_by_time_where_the_power_is_known(program: Program) -> None:
    flags = (*GPU, "--steps=Inference", "--architectures=resnet18", "--batch_sizes=32",
             "--configurations=full")  # fmt: skip
    (by_batches,) = program.run(*flags, "--warmup_seconds=0").rows
    assert 5 <= by_batches["warmup_batches"] <= 15
    if "gpu_power" not in by_batches:
        pytest.skip("no monitor reports the GPU's power")
    (by_time,) = program.run(*flags).rows
    # 0.2 s and more, with the host's part of each batch.
    assert by_time["warmup_batches"] * by_time["p50"] >= 0.1
    assert by_time["warmup_batches"] > 15


def test_the_host_is_far_ahead_of_large_batches_and_not_of_small_ones(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=efficientnet_v2_s", "--batch_sizes=1,256",
        "--configurations=full",
    )  # fmt: skip
    small, large = outcome.rows
    assert large["launch_share"] < 0.5
    assert (large["launch_bound"], large["near_host_pace"]) == (0, 0)
    # Not bounded by 1: the GPU's seconds are measured without the host's.
    assert small["launch_share"] > 1.25
    assert (small["launch_bound"], small["near_host_pace"]) == (1, 0)


def test_what_cannot_be_captured_says_why(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=bert_base", "--batch_sizes=32",
        "--configurations=full", "--executions=cuda_graph", "--paddings=longest",
        "--max_lengths=64", "--benchmark_repetitions=5",
    )  # fmt: skip
    for row in outcome.rows:
        if row.get("error_occurred"):
            assert "CUDA graph" in row["error_message"]
            assert outcome.code == 1


@pytest.mark.parametrize("configuration", ["full", "last_3", "last_1"])
def test_the_largest_batch_is_exact_or_says_why_not(program: Program, configuration: str) -> None:
    outcome = program.run(
        *GPU, "--steps=MaxBatchSize", "--architectures=resnet18", "--memory_limit=4GB",
        f"--configurations={configuration}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    (row,) = outcome.rows
    # A maximum that does not fit again starts the search anew below it.
    assert row["trials"] <= (48 if row["unsteady"] else 24)
    assert 3.2e9 <= row["reserved_bytes"] <= 4e9
    # The rest is lost between blocks.
    used = row["fixed_bytes"] + row["max_batch_size"] * row["bytes_per_item"]
    assert 3e9 <= used <= 1.1 * 4e9
    # A convolution may have one maximum for a shape that is new to cuDNN and another once it keeps
    # an algorithm that takes less memory: that is said, and what is reported fits both times.
    if configuration == "full" or not row["unsteady"]:
        assert row["exact"] == 1, row["label"]
    else:
        tried = row["label"].removeprefix("tried: ").split()
        largest = int(row["max_batch_size"])
        assert f"{largest}-" not in tried, tried
        assert tried.count(f"{largest}+") >= 2, tried
        assert f"{largest + 1}-" in tried, tried


def test_expandable_segments_fit_at_least_as_much(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=MaxBatchSize", "--architectures=resnet50", "--memory_limit=4GB",
        "--configurations=full", "--allocators=default,expandable",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    default, expandable = outcome.rows
    assert "/allocator=expandable/" in expandable["name"]
    assert "allocator" not in default["name"]
    assert expandable["max_batch_size"] >= default["max_batch_size"]
    for row in (default, expandable):
        assert row["exact"] == 1, row["label"]
        assert row["reserved_bytes"] <= 4e9
        # Bytes depend on the network, not on the allocator.
        assert row["bytes_per_item"] == pytest.approx(default["bytes_per_item"], rel=0.1)
        assert row["batch_by_bytes"] >= 0.98 * row["max_batch_size"]
    # In the other order: a row leaves the allocator as it found it.
    again = program.run(
        *GPU, "--steps=MaxBatchSize", "--architectures=resnet50", "--memory_limit=4GB",
        "--configurations=full", "--allocators=expandable,default",
    )  # fmt: skip
    assert again.code == 0, again.stderr + str(again.rows)
    for row, earlier in zip(again.rows, (expandable, default), strict=True):
        assert row["name"] == earlier["name"]
        assert row["max_batch_size"] == pytest.approx(earlier["max_batch_size"], rel=0.01)


def test_the_search_counts_what_inference_holds(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=vit_b_32", "--configurations=full",
        "--batch_sizes=common_max", "--memory_limit=4GB",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    search = next(row for row in outcome.rows if row["name"].startswith("MaxBatchSize/"))
    (row,) = [row for row in outcome.rows if row["name"].startswith("Inference/")]
    assert f"/batch:{search['max_batch_size']:.0f}/" in row["name"]
    # With the inputs that the step holds. The search counts the GPU's context as well.
    held = search["max_batch_size"] * search["bytes_per_item"]
    assert 0.95 * held < row["peak_device_bytes"] < 4e9


def test_rows_are_measured_in_turns(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=resnet18", "--configurations=full,last_1",
        "--batch_sizes=32,128", "--interleave",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    assert {row["interleaved_with"] for row in outcome.rows} == {3}
    assert {row["batches"] for row in outcome.rows} == {20}
    # The GPU was watched during the turns of all: no row knows its own energy.
    assert all("joules_per_item" not in row for row in outcome.rows)
    if any(key.startswith("gpu_") for key in outcome.rows[0]):
        assert len({row["gpu_power"] for row in outcome.rows}) == 1


def test_the_machine_is_watched(program: Program) -> None:
    outcome = program.run(
        *GPU, "--steps=Inference", "--architectures=resnet50", "--configurations=full",
        "--batch_sizes=128", "--batches=200",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    (row,) = outcome.rows
    if not any(key.startswith("gpu_") for key in row):
        pytest.skip("NVML was not found")
    assert row["gpu_power"] > 100
    if "joules_per_item" not in row:
        pytest.skip("this GPU's driver does not report energy")
    assert 0.005 < row["joules_per_item"] < 1


def test_a_joint_network_reads_what_the_gpu_decodes(program: Program) -> None:
    """Its trunk's cache holds activations of the decoded images, not of the files' bytes."""
    outcome = program.run(
        *GPU, "--steps=EndToEnd", "--architectures=resnet18", "--modes=serial,overlapped",
        "--configurations=joint_last_1", "--batch_sizes=32", "--items=200", "--decoders=nvjpeg",
    )  # fmt: skip
    if outcome.code == 3:
        pytest.skip("nvjpeg was not built")
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    assert len(outcome.rows) == 2
    for row in outcome.rows:
        assert row["cached_end_to_end"] > 0
        assert row["gain_over_cached"] > 0


@pytest.mark.parametrize("flags", [(), ("--precisions=bf16", "--layouts=channels_last")])
def test_tails_score_alike_wherever_their_activations_lie(
    program: Program, flags: tuple[str, ...]
) -> None:
    outcome = program.run(
        *GPU, "--steps=EndToEnd", "--architectures=resnet18", "--configurations=full,last_3",
        "--caches=device,host,disk", "--batch_sizes=32", "--items=200", *flags,
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    tails = [row for row in outcome.rows if "/last_3/" in row["name"]]
    assert len(tails) == 9
    for row in outcome.rows:
        assert row["accuracy"] == pytest.approx(outcome.rows[0]["accuracy"], abs=0.02)
        assert row["loss"] == pytest.approx(outcome.rows[0]["loss"], rel=0.02)
    held = {row["peak_device_bytes"] for row in tails if "/cache=device/" in row["name"]}
    others = {row["peak_device_bytes"] for row in tails if "/cache=disk/" in row["name"]}
    # What is held in the GPU's memory counts for the rows that read it, and for no others.
    assert min(held) > max(others)
    for row in tails:
        if "/cache=device/" in row["name"]:
            assert row.get("data_to_device", 0) < 0.1 * row["end_to_end"]


def test_a_simulated_delay_runs_on_the_gpu(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that wait for the host (batch 1) are delayed too, by more where the host is slow: the
    delay has kernels of its own."""
    flags = (
        *GPU, "--steps=Inference", "--architectures=resnet50", "--configurations=full",
        "--batch_sizes=1,64", "--executions=eager,cuda_graph",
    )  # fmt: skip
    plain = program.run(*flags)
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "slow=0.5:Inference")
    slow = program.run(*flags)
    for outcome in (plain, slow):
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        assert len(outcome.rows) == 4
    for before, after in zip(plain.rows, slow.rows, strict=True):
        assert "simulated_delay" not in before
        assert 0.45 <= after["simulated_delay"] <= 0.65, after
        most = 2.5 if before["launch_bound"] else 1.8
        assert 1.3 <= after["p50"] / before["p50"] <= most, (before, after)


def test_files_that_a_gpu_does_not_decode_go_to_the_cpu(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """GIF, WebP and others under .jpg, next to JPEGs: the features of the CPU's decoder."""
    kinds = ("JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM")
    for number, path in enumerate(sorted((photographs / "train").rglob("*.JPEG"))[:12]):
        folder = tmp_path / "data/train" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{number}.jpg").open("wb") as file:
            Image.open(path).convert("RGB").save(file, kinds[number // 2])
    found = {}
    for decoder in ("nvjpeg", "hybrid", "turbojpeg"):
        outcome = program.run(
            *GPU, "--steps=EndToEnd", "--architectures=resnet18", "--configurations=full",
            "--modes=serial", "--batch_sizes=8", f"--decoders={decoder}",
            f"--data_dir={tmp_path / 'data'}", f"--features_dir={tmp_path / decoder}",
        )  # fmt: skip
        if decoder != "turbojpeg" and "cannot be used" in str(outcome.rows):
            pytest.skip("nvJPEG is missing")
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        found[decoder] = load_file(next((tmp_path / decoder).iterdir()))["features"]
    for decoder in ("nvjpeg", "hybrid"):
        assert np.allclose(found[decoder], found["turbojpeg"], rtol=1e-3, atol=1e-3), decoder


def test_fused_rows_of_every_step(program: Program) -> None:
    flags = (*GPU, "--precisions=bf16", "--layouts=channels_last", "--items=100")
    inference = program.run(
        *flags, "--steps=Inference,Blocks", "--architectures=resnet18,vit_b_32,bert_base",
        "--configurations=full,last_1,joint_last_1", "--executions=fused,fused_graph",
        "--batch_sizes=16", "--max_lengths=64",
    )  # fmt: skip
    assert inference.code == 0, inference.stderr + str(inference.rows)
    assert all("/execution=fused" in row["name"] for row in inference.rows)
    padded = program.run(
        *flags, "--steps=Inference", "--architectures=bert_base", "--configurations=full",
        "--executions=eager,fused", "--paddings=longest", "--batch_sizes=16",
    )  # fmt: skip
    assert padded.code == 0, padded.stderr + str(padded.rows)


def test_searches_in_16_bits_are_fused_and_rank_as_eager_ones(program: Program) -> None:
    networks = "resnet18,resnet50,mobilenet_v2,vit_b_32,bert_base"
    flags = (
        *GPU, "--precisions=bf16", "--layouts=channels_last", "--steps=EndToEnd",
        f"--architectures={networks}", "--configurations=full", "--modes=overlapped",
        "--batch_sizes=128",
    )  # fmt: skip
    fused = program.run(*flags)
    eager = program.run(*flags, "--executions=eager")
    assert fused.code == eager.code == 0, fused.stderr + eager.stderr
    assert all("/execution=fused/" in row["name"] for row in fused.rows)
    assert len(fused.rows) == len(eager.rows) == 5
    losses = [
        {row["name"].split("/")[1]: row["loss"] for row in outcome.rows}
        for outcome in (fused, eager)
    ]
    assert sorted(losses[0], key=losses[0].get) == sorted(losses[1], key=losses[1].get), losses


def test_whole_searches_agree_whatever_decodes_and_however_little_waits(
    program: Program, tmp_path: Path
) -> None:
    flags = (
        "--devices=cuda", "--steps=Search", "--architectures=resnet18,mobilenet_v2,resnet34",
        # Batches of two pieces, of which the last one is short.
        "--items=340", "--batch_sizes=128", "--precisions=fp32",
    )  # fmt: skip
    features = []
    for name, more in {
        "plans": ("--plans=one_by_one,decode_once,shared", "--budgets=all,halving"),
        "decoders": ("--decoders=turbojpeg,nvjpeg,hybrid",),
        "window": ("--device_cache=400MB",),
        "small": ("--device_cache=150MB",),
        "least": ("--device_cache=1MB", "--host_cache=1MB"),
    }.items():
        folder = tmp_path / name
        outcome = program.run(*flags, *more, f"--features_dir={folder}")
        assert outcome.code == 0, name + outcome.stderr + str(outcome.rows)
        for row in outcome.rows:
            assert row["plan_distance"] < 1e-3 if "plan=shared" in row["name"] else True
            assert row["label"].split("ranking=")[1].count(",") == 2
        features.append(load_file(folder / "resnet34.full.safetensors")["features"])
    for other in features[1:]:
        # Decoders differ by a pixel here and there.
        distance = np.linalg.norm(other - features[0], axis=1) / np.linalg.norm(features[0], axis=1)
        assert distance.max() < 0.02
