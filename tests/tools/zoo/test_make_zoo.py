# SPDX-License-Identifier: Apache-2.0
"""make_zoo.py: what it writes, what it refuses, and that the program uses its zoos."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torchvision
import transformers
from safetensors.torch import load_file, save_file
from zoo import command, folder

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def parents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two checkpoints of MobileNetV2."""
    made = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        tensors = torchvision.models.mobilenet_v2(weights=None).state_dict()
        made.append(tmp_path_factory.mktemp("parents") / f"parent{seed}.pth")
        torch.save(tensors, made[-1])
    return made


def flags(parents: list[Path], *more: object) -> list[str]:
    return ["--architecture=mobilenet_v2", *(f"--parent={path}" for path in parents),
            *map(str, more)]  # fmt: skip


def contents(out: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_ino, path.read_bytes()) for path in out.iterdir()}


def test_children_differ_in_their_last_blocks_only(
    parents: list[Path], tmp_path: Path, capsys
) -> None:
    out = tmp_path / "zoo"
    given = flags(parents, "--candidates=9", "--seed=4", "-o", out)
    assert command.main(given) == 0
    printed = capsys.readouterr()
    assert "9 children in" in printed.out and "times fewer" in printed.out
    assert "9 of 9: " in printed.err
    entries = json.loads((out / "zoo.json").read_text())
    children = json.loads((out / "manifest.json").read_text())["children"]
    assert [entry["name"] for entry in entries] == [child["name"] for child in children]
    redrawn = {child["redrawn_blocks"] for child in children}
    assert {0, 1} < redrawn, "the seed of this test draws no equal children, or no others"
    tensors = [torch.load(path) for path in parents]
    files = {path.name for path in out.glob("*.safetensors")}
    assert files == {entry["weights"] for entry in entries}
    for index, (entry, child) in enumerate(zip(entries, children, strict=True)):
        assert entry["weights"] == child["weights"] and entry["architecture"] == "mobilenet_v2"
        assert child["parent"] == parents[index % 2].name
        before = tensors[index % 2]
        after = load_file(out / entry["weights"])
        assert set(after) == set(before)
        last = child["redrawn_blocks"]
        for name, tensor in after.items():
            # Stages of MobileNetV2 are features.0 (the stem) to features.18 (the head), to which
            # the classifier belongs.
            stage = 18 if name.startswith("classifier.") else int(name.split(".")[1])
            changes = last and stage > 17 - last
            changes = changes and not name.endswith("num_batches_tracked")
            assert torch.equal(tensor, before[name]) != bool(changes), name
            assert tensor.isfinite().all()
    assert len(files) == sum(1 for c in children if c["redrawn_blocks"]) + len(
        {c["parent"] for c in children if not c["redrawn_blocks"]}
    )

    # The same command makes the same files, and makes what is missing only.
    first = contents(out)
    gone = next(child["weights"] for child in children if child["redrawn_blocks"])
    (out / gone).unlink()
    (out / "zoo.json").unlink()
    assert command.main(given) == 0
    second = contents(out)
    assert {n: b for n, (_, b) in first.items()} == {n: b for n, (_, b) in second.items()}
    same = {name for name in files if first[name][0] == second[name][0]}
    assert same >= files - {gone}

    # Another command does not touch the folder.
    assert command.main([*given, "--seed=5"]) == 2
    assert "holds another zoo (seed 4, not 5)" in capsys.readouterr().err
    assert contents(out) == second


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--distribution=top"], "invalid choice: 'top' (choose from "),
        (["--architecture=resnet19"], "'resnet19'"),
        (["--candidates=0"], "argument --candidates: '0' is not a positive whole number"),
        (["--candidates=1"], "--candidates=1: at least one for each of 2 parents"),
        (["--parents=2"], "give it or --parent=FILE, not both"),
        (["--seed=-1"], "argument --seed: '-1' is not a whole number from 0"),
        ([], "--output=FOLDER is missing"),
        (["--output=FULL"], "FULL has content that is not a zoo's"),
        (["--output=FULL/file"], "file is not a folder"),
        (["--parent=FULL/file", "--output=NEW"], "--parent=FULL/file: "),
        (["--parent=FULL/none.pth", "--output=NEW"], "--parent=FULL/none.pth: "),
        (["--parent=NAN", "--output=NEW"], "features.18.1.bias has values that are not finite"),
    ],
)
def test_refusals(
    parents: list[Path], tmp_path: Path, capsys, more: list[str], message: str
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "file").write_text("content")
    if "--parent=NAN" in more:
        tensors = torch.load(parents[0])
        tensors["features.18.1.bias"][3] = torch.nan
        torch.save(tensors, tmp_path / "nan.pth")

    def placed(text: str) -> str:
        for word, path in {
            "FULL": full,
            "NEW": tmp_path / "new",
            "NAN": tmp_path / "nan.pth",
        }.items():
            text = text.replace(word, str(path))
        return text

    given = flags(parents, *map(placed, more))
    try:
        code = command.main(given)
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert placed(message) in capsys.readouterr().err
    assert [path.name for path in full.iterdir()] == ["file"]
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_known_before(
    parents: list[Path], tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _: usage)
    assert command.main(flags(parents, "--candidates=30", "-o", tmp_path / "new")) == 2
    error = capsys.readouterr().err
    assert "but only 0.01 GB are free; give fewer --candidates" in error
    assert not (tmp_path / "new").exists()


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys) -> None:
    more = ["--distribution=top_50pct", "--parents=2", "--candidates=4", "--dry-run",
            f"--output={tmp_path / 'new'}"]  # fmt: skip
    cache = f"--cache-dir={tmp_path / 'cache'}"
    assert command.main(["--architecture=vit_l_32", *more, cache]) == 0
    printed = capsys.readouterr().out
    assert "vit_l_32, 24 blocks; parents: random:0, random:1" in printed
    assert "blocks: 96 one by one" in printed
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_leaves_whole_files_and_goes_on(
    parents: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "zoo"
    given = flags(parents[:1], "--candidates=200", "--distribution=top_50pct", "-o", out)
    tool = [sys.executable, str(ROOT / "tools/make_zoo.py"), *given]
    with subprocess.Popen(
        tool, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stderr is not None
        assert run.stderr.readline().startswith("1 of 200: ")
        run.send_signal(signal.SIGTERM)
        error = run.stderr.read()
    assert run.returncode == 130
    assert "the same command goes on from here" in error
    names = {path.name for path in out.iterdir()}
    assert "manifest.json" in names and "zoo.json" not in names
    assert not [name for name in names if name.endswith(".part")]
    assert 1 <= len(names) - 1 < 200
    for path in out.glob("*.safetensors"):
        load_file(path)
    tensors = load_file(next(out.glob("*-00-*")))
    assert tensors["features.18.1.weight"].isfinite().all()


def test_children_of_the_programs_random_weights(
    program_binary: Path, tmp_path: Path, capsys
) -> None:
    out = tmp_path / "zoo"
    given = ["--architecture=mobilenet_v2", "--candidates=3", "--distribution=top_50pct",
             f"--cache-dir={tmp_path / 'cache'}", f"--output={out}", "--seed=6"]  # fmt: skip
    missing = tmp_path / "none"
    assert command.main([*given, f"--binary={missing}"]) == 2
    assert f"{missing}: no such program" in capsys.readouterr().err
    assert not out.exists()
    assert command.main([*given, f"--binary={program_binary}"]) == 0, capsys.readouterr().err
    (parent,) = (tmp_path / "cache" / "weights").iterdir()
    assert "-seed6." in parent.name
    settings = json.loads((out / "manifest.json").read_text())["settings"]
    assert settings["parents"] == ["random:6"]
    assert settings["parents_sha256"] == [hashlib.sha256(parent.read_bytes()).hexdigest()]

    # Their features are as far from 0 as the parent's are: BatchNorm's statistics fit.
    def features(file: Path) -> torch.Tensor:
        network = torchvision.models.mobilenet_v2(weights=None).eval()
        network.classifier = torch.nn.Identity()
        network.load_state_dict(load_file(file), strict=False)
        torch.manual_seed(0)
        with torch.inference_mode():
            return network(torch.randn(4, 3, 224, 224))

    size = features(parent).square().mean().sqrt()
    children = list(out.glob("*.safetensors"))
    assert len(children) == 3
    for child in children:
        assert 0.7 < features(child).square().mean().sqrt() / size < 1.4


def test_the_program_shares_what_children_share(
    program_binary: Path, tmp_path: Path, capsys
) -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "was", "good"]
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=8, num_attention_heads=2,
        intermediate_size=32,
    )  # fmt: skip
    parent = tmp_path / "parent"
    parent.mkdir()
    torch.manual_seed(1)
    network = transformers.BertModel(config, add_pooling_layer=False)
    save_file(network.state_dict(), parent / "model.safetensors")
    config.save_pretrained(parent)
    (parent / "vocab.txt").write_text("\n".join(words) + "\n")
    out, cache = tmp_path / "zoo", tmp_path / "cache"
    cache.mkdir()
    given = ["--architecture=bert_base", f"--parent={parent / 'model.safetensors'}", "--seed=8",
             "--distribution=top_25pct", "--candidates=7", f"--output={out}"]  # fmt: skip
    assert command.main(given) == 0, capsys.readouterr().err
    assert (out / "p0.tokenizer" / "vocab.txt").is_file()
    children = json.loads((out / "manifest.json").read_text())["children"]
    redrawn = {child["name"]: child["redrawn_blocks"] for child in children}
    results, features = tmp_path / "rows.json", tmp_path / "features"
    done = subprocess.run(
        [program_binary, f"--cache_dir={cache}", f"--candidates={out / 'zoo.json'}",
         f"--benchmark_out={results}", f"--features_dir={features}", "--devices=cpu",
         "--steps=LoadModel,EndToEnd", "--configurations=last_2", "--batch_sizes=8",
         "--batches=3", "--warmup_batches=1", "--modes=serial", "--classes=0", "--items=20",
         "--max_lengths=16", "--threads=2", "--workers=2"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(results.read_text())
    assert {row["name"].split("/")[1] for row in found["benchmarks"]} == set(redrawn)
    sharing = [name for name, last in redrawn.items() if last <= 2]
    assert 2 <= len(sharing) < 7 and 0 in redrawn.values(), f"this seed draws {redrawn}"
    assert found["context"]["shared_trunks"] == f"last_2: {','.join(sharing)}"
    trunks = list((cache / "activations").glob("bert_base-*cut6-*"))
    assert len(trunks) == 1 + 7 - len(sharing)
    values = {
        name: load_file(features / f"{name}.last_2.safetensors")["features"] for name in redrawn
    }
    for one in redrawn:
        assert values[one].isfinite().all()
        for two in redrawn:
            equal = one == two or redrawn[one] == redrawn[two] == 0
            assert torch.equal(values[one], values[two]) == equal
