# SPDX-License-Identifier: Apache-2.0
"""make_zoo.py --trained: what its candidates share, that it goes on, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from safetensors.torch import load_file
from zoo import command, digits, recipes, trained, trained_command

NETWORK = "mobilenet_v2"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    path = tmp_path_factory.mktemp("origin") / "origin.pth"
    torch.save(torchvision.models.get_model(NETWORK, weights=None).state_dict(), path)
    return path


def flags(origin: Path, out: Path, *more: str) -> list[str]:
    return ["--trained", f"--architecture={NETWORK}", f"--parent={origin}", f"--output={out}",
            "--device=cpu", "--candidates=4", "--parents=2", "--epochs=1", "--source-images=10",
            "--target-images=20", *more]  # fmt: skip


def contents(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module", autouse=True)
def short_truth():
    """One epoch in place of four, which tests do not need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trained_command, "_FINE_TUNING_EPOCHS", 1)
        yield


@pytest.fixture(scope="module")
def zoo(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "zoo"
    assert command.main(flags(origin, out)) == 0
    return out


def test_siblings_share_their_parents_trunk(origin: Path, zoo: Path) -> None:
    children = json.loads((zoo / "manifest.json").read_text())["children"]
    entries = json.loads((zoo / "zoo.json").read_text())
    assert [entry["name"] for entry in entries] == [child["name"] for child in children]
    tensors = [load_file(zoo / entry["weights"]) for entry in entries]
    start = torch.load(origin)
    assert all(torch.equal(tensors[0][name], start[name]) for name in tensors[0])
    assert not any(
        torch.equal(tensors[1][name], start[name]) for name in start if name.endswith("0.weight")
    )
    assert tensors[0]["classifier.1.weight"].shape[0] == 1000  # the origin's
    assert tensors[1]["classifier.1.weight"].shape[0] == len(recipes.SOURCE_DIGITS)
    parents = {children[index]["parent_epochs"]: tensors[index] for index in (0, 1)}
    assert set(parents) == {0, 1}
    for child, own in list(zip(children, tensors, strict=True))[2:]:
        assert child["trained_blocks"] >= 1
        assert own["classifier.1.weight"].shape[0] == len(child["digits"])
        for name, tensor in own.items():
            if name.startswith("classifier."):
                continue  # Each training has a new one.
            # Stages of MobileNetV2 are features.0 (the stem) to features.18 (the head).
            is_trained = int(name.split(".")[1]) > 17 - child["trained_blocks"]
            equal = torch.equal(tensor, parents[child["parent_epochs"]][name])
            assert equal != is_trained, f"{child['name']}: {name}"
            assert tensor.isfinite().all()


def test_the_truth_is_of_every_candidate(zoo: Path) -> None:
    truth = json.loads((zoo / "truth.json").read_text())
    manifest = json.loads((zoo / "manifest.json").read_text())
    assert list(truth) == [child["name"] for child in manifest["children"]]
    assert all(0 <= accuracy <= 1 for accuracy in truth.values())
    assert {name: [value] for name, value in truth.items()} == manifest["truth"]


def test_the_data_set_has_other_digits_and_no_scan_twice(zoo: Path) -> None:
    files = sorted((zoo / "data").rglob("*.jpg"))
    assert {path.parts[-3:-1] for path in files} == {
        (split, str(digit)) for split in ("train", "val") for digit in recipes.TARGET_DIGITS
    }
    assert len(files) == 20
    for path in files:
        with Image.open(path) as image:
            assert image.format == "JPEG" and image.size == (256, 256) and image.mode == "RGB"
    scans = digits.load(None)
    chosen = scans.some(recipes.TARGET_DIGITS, 20, np.random.default_rng((0, 1)))
    assert len(set(chosen)) == 20
    assert [scans.digits[scan] for scan in chosen[:5]] == list(recipes.TARGET_DIGITS)


def test_an_interrupted_run_goes_on_to_the_same_zoo(
    origin: Path, zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    out = tmp_path / "zoo"
    tuned = []
    fine_tuned = trained._fine_tuned

    def stops(*given) -> float:
        if len(tuned) == 1:
            raise KeyboardInterrupt
        tuned.append(given)
        return fine_tuned(*given)

    with monkeypatch.context() as patch:
        patch.setattr(trained, "_fine_tuned", stops)
        assert command.main(flags(origin, out)) == 130
    assert not (out / "zoo.json").exists() and not (out / "truth.json").exists()
    assert len(json.loads((out / "manifest.json").read_text())["truth"]) == 1
    # A child is missing, too; what is there is not trained again.
    (child,) = out.glob("*-03-*")
    child.unlink()
    kept = {path: path.stat().st_ino for path in out.glob("*.safetensors")}
    counted = []
    monkeypatch.setattr(trained, "_fine_tuned", lambda *g: counted.append(g) or fine_tuned(*g))
    assert command.main(flags(origin, out)) == 0
    assert len(counted) == 3
    assert {path: path.stat().st_ino for path in kept} == kept
    assert contents(out) == contents(zoo)

    before = contents(out)
    assert command.main(flags(origin, out, "--seed=5")) == 2
    assert "holds another zoo (seed 0, not 5)" in capsys.readouterr().err
    assert command.main(["--architecture=mobilenet_v2", f"--parent={origin}", f"-o{out}"]) == 2
    assert "holds another zoo (distribution None" in capsys.readouterr().err
    assert contents(out) == before


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--distribution=top_layers"], "--distribution goes without --trained"),
        (["--parent=OTHER"], "--trained starts from one --parent=FILE"),
        (["--architecture=bert_base"], "bert_base: --trained draws images, not text"),
        (["--candidates=1"], "--candidates=1: 2 parents are candidates"),
        (["--parents=3"], "--parents=3: 1 --epochs give fewer different ones"),
        (["--source-images=9"], "--source-images=9: at least 10"),
        (["--target-images=19"], "--target-images=19: from 20 to 896"),
        (["--target-images=897"], "--target-images=897: from 20 to 896"),
        (["--digits=NONE"], "--digits=NONE: NONE not found"),
        (["--output=FULL"], "has content that is not a zoo's"),
    ],
)
def test_refusals(origin: Path, tmp_path: Path, more: list[str], message: str, capsys) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("content")
    placed = [each.replace("FULL", str(tmp_path / "full")) for each in more]
    assert command.main(flags(origin, tmp_path / "new", *placed)) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["file"]


@pytest.mark.parametrize("flag", ["--epochs=2", "--device=cpu", "--fine-tunings=2", "--digits=x"])
def test_flags_of_trained_zoos_need_trained(origin: Path, flag: str, capsys) -> None:
    assert command.main([f"--architecture={NETWORK}", f"--parent={origin}", "--dry-run", flag]) == 2
    assert f"{flag.split('=')[0]} goes with --trained" in capsys.readouterr().err


def test_a_larger_zoo_begins_with_the_smaller_one() -> None:
    parents = recipes.parents_epochs(3, 6)
    assert parents == [0, 3, 6]
    many = recipes.draw(parents, 40, 6, blocks=8, seed=1)
    assert many[:12] == recipes.draw(parents, 12, 6, blocks=8, seed=1)
    assert many != recipes.draw(parents, 40, 6, blocks=8, seed=2)
    children = many[3:]
    assert {child.parent_epochs for child in children} == set(parents)
    assert {child.trained_blocks for child in children} == {1, 2, 3, 4}
    assert {child.epochs for child in children} == {1, 2, 3, 4, 5, 6}
    assert {len(child.digits) for child in children} == {2, 3, 4, 5}
    assert all(set(child.digits) <= set(recipes.SOURCE_DIGITS) for child in children)


def test_scans_from_a_file_equal_the_packages(tmp_path: Path) -> None:
    import sklearn

    file = Path(sklearn.__file__).parent / "datasets" / "data" / "digits.csv.gz"
    assert digits.load(file).digest() == digits.load(None).digest()
    other = tmp_path / "other.csv"
    other.write_text("\n".join(",".join(["17"] * 64 + [str(digit)]) for digit in range(10)))
    with pytest.raises(digits.ExportError, match=r"other\.csv: not the digits of scikit-learn"):
        digits.load(other)


def test_photographs_follow_from_their_seed() -> None:
    scan = digits.load(None).values[0]
    pixels = [np.asarray(digits.photograph(scan, (1, index))) for index in (2, 2, 3)]
    assert np.array_equal(pixels[0], pixels[1])
    assert np.abs(pixels[0].astype(float) - pixels[2]).mean() > 10


def test_a_zoo_without_fine_tunings_has_no_truth(origin: Path, tmp_path: Path) -> None:
    out = tmp_path / "zoo"
    given = flags(origin, out, "--fine-tunings=0")
    assert command.main(given) == 0
    assert not (out / "truth.json").exists()
    assert len(json.loads((out / "zoo.json").read_text())) == 4
    before = contents(out)
    assert command.main(given) == 0
    assert contents(out) == before
