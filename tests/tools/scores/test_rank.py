# SPDX-License-Identifier: Apache-2.0
"""tools/rank.py on planted features: ranking, formats, labels of a folder, and what is left out."""

import json
import subprocess
from pathlib import Path

import numpy as np
import planted_features
import pytest
from scores import feature_folder, rank_command, ranks
from scores.program import ScoredFile, ScoringError


@pytest.fixture
def score_features(program_binary: Path) -> Path:
    binary = program_binary.parent / "score_features"
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    return binary


def _rank(folder: Path, binary: Path, *flags: str) -> tuple[int, dict]:
    out = folder.parent / "ranking.json"
    out.unlink(missing_ok=True)
    code = rank_command.main([str(folder), f"--binary={binary}", f"--output={out}", *flags])
    return code, json.loads(out.read_text()) if out.exists() else {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    return tmp_path / "features"


def test_the_program_ranks_planted_features(folder: Path, score_features: Path, capsys) -> None:
    planted_features.write(folder / "far.full.safetensors", planted_features.tensors(8.0))
    planted_features.write(folder / "near.npz", planted_features.tensors(2.0))
    planted_features.write(folder / "noise.safetensors", planted_features.tensors(0.0))
    code, document = _rank(folder, score_features, "--probes=linear,minibatch")
    assert code == 0
    found = {entry["candidate"]: entry for entry in document["candidates"]}
    order = sorted(found, key=lambda name: found[name]["scores"]["linear"]["rank"])
    assert order == ["far", "near", "noise"]
    assert found["far"]["scores"]["linear"]["value"] == 1.0
    assert found["near"]["items"] == planted_features.ITEMS
    assert found["near"]["width"] == planted_features.WIDTH
    for entry in document["candidates"]:
        for score in entry["scores"].values():
            assert min(score["seconds"]) > 0
    assert "far" in capsys.readouterr().out


def test_the_format_does_not_change_a_score(folder: Path, score_features: Path) -> None:
    content = planted_features.tensors(1.0)
    planted_features.write(folder / "a.safetensors", content)
    planted_features.write(folder / "b.npz", content)
    doubles = content | {"features": content["features"].astype(">f8")}
    planted_features.write(folder / "c.npz", doubles | {"labels": content["labels"].astype("u1")})
    code, document = _rank(folder, score_features, "--probes=linear")
    assert code == 0
    a, b, c = (entry["scores"]["linear"] for entry in document["candidates"])
    assert a["loss"] == b["loss"]
    assert c["loss"] == pytest.approx(a["loss"], rel=1e-4)
    assert a["rank"] == b["rank"]


@pytest.mark.parametrize("name", ["labels.npz", "labels.safetensors"])
def test_one_file_has_the_labels_of_all(folder: Path, score_features: Path, name: str) -> None:
    content = planted_features.tensors(8.0)
    planted_features.write(folder / "own.safetensors", content)
    planted_features.write(folder / "without.npz", {"features": content["features"]})
    planted_features.write(folder / name, {"labels": content["labels"]})
    code, document = _rank(folder, score_features, "--probes=linear")
    assert code == 0
    own, without = (entry["scores"]["linear"] for entry in document["candidates"])
    assert own["loss"] == without["loss"]


def test_a_bad_file_of_all_labels_is_named(folder: Path, score_features: Path, capsys) -> None:
    content = planted_features.tensors(8.0)
    planted_features.write(folder / "without.npz", {"features": content["features"]})
    shared = planted_features.write(folder / "labels.npz", {"features": content["features"]})
    code, _ = _rank(folder, score_features, "--probes=linear")
    said = capsys.readouterr().err
    assert code == 2
    assert str(shared) in said


def test_exit_codes_and_warm_up_of_the_program(folder: Path, score_features: Path) -> None:
    """Each sizes warm up once, after what failed too."""
    small = {name: values[:60] for name, values in planted_features.tensors(1.0).items()}
    flags = [str(score_features), "--probes=knn", "--repetitions=2"]
    paths = [
        planted_features.write(folder / "a.safetensors", planted_features.tensors(1.0)),
        planted_features.write(folder / "b.safetensors", small),
        planted_features.write(folder / "c.safetensors", planted_features.tensors(2.0)),
    ]
    done = subprocess.run([*flags, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    scores = [file["scores"][0] for file in json.loads(done.stdout)["files"]]
    assert [score["warmup"] for score in scores] == [1, 1, 0]
    assert [len(score["seconds"]) for score in scores] == [2, 2, 2]
    missing = subprocess.run(
        [*flags, folder / "none.safetensors", *paths], capture_output=True, text=True, check=False
    )
    assert missing.returncode == 1
    first, *others = json.loads(missing.stdout)["files"]
    assert "none.safetensors" in first["error"]
    assert [file["scores"][0]["warmup"] for file in others] == [1, 1, 0]
    lacking = [*flags[:1], "--probes=knn,leep", paths[0]]
    assert subprocess.run(lacking, capture_output=True, check=False).returncode == 1


def _broken(change: str) -> dict[str, np.ndarray]:
    content = planted_features.tensors(1.0)
    if change == "nan":
        content["features"][7, 2] = np.nan
    elif change == "no labels":
        del content["labels"]
    elif change == "whole features":
        content["features"] = content["features"].astype(np.int64)
    elif change == "short labels":
        content["labels"] = content["labels"][:-1]
    elif change == "labels of floats":
        content["labels"] = content["labels"].astype(np.float32)
    elif change == "logits":
        content["source_probabilities"] = 3 * planted_features.probabilities()
    elif change == "negative":
        content["source_probabilities"] = planted_features.probabilities()
        content["source_probabilities"][4] *= -1
    elif change == "text":
        content["features"] = content["features"].astype(str)
    return content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("nan", "values of the features are NaN or infinite (first: item 7, column"),
        ("no labels", "it has no tensor 'labels' ([N] of whole numbers"),
        ("whole features", "'features' is I64 [150, 8]; it has to be [N, D] of F32"),
        ("short labels", "'features' has 150 items, and 'labels' has 149"),
        ("labels of floats", "'labels' is F32 [150]; it has to be [N] of whole numbers"),
        ("logits", "the source probabilities of item 0 add up to 3.0"),
        ("negative", "the source probabilities of item 4 have a value below 0"),
        ("text", "'features' is of type <U"),
    ],
)
def test_a_bad_file_is_named_and_left_out(
    folder: Path, score_features: Path, capsys, change: str, said: str
) -> None:
    planted_features.write(folder / "good.npz", planted_features.tensors(1.0))
    planted_features.write(folder / "bad.npz", _broken(change))
    code, document = _rank(folder, score_features, "--probes=linear")
    assert code == 1
    assert [entry["candidate"] for entry in document["candidates"]] == ["good"]
    assert said in document["left_out"]["bad.npz"]
    errors = capsys.readouterr().err
    assert said in errors
    assert str(folder / "bad.npz") in errors


def test_damaged_files_are_left_out(folder: Path, score_features: Path, capsys) -> None:
    planted_features.write(folder / "good.npz", planted_features.tensors(1.0))
    for name in ("a.npz", "b.safetensors"):
        (folder / name).write_bytes(b"PK\x03\x04 not what its name says")
    (folder / "c.npz").mkdir()
    np.save(folder / "array.npy", np.zeros((3, 4)))
    (folder / "array.npy").rename(folder / "d.npz")
    code, document = _rank(folder, score_features, "--probes=linear")
    assert code == 1
    assert set(document["left_out"]) == {"a.npz", "b.safetensors", "c.npz", "d.npz"}
    assert "not an npz file" in capsys.readouterr().err


def test_candidates_of_other_items_are_named(folder: Path, score_features: Path, capsys) -> None:
    for name in ("a", "b"):
        planted_features.write(folder / f"{name}.npz", planted_features.tensors(1.0))
    planted_features.write(folder / "c.npz", planted_features.tensors(1.0))
    reordered = planted_features.tensors(1.0)
    planted_features.write(
        folder / "reordered.npz", {name: values[::-1].copy() for name, values in reordered.items()}
    )
    fewer = {name: values[:30] for name, values in planted_features.tensors(1.0).items()}
    planted_features.write(folder / "fewer.npz", fewer)
    assert _rank(folder, score_features, "--probes=linear")[0] == 0
    assert "other items than most candidates have: fewer, reordered;" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--device=tpu"], "tpu"),
        (["--labels=/nowhere/labels.npz"], "/nowhere/labels.npz"),
        (["--binary=/nowhere/score_features"], "/nowhere/score_features"),
    ],
)
def test_bad_flags_are_named(
    folder: Path, score_features: Path, capsys, flags: list[str], said: str
) -> None:
    planted_features.write(folder / "good.npz", planted_features.tensors(1.0))
    assert _rank(folder, score_features, *flags)[0] == 2
    assert said in capsys.readouterr().err


def test_unknown_scores_are_refused_with_the_choices(folder: Path, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        rank_command.main([str(folder), "--probes=lnear"])
    assert stopped.value.code == 2
    assert "'lnear' is unknown; choices: linear," in capsys.readouterr().err


def test_folders_without_features_are_refused(folder: Path, capsys) -> None:
    assert rank_command.main([str(folder)]) == 2
    assert "it has no files of features" in capsys.readouterr().err
    assert rank_command.main([str(folder / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_names_of_candidates(folder: Path) -> None:
    for name in ("a.full.safetensors", "b.npz", "b.npz.npz", "b.safetensors", "labels.npz"):
        planted_features.write(folder / name, planted_features.tensors(1.0))
    with feature_folder.opened(folder) as found:
        assert list(found.files) == ["a", "b.npz", "b.npz.npz", "b.safetensors"]
        converted = found.files["b.npz"]
        assert found.labels is not None
    assert not converted.exists()
    planted_features.write(folder / "labels.safetensors", planted_features.tensors(1.0))
    with pytest.raises(ScoringError, match="only one of them"), feature_folder.opened(folder):
        pass


def test_equal_candidates_share_a_rank() -> None:
    values = {"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.1}
    worths = {name: ranks.worth({"value": value}) for name, value in values.items()}
    assert ranks.ranks(worths) == {"a": 2, "b": 1, "c": 2, "d": 4}


def test_of_equal_values_the_lower_loss_comes_first() -> None:
    entries = {
        "worse": {"value": 0.5, "loss": 1.0},
        "without": {"value": 0.5},
        "better": {"value": 0.5, "loss": 0.5},
        "best": {"value": 0.7, "loss": 2.0},
    }
    worths = {name: ranks.worth(entry) for name, entry in entries.items()}
    assert ranks.ranks(worths) == {"best": 1, "better": 2, "worse": 3, "without": 4}


def test_mean_ranks_are_of_the_scores_that_all_have() -> None:
    def file(**values: float) -> ScoredFile:
        return ScoredFile(Path("x"), scores={name: {"value": v} for name, v in values.items()})

    files = {"a": file(one=1.0, two=1.0, three=1.0), "b": file(one=2.0, two=0.0)}
    assert ranks.mean_ranks(files, ["one", "two", "three"]) == {"a": 1.5, "b": 1.5}
    assert ranks.mean_ranks(files, ["one", "three"]) == {"a": 2.0, "b": 1.0}
    assert ranks.mean_ranks(files, ["three"]) == {}
