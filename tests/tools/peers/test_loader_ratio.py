# SPDX-License-Identifier: Apache-2.0
"""The peers of the data path: arithmetic, verdict, the shape of the JSON, and real small runs."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from compare.ratios import exit_code, ratios
from peers import (
    dali_peer,
    dataloader_peer,
    loader_ratio,
    loader_timing,
    peer_process,
    torchvision_gpu_peer,
    tuned_dataloader_peer,
)
from peers.loader_setting import LoaderSetting
from peers.rounds import Rounds
from peers.rows import PeerResult, loader_result
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.io import decode_jpeg

_OURS = "LoadData/images/cpu/decoder=turbojpeg/workers=2/batch:8/manual_time"


_SETTING = LoaderSetting("photographs", workers=2, batch=8)


def _rounds(*pairs: tuple[float, float], error: str | None = None) -> Rounds:
    rounds = Rounds(loader_ratio.PACKAGES)
    for index, (ours, theirs) in enumerate(pairs):
        row = {"name": _OURS, "items_per_second": ours, "real_time": 1.0, "time_unit": "ms"}
        rounds.add_ours(index, _SETTING, [row], {"cpu_model": "CPU"})
        result = PeerResult(error=error) if error else loader_result(8, theirs, 0.5)
        rounds.add_peer(index, _SETTING, "dali", _SETTING.row_name("dali"), result)
    return rounds


def test_a_ratio_is_the_median_of_each_rounds() -> None:
    (ratio,) = ratios(_rounds((100, 50), (300, 100), (90, 90)).measured, loader_ratio.RATE)
    assert ratio.rounds == (2.0, 3.0, 1.0)
    assert ratio.median == 2.0
    assert (ratio.ours, ratio.theirs) == (100, 90)


def test_searches_are_compared_by_their_extraction() -> None:
    """Our rows have the items per second of a whole search, which scores too."""
    search = LoaderSetting("photographs", 2, 8, architecture="resnet18", precision="bf16")
    rounds = _rounds((100, 50))
    ours = {"name": "ours", "items": 100, "extract_seconds": 2.0, "items_per_second": 25}
    theirs = {"items": 100, "extract_seconds": 4.0, "items_per_second": 25}
    rounds.add_ours(0, search, [ours], {})
    name = search.row_name("end_to_end")
    rounds.add_peer(0, search, "end_to_end", name, PeerResult(4.0, theirs))
    assert name == (
        "EndToEnd/resnet18/full/cpu/peer=end_to_end/precision=bf16/workers=2/batch:8/manual_time"
    )
    found = {ratio.peer: ratio.median for ratio in ratios(rounds.measured, loader_ratio.RATE)}
    assert found == {"dali": 2.0, "end_to_end": 2.0}


def test_first_passes_have_a_ratio_where_both_sides_have_one() -> None:
    rounds = _rounds((100, 50))
    assert ratios(rounds.measured, loader_ratio.FIRST_PASS)[0].rounds == ()
    rounds.measured[0].row["first_pass_items_per_second"] = 60
    rounds.measured[1].row["first_pass_items_per_second"] = 20
    assert ratios(rounds.measured, loader_ratio.FIRST_PASS)[0].median == 3


def test_a_peer_that_failed_has_no_ratio_and_loses_no_row() -> None:
    rounds = _rounds((100, 0), error="dali_peer failed: no module")
    (ratio,) = ratios(rounds.measured, loader_ratio.RATE)
    assert ratio.error == "dali, round 1: dali_peer failed: no module"
    assert exit_code([ratio], {}) == 2
    rows = rounds.document()["benchmarks"]
    assert rows[0]["items_per_second"] == 100
    assert rows[1]["error_occurred"]


def test_the_json_has_the_shape_of_the_programs() -> None:
    document = _rounds((100, 50), (110, 60)).document()
    names = [row["name"] for row in document["benchmarks"]]
    assert names.count("LoadData/images/cpu/peer=dali/workers=2/batch:8/manual_time") == 2
    assert names.count(_OURS) == 2
    for row in document["benchmarks"]:
        assert row["repetitions"] == 2
    peer = document["benchmarks"][-1]
    assert peer["real_time"] == pytest.approx(1e3 * 8 / 60)
    assert "peer_torchvision" in document["context"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--data-dir=/nowhere"], "--data-dir=/nowhere"),
        (["--data-dir={data}", "--batches=3", "--warmup-batches=3"], "--batches=3"),
        (["--data-dir={data}", "--peers=end_to_end"], "--architecture"),
        (["--data-dir={data}", "--precision=fp16"], "--precision=fp16"),
        (["--data-dir={data}", "--min-ratio=libjpeg_turbo=2"], "libjpeg_turbo"),
        (["--data-dir={data}", "--peers=dali_mixed"], "--peers=dali_mixed"),
        (["--data-dir={data}", "--binary=/nowhere/bench"], "/nowhere/bench"),
    ],
)
def test_bad_input_is_named(flags, message, photographs, capsys) -> None:
    assert loader_ratio.main([flag.format(data=photographs) for flag in flags]) == 2
    assert message in capsys.readouterr().err


def test_the_peers_give_preprocessed_photographs(photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=1, batch=4)
    images, labels = next(iter(dataloader_peer.loader(setting)))
    first = sorted((photographs / "train").glob("*/*"))[0]
    expected = dataloader_peer.transform()(Image.open(first).convert("RGB"))
    assert images[0].equal(expected)
    assert labels.tolist()[0] == 0
    pytest.importorskip("nvidia.dali")
    batch, _ = dali_peer.pipeline(setting).run()
    dali = np.asarray(batch.as_array())
    assert dali.shape == (4, 3, 224, 224)
    # DALI resizes and rounds the crop in another way, so pixels are near and not equal.
    assert 0 < np.abs(dali[0] - expected.numpy()).mean() < 0.2 * expected.std()


def test_the_tuned_loader_gives_the_same_values(photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=1, batch=6)
    tuned = tuned_dataloader_peer.loader(setting)
    assert next(iter(tuned))[0].dtype == torch.uint8
    both = zip(tuned_dataloader_peer.on_device(tuned, "cpu"), dataloader_peer.loader(setting),
               strict=True)  # fmt: skip
    for (images, labels), (expected, plain) in both:
        assert torch.equal(images, expected)
        assert torch.equal(labels, plain)


def test_torchvisions_decoder_gives_nearly_the_same_values(photographs: Path) -> None:
    """Upright and lying photographs, in the order of the data set, and a short last batch."""
    setting = LoaderSetting(str(photographs), workers=2, batch=6)
    sizes = []
    for (images, labels), (expected, plain) in zip(
        torchvision_gpu_peer.loader(setting), dataloader_peer.loader(setting), strict=True
    ):
        sizes.append(len(images))
        assert labels == plain.tolist()
        assert (images - expected).abs().max() < 4 / 255 / 0.224
        assert (images - expected).abs().mean() < 0.5 / 255 / 0.224
    assert sizes == [6, 6, 6, 2]


def test_images_of_several_sizes_need_no_indices_from_the_host(photographs: Path) -> None:
    """Their copy to a GPU would wait for it, once per size."""

    class Operators(TorchDispatchMode):
        def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
            called.add(operator.overloadpacket)
            return operator(*args, **(kwargs or {}))

    called: set = set()
    setting = LoaderSetting(str(photographs), workers=1, batch=20)
    ((encoded, _),) = torchvision_gpu_peer.files(setting, None)
    assert len({decode_jpeg(each).shape for each in encoded}) > 1
    with Operators():
        torchvision_gpu_peer.images(encoded, "cpu")
    assert torch.ops.aten.stack in called
    assert torch.ops.aten.index_put_ not in called


def test_a_pass_repeats_the_data_set(photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=1, batch=15)
    labels = [labels for _, labels in torchvision_gpu_peer.files(setting, 30)]
    assert labels[1][5:] == labels[0][:10]


def test_the_workers_are_busy_until_the_last_timed_batch() -> None:
    requested = []

    def load(items: int | None) -> Iterator[tuple[list, list]]:
        requested.append(items)
        return (([0] * 8, []) for _ in range(100))

    setting = dataclasses.replace(_SETTING, batches=6, warmup_batches=2)
    loader_timing.measure(load, setting, ahead=4)
    assert requested == [(6 + 4) * 8, None]


@pytest.mark.parametrize(
    ("workers", "batches", "warmup"), [(1, 40, 8), (5, 45, 10), (8, 40, 8), (16, 48, 16)]
)
def test_whole_waves_of_the_workers_are_timed(workers: int, batches: int, warmup: int) -> None:
    options = loader_ratio._parser().parse_args(
        ["--data-dir=photographs", "--batches=40", "--warmup-batches=8"]
    )
    setting = loader_ratio._setting(options, workers)
    assert (setting.batches, setting.warmup_batches) == (batches, warmup)


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "nvidia").mkdir()
    (tmp_path / "nvidia" / "__init__.py").touch()
    given = dataclasses.asdict(dataclasses.replace(_SETTING, device="cuda"))
    for peer in ("dali", "dali_mixed"):
        result = peer_process.result(f"{peer}_peer", given, {"PYTHONPATH": str(tmp_path)})
        assert "has no nvidia.dali: install it or leave this peer out" in result.error


def test_rows_say_where_batches_are_complete() -> None:
    setting = LoaderSetting("photographs", workers=2, device="cuda")
    assert setting.row_name("dataloader").startswith("LoadData/images/cpu/peer=dataloader/")
    for peer in ("tuned_dataloader", "torchvision_gpu", "dali_mixed"):
        assert setting.row_name(peer).startswith(f"LoadData/images/cuda/peer={peer}/")


@pytest.mark.parametrize(("peer", "code"), [("tuned_dataloader", 0), ("dali_mixed", 2)])
def test_batches_are_compared_where_they_end(
    peer: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "train").mkdir()
    devices = ("cpu", "cuda") if code == 0 else ("cpu",)
    rows = [
        {"name": f"LoadData/images/{device}/workers=1/batch:8/manual_time", "items_per_second": 100}
        for device in devices
    ]
    monkeypatch.setattr(loader_ratio.our_loader, "run", lambda *_: (rows, {}))
    monkeypatch.setattr(loader_ratio, "_peer", lambda *_: loader_result(8, 50))
    found = []
    monkeypatch.setattr(loader_ratio, "show", lambda ratios, *_: found.extend(ratios))
    flags = [f"--data-dir={tmp_path}", f"--binary={__file__}", "--device=cuda", "--workers=1"]
    assert loader_ratio.main([*flags, "--rounds=1", f"--peers=dataloader,{peer}"]) == code
    places = {(ratio.peer, ratio.name.split("/")[2]) for ratio in found}
    expected = {"cpu": ("dataloader", "cpu"), "cuda": (peer, "cuda")}
    assert places == {expected[device] for device in devices}
    assert (f"--peers={peer}: no row of ours" in capsys.readouterr().err) == (code == 2)


def test_all_sides_run_and_are_written(
    photographs: Path, tmp_path: Path, program_binary: Path
) -> None:
    out = tmp_path / "ratios.json"
    code = loader_ratio.main(
        [f"--data-dir={photographs}", f"--binary={program_binary}", "--workers=1", "--rounds=1",
         "--batch=4", "--batches=4", "--warmup-batches=1", f"--output={out}",
         "--peers=dataloader,tuned_dataloader,torchvision_gpu,dali,libjpeg_turbo"]
    )  # fmt: skip
    assert code == 0
    rows = json.loads(out.read_text())["benchmarks"]
    sides = {row["name"].partition("peer=")[2].split("/")[0] for row in rows}
    assert sides == {
        "", "dataloader", "tuned_dataloader", "torchvision_gpu", "dali", "libjpeg_turbo",
    }  # fmt: skip
    assert all(row["items_per_second"] > 0 for row in rows)


def test_a_setting_survives_the_way_to_a_peer() -> None:
    setting = LoaderSetting("folder", workers=3, architecture="resnet18", precision="bf16")
    assert LoaderSetting(**json.loads(json.dumps(dataclasses.asdict(setting)))) == setting
