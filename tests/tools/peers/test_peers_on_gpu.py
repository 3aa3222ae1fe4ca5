# SPDX-License-Identifier: Apache-2.0
"""The peers on a GPU: compiled networks and graphs, and loaders whose batches are complete there.
Skipped without one."""

from pathlib import Path

import pytest
import torch
from peers import (
    dataloader_peer,
    feature_distance,
    feature_files,
    forward,
    networks,
    scores,
    torchvision_gpu_peer,
    tuned_dataloader_peer,
    tuned_end_to_end_peer,
    zoo_search_peer,
)
from peers.end_to_end_setting import EndToEndSetting
from peers.loader_setting import LoaderSetting
from peers.zoo_setting import Candidate, ZooSetting
from safetensors.torch import save_file

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is visible")


@pytest.mark.parametrize("way", forward.WAYS)
def test_every_way_gives_the_networks_features(way: str) -> None:
    network = networks.build("resnet18").cuda().to(memory_format=torch.channels_last)
    batches = torch.randn(2, 4, 3, 224, 224, device="cuda")
    first, second = (batch.contiguous(memory_format=torch.channels_last) for batch in batches)
    expected = feature_distance.strict(network, (second,))
    with torch.inference_mode():
        made = forward.prepare(network, way, (first,))
        assert feature_distance.distance(made.call(second), expected) < 1e-3
        # A graph must compute each batch anew.
        assert feature_distance.distance(made.call(first), expected) > 1e-2
    assert ("capture_seconds" in made.seconds) == way.endswith("_graph")


@pytest.mark.parametrize("peer", [tuned_dataloader_peer, torchvision_gpu_peer])
def test_batches_are_those_of_the_plain_loader(peer, photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=2, batch=6, device="cuda")
    batches = peer.loader(setting)
    if peer is tuned_dataloader_peer:
        batches = peer.on_device(batches, "cuda")
    for (images, labels), (expected, plain) in zip(
        batches, dataloader_peer.loader(setting), strict=True
    ):
        assert images.is_cuda
        assert list(labels) == plain.tolist()
        assert (images.cpu() - expected).abs().mean() < 0.02


def _on_device(pixels: torch.Tensor, device: str) -> list:
    return list(tuned_dataloader_peer.on_device([(pixels, [])], device))


@pytest.mark.parametrize("peer", [tuned_dataloader_peer, torchvision_gpu_peer])
def test_a_batch_makes_nobody_wait_for_the_gpu(peer, photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=1, batch=20, device="cuda")
    if peer is torchvision_gpu_peer:
        ((given, _),) = peer.files(setting, None)
        made = peer.images
    else:
        given = torch.zeros(2, 3, 224, 224, dtype=torch.uint8).pin_memory()
        made = _on_device
    made(given, "cuda")  # The constants are copied once.
    torch.cuda.set_sync_debug_mode("error")
    try:
        made(given, "cuda")
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("pipeline", ["tuned", "tuned_gpu"])
def test_a_short_last_batch_has_its_features(
    pipeline: str, photographs: Path, tmp_path: Path
) -> None:
    save_file(networks.build("resnet18").state_dict(), tmp_path / "w.safetensors")
    found = {}
    for way, batch in (("eager", 20), ("frozen_graph", 8)):
        setting = EndToEndSetting(
            pipeline, "resnet18", str(tmp_path / "w.safetensors"), str(photographs), workers=2,
            batch=batch, device="cuda", precision="torch", way=way,
        )  # fmt: skip
        found[way], seconds, counters = tuned_end_to_end_peer.extract(setting)
        assert counters["extract_seconds"] == seconds > 0
    assert found["eager"].shape == (20, 512)
    assert feature_distance.distance(found["frozen_graph"], found["eager"]) < 1e-2


def test_a_plain_search_gives_one_networks_features_in_every_precision(
    photographs: Path, tmp_path: Path
) -> None:
    save_file(networks.build("resnet18").state_dict(), tmp_path / "w.safetensors")
    candidate = Candidate("child", "resnet18", str(tmp_path / "w.safetensors"))
    for precision in ("torch", "bf16"):
        setting = ZooSetting(
            "children", (candidate,), 1, str(photographs), ("linear", "minibatch"), workers=2,
            batch=8, device="cuda", precision=precision, features_dir=str(tmp_path / precision),
        )  # fmt: skip
        for result in zoo_search_peer.measure(setting).values():
            assert result.seconds > 0 and result.counters["accuracy0"] <= 1
    files = [feature_files.path(tmp_path / name, "child") for name in ("bf16", "torch")]
    assert 1e-4 < feature_files.distance_between(*files) < 0.1


def test_scores_on_a_gpu_have_pythons_values(program_binary: Path, tmp_path: Path) -> None:
    binary = program_binary.parent / "score_features"
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    markdown = tmp_path / "table.md"
    code = scores.main(
        [f"--binary={binary}", "--sizes=600x96,80x128", "--classes=4", "--source-classes=20",
         "--rounds=1", "--repetitions=1", "--device=cuda", f"--markdown={markdown}"]
    )  # fmt: skip
    assert code == 0, markdown.read_text()
