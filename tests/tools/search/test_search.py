# SPDX-License-Identifier: Apache-2.0
"""tools/search.py: the zoo and the folders that it makes, its settings, and one whole search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torchvision
from conftest import ROOT
from PIL import Image
from search import candidates, photographs, settings
from search.command import main
from search.photographs import SearchError
from search.settings import Settings

BINARY = Path(
    os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build" / "release" / "model_search_bench")
)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve small images of two classes."""
    folder = tmp_path_factory.mktemp("my photos")
    for index in range(12):
        kind = ("dark", "light")[index % 2]
        (folder / kind).mkdir(exist_ok=True)
        shade = 40 + 150 * (index % 2) + index
        Image.new("RGB", (64, 48), (shade, index * 9, shade)).save(folder / kind / f"{index}.jpg")
    return folder


@pytest.fixture(scope="module")
def lightning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint as Lightning's Trainer saves it."""
    torch.manual_seed(3)
    tensors = torchvision.models.resnet18(num_classes=2).state_dict()
    file = tmp_path_factory.mktemp("checkpoints") / "last.ckpt"
    torch.save(
        {
            "epoch": 1, "global_step": 10, "pytorch-lightning_version": "2.4.0",
            "state_dict": {f"model.{name}": tensor for name, tensor in tensors.items()},
            "callbacks": {}, "optimizer_states": [], "lr_schedulers": [],
            "hyper_parameters": {"lr": 0.1},
        },
        file,
    )  # fmt: skip
    return file


def test_class_folders_become_a_split(photos: Path, tmp_path: Path) -> None:
    for _ in range(2):  # The second search finds the link of the first.
        folder = photographs.data_dir(photos, "train", tmp_path)
        assert folder == tmp_path / photos.name
        assert (folder / "train").resolve() == photos
        assert {path.name for path in (folder / "train").iterdir()} == {"dark", "light"}


def test_other_folders_stay_as_they_are(photos: Path, tmp_path: Path) -> None:
    assert photographs.data_dir(photos / "dark", "train", tmp_path) == photos / "dark"
    (tmp_path / "split/val/a").mkdir(parents=True)
    assert photographs.data_dir(tmp_path / "split", "val", tmp_path) == tmp_path / "split"
    with pytest.raises(SearchError, match="has no train/; give --split=val"):
        photographs.data_dir(tmp_path / "split", "train", tmp_path)
    with pytest.raises(SearchError, match="not a folder"):
        photographs.data_dir(tmp_path / "none", "train", tmp_path)


def test_checkpoints_of_pytorch_are_converted(lightning: Path, tmp_path: Path) -> None:
    zoo = tmp_path / "mine" / "zoo.json"
    zoo.parent.mkdir()
    random = {"name": "chance", "architecture": "resnet18", "weights": "random:7"}
    other = {"name": "other", "architecture": "resnet18", "weights": "other.safetensors"}
    zoo.write_text(json.dumps([random, other]))
    assert candidates.zoo(zoo, [], tmp_path / "work") == zoo
    written = candidates.zoo(zoo, [f"resnet18:{lightning}"], tmp_path / "work")
    entries = {entry["name"]: entry for entry in json.loads(written.read_text())}
    assert entries["chance"]["weights"] == "random:7"
    assert entries["other"]["weights"] == str(zoo.parent / "other.safetensors")
    assert (written.parent / entries["last"]["weights"]).is_file()


def test_what_is_wrong_with_candidates_is_named(lightning: Path, tmp_path: Path) -> None:
    for checkpoints, message in (
        ([], "random weights would be ranked by chance"),
        (["last.ckpt"], "write ARCHITECTURE:FILE"),
        (["resnet18:/no/such.ckpt"], "no such file"),
        ([f"resnet18:{lightning}"] * 2, "two candidates are called 'last'"),
        ([f"resnet50:{lightning}"], "'last' was not converted: .*resnet50"),
    ):
        with pytest.raises(SearchError, match=message):
            candidates.zoo(None, checkpoints, tmp_path)
    with pytest.raises(SearchError, match=r"--zoo=.*: No such file"):
        candidates.zoo(tmp_path / "none.json", [], tmp_path)


def test_a_failed_search_is_repeated_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Settings("cuda", 512, "hybrid", "channels_last")
    smaller = settings.after(gpu, "out of memory on cuda: tried to allocate 3 GiB")
    assert smaller == Settings("cuda", 256, "hybrid", "channels_last")
    assert settings.after(Settings("cuda", 8), "out of memory on cuda") is None
    cpu_decoder = settings.after(gpu, "decoder 'hybrid' cannot be used: nvJPEG is missing")
    assert cpu_decoder == Settings("cuda", 512, "", "channels_last")
    assert settings.after(gpu, "a.jpg: damaged") is None
    for memory, batch in ((150e9, 512), (24e9, 256), (8e9, 128)):
        monkeypatch.setattr(settings, "_gpu_memory", lambda memory=memory: memory)
        assert settings.best(None) == Settings("cuda", batch, "hybrid", "channels_last")
    monkeypatch.setattr(settings, "_gpu_memory", lambda: 0.0)
    assert settings.best(None).flags() == {"devices": "cpu"}


def test_a_program_without_cuda_searches_on_the_cpu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "_gpu_memory", lambda: 150e9)
    assert settings.has_cuda(tmp_path / "model_search_bench")
    (tmp_path / "CMakeCache.txt").write_text("MODEL_SEARCH_CUDA:BOOL=OFF\n")
    assert not settings.has_cuda(tmp_path / "model_search_bench")
    assert settings.best(None, has_cuda=False) == Settings("cpu")


def test_without_candidates_the_message_says_what_to_give(photos: Path, tmp_path: Path) -> None:
    tool = [sys.executable, str(ROOT / "tools/search.py"), str(photos), f"--output={tmp_path}/out"]
    done = subprocess.run(
        [*tool, f"--binary={sys.executable}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    for part in ("--zoo=zoo.json", "tools/export_weights.py", "tools/make_zoo.py --trained"):
        assert part in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_search_ranks_checkpoints(
    photos: Path, lightning: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if not BINARY.is_file():
        pytest.skip(f"{BINARY} is not built")
    zoo = tmp_path / "zoo.json"
    zoo.write_text(
        json.dumps([{"name": "chance", "architecture": "resnet18", "weights": "random"}])
    )
    code = main([
        str(photos), f"--zoo={zoo}", f"--checkpoint=resnet18:{lightning}", "--device=cpu",
        f"--output={tmp_path}/out", f"--binary={BINARY}", "--", f"--cache_dir={tmp_path}/cache",
    ])  # fmt: skip
    shown = capfd.readouterr().out
    assert code == 0, shown
    assert "Ranking of the zoo" in shown
    assert "2 candidates of 12 items" in shown
    files = {path.name for path in (tmp_path / "out/features").iterdir()}
    assert {"chance.full.safetensors", "last.full.safetensors"} <= files
    document = json.loads((tmp_path / "out/results.json").read_text())
    assert document["context"]["data"] == photos.name
    assert document["context"]["data_classes"] == "2"
