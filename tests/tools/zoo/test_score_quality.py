# SPDX-License-Identifier: Apache-2.0
"""score_quality.py on planted data: a score that is the truth has tau 1, its reverse has -1."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from peers import source_scores
from safetensors.numpy import load_file, save_file
from scipy import stats
from scores import ranks
from zoo import quality, quality_command, quality_document, static_lists
from zoo.quality import Ordered, Search

NAMES = [f"candidate{index}" for index in range(8)]
TRUTH = {name: 0.5 + 0.05 * index for index, name in enumerate(NAMES)}


def search(truth: dict[str, float] = TRUTH, families: tuple[str, ...] = ("one",)) -> Search:
    family = {name: families[index % len(families)] for index, name in enumerate(truth)}
    return Search("seed 0", truth, family)


def quality_of(ordered: list[Ordered], draws: int = 100) -> quality.Quality:
    return quality.compared({"it": ordered}, {}, draws=draws)[0]["it"]


def reverse(values: dict[str, float]) -> dict[str, float]:
    return {name: -value for name, value in values.items()}


def test_the_truth_has_tau_1_and_its_reverse_minus_1() -> None:
    found = quality_of([Ordered(search(), TRUTH)], draws=100)
    assert found.tau == pytest.approx(1)
    assert found.regret == 0
    assert (found.tau_interval.low, found.tau_interval.high) == pytest.approx((1, 1))
    found = quality_of([Ordered(search(), reverse(TRUTH))], draws=100)
    assert found.tau == pytest.approx(-1)
    assert found.regret == pytest.approx(0.35)
    assert found.searches == {"seed 0": pytest.approx(-1)}


def test_tau_is_scipys() -> None:
    values = {name: float((index * 5) % 8) for index, name in enumerate(NAMES)}
    expected = stats.weightedtau(list(values.values()), list(TRUTH.values())).statistic
    found = quality_of([Ordered(search(), values)], draws=200)
    assert found.tau == pytest.approx(expected)
    assert -1 < found.tau < 1
    assert found.tau_interval.low < found.tau < found.tau_interval.high


def test_searches_are_averaged_and_widen_the_interval() -> None:
    both = [Ordered(search(), TRUTH), Ordered(search(), reverse(TRUTH))]
    found = quality_of(both, draws=200)
    assert found.tau == pytest.approx(0, abs=1e-9)
    assert found.tau_interval.low == pytest.approx(-1)
    assert found.tau_interval.high == pytest.approx(1)
    assert quality_of(both, draws=200) == found


def test_values_on_halves_of_the_items_widen_the_interval() -> None:
    halves = [TRUTH, reverse(TRUTH)]
    found = quality_of([Ordered(search(), TRUTH, halves)], draws=200)
    assert found.tau == pytest.approx(1)
    assert found.tau_interval.low == pytest.approx(-1)


def test_equal_values_have_no_tau() -> None:
    found = quality_of([Ordered(search(), dict.fromkeys(NAMES, 0.5))])
    assert found.tau is None and found.tau_interval is None
    assert found.regret == pytest.approx(0.175)  # The mean of all.
    assert found.searches == {"seed 0": None}


def test_candidates_that_share_the_first_place_have_the_mean_regret() -> None:
    assert quality.regret([1.0, 1.0, 0.0], [0.9, 0.7, 0.8]) == pytest.approx(0.1)


def test_tau_within_families_is_not_that_of_all() -> None:
    """The better architecture gets the better values; within each, the order is wrong."""
    truth = {name: 0.1 * (index % 2) + 0.01 * (index // 2) for index, name in enumerate(NAMES)}
    values = {name: 10.0 * (index % 2) - index // 2 for index, name in enumerate(NAMES)}
    found = quality_of([Ordered(search(truth, ("small", "large")), values)])
    assert found.tau > 0
    assert found.within == pytest.approx(-1)
    assert found.families == {"small": pytest.approx(-1), "large": pytest.approx(-1)}
    assert quality_of([Ordered(search(truth), values)]).within is None


def test_a_score_and_a_list_share_the_draws() -> None:
    """Equal orders differ by 0 in every draw, though both have a wide interval."""
    values = {name: float((index * 5) % 8) for index, name in enumerate(NAMES)}
    scores = {"good": [Ordered(search(), TRUTH)], "equal": [Ordered(search(), values)]}
    lists = {"best": [Ordered(search(), values)], "worst": [Ordered(search(), reverse(TRUTH))]}
    found, of_lists = quality.compared(scores, lists, draws=100)
    assert found["equal"].tau_interval.low < found["equal"].tau_interval.high
    assert found["equal"].over_list == 0
    assert found["equal"].over_list_interval == quality.Interval(0, 0)
    assert found["good"].over_list == pytest.approx(1 - of_lists["best"].tau)
    assert found["good"].over_list_interval.low > 0
    assert of_lists["best"].over_list is None
    shown = quality_document.table(document_of(found, of_lists))
    assert shown.startswith("1 of 2 scores beat the best list, that by best:")


def test_the_searches_behind_a_mean_are_counted() -> None:
    ties = Ordered(Search("seed 1", TRUTH, search().family), dict.fromkeys(NAMES, 0.5))
    found = quality_of([Ordered(search(), TRUTH), ties])
    assert found.tau == pytest.approx(1)
    shown = quality_document.table(document_of({"it": found}, {}))
    assert "| 1 of 2 |" in shown


def test_of_equal_values_the_loss_decides() -> None:
    worths = {name: ranks.Worth(0.5, worth) for name, worth in TRUTH.items()}
    found = quality_of([Ordered(search(), worths)])
    assert found.tau == pytest.approx(1) and found.regret == 0


def document_of(
    scores: dict[str, quality.Quality], lists: dict[str, quality.Quality]
) -> quality_document.Document:
    content = {"context": {"device": "cpu", "device_name": "CPU"}, "searches": [], "missing": {}}
    return quality_document.Document(content, scores, lists, {})


def document(**taus: float | None) -> quality_document.Document:
    """Of scores by tau, and nothing else."""
    found = {name: quality.Quality(tau, None, 0.0, None, None) for name, tau in taus.items()}
    return document_of(found, {})


def test_the_best_comes_first_and_a_tau_of_0_is_one() -> None:
    text = quality_document.table(document(none=None, worst=-0.9, zero=0.0, best=0.5))
    assert re.findall(r"\| `(\w+)`", text) == ["best", "zero", "worst", "none"]


def test_multiply_accumulates_are_of_the_programs_images(tmp_path: Path) -> None:
    """EfficientNetV2-L takes 56 billion for its own images of 480 pixels, and 12 for ours."""
    entries = [
        {"name": name, "architecture": name, "weights": "weights.safetensors"}
        for name in ("resnet18", "efficientnet_v2_l", "vit_b_16")
    ]
    save_file({"weight": np.zeros(1)}, tmp_path / "weights.safetensors")
    macs = static_lists.lists(entries, [], tmp_path)["multiply-accumulates"]
    assert sorted(macs, key=macs.__getitem__) == ["resnet18", "efficientnet_v2_l", "vit_b_16"]
    assert macs["efficientnet_v2_l"] == pytest.approx(12.23e9, rel=1e-3)
    assert macs["resnet18"] == pytest.approx(1.8136e9, rel=1e-3)


def make_zoo(
    folder: Path, seed: int, architectures: tuple[str, ...] = ("resnet18",), sign: float = 1.0
) -> Path:
    """Features whose classes lie the further from each other the better the candidate is (with
    `sign` -1: the worse)."""
    (folder / "features").mkdir(parents=True)
    labels = np.arange(120) % 3
    entries, children = [], []
    for place, name in enumerate(NAMES):
        rng = np.random.default_rng((seed, place))
        features = rng.standard_normal((len(labels), 6)).astype(np.float32)
        rank = place if sign > 0 else len(NAMES) - 1 - place
        features[np.arange(len(labels)), labels] += 0.8 * rank
        save_file(
            {"features": features, "labels": labels},
            folder / "features" / f"{name}.full.safetensors",
        )
        weights = {"weight": np.zeros((1 + place, 2), np.float32)}
        save_file(weights, folder / f"{name}.safetensors")
        architecture = architectures[place % len(architectures)]
        entries.append(
            {"name": name, "architecture": architecture, "weights": f"{name}.safetensors"}
        )
        children.append({"name": name, "all_epochs": 8 - place})
    manifest = {"settings": {"seed": seed, "scans_sha256": "0"}, "children": children}
    for file, content in (("truth", TRUTH), ("zoo", entries), ("manifest", manifest)):
        (folder / f"{file}.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def binary(program_binary: Path) -> str:
    path = program_binary.parent / "score_features"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return f"--binary={path}"


def run(binary: str, out: Path, *arguments: str) -> dict[str, dict]:
    flags = ["--probes=linear", "--halves=2", "--repetitions=1", "--draws=60", f"--output={out}"]
    assert quality_command.main([binary, *flags, *arguments]) == 0
    document = json.loads((out / "score_quality.json").read_text())
    return {row["name"]: row for row in document["orders"]}


def test_a_planted_zoo_is_ordered_and_its_reverse_is_not(binary: str, tmp_path: Path) -> None:
    good = run(binary, tmp_path / "a", str(make_zoo(tmp_path / "good", 0)))
    bad = run(binary, tmp_path / "b", str(make_zoo(tmp_path / "bad", 0, sign=-1)))
    assert good["linear"]["tau"] > 0.7
    assert bad["linear"]["tau"] < -0.3
    assert good["linear"]["regret"] < bad["linear"]["regret"]
    assert good["linear"]["seconds"] > 0
    assert good["parameters"]["tau"] == pytest.approx(1)
    assert good["trained epochs"]["tau"] == pytest.approx(-1)
    assert good["multiply-accumulates"]["tau"] is None  # One architecture.
    assert quality_command.main([f"--redraw={tmp_path}/a/score_quality.json",
                                 f"--output={tmp_path}/again"]) == 0  # fmt: skip
    for file in ("score_quality.json", "score_quality.md", "score-quality_cost.svg"):
        assert (tmp_path / "again" / file).read_bytes() == (tmp_path / "a" / file).read_bytes()
    text = (tmp_path / "a" / "score_quality.md").read_text()
    assert "| list by trained epochs | -1.00 (-1.00 to -1.00) |  | 0.350" in text
    assert (tmp_path / "a" / "score-quality_cost.svg").is_file()


def test_several_seeds_and_architectures(binary: str, tmp_path: Path, capsys) -> None:
    zoos = [make_zoo(tmp_path / f"{seed}", seed, ("resnet18", "resnet50")) for seed in (0, 1)]
    moved = tmp_path / "moved"
    (zoos[1] / "features").rename(moved)
    found = run(binary, tmp_path / "out", str(zoos[0]), f"{zoos[1]}={moved}")
    assert set(found["linear"]["searches"]) == {"seed 0", "seed 1"}
    assert set(found["linear"]["families"]) == {"resnet18", "resnet50"}
    assert found["multiply-accumulates"]["tau"] is not None
    printed = capsys.readouterr().out
    assert "2 searches of trained zoos, 16 candidates in all" in printed
    assert "(seed 0, seed 1); device cpu." in printed


def test_zoos_of_one_target_are_one_search(binary: str, tmp_path: Path) -> None:
    first, second = (make_zoo(tmp_path / name, 0) for name in ("first", "second"))
    for file in ("truth", "zoo", "manifest"):
        path = second / f"{file}.json"
        path.write_text(path.read_text().replace("candidate", "other"))
    for path in [*second.glob("candidate*"), *(second / "features").iterdir()]:
        path.rename(path.with_name(path.name.replace("candidate", "other")))
    found = run(binary, tmp_path / "out", str(first), str(second))
    assert set(found["linear"]["searches"]) == {"seed 0"}
    values = json.loads((tmp_path / "out/score_quality.json").read_text())["searches"]
    assert len(values) == 1 and len(values[0]["values"]["linear"]) == 16


def test_what_is_missing_is_named(binary: str, tmp_path: Path, capsys) -> None:
    zoo = make_zoo(tmp_path / "zoo", 0)
    (zoo / "features" / f"{NAMES[3]}.full.safetensors").unlink()
    assert quality_command.main([binary, str(zoo)]) == 2
    assert f"it has no features of {NAMES[3]}" in capsys.readouterr().err
    assert quality_command.main([binary, str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    (zoo / "truth.json").write_text("[1]")
    assert quality_command.main([binary, str(zoo)]) == 2
    assert "truth.json: not an object" in capsys.readouterr().err
    assert quality_command.main([f"--redraw={zoo / 'truth.json'}"]) == 2
    assert "not a file of score_quality.py" in capsys.readouterr().err
    assert quality_command.main([]) == 2
    assert "give zoos, or --redraw=FILE" in capsys.readouterr().err


def test_features_of_other_items_are_refused(binary: str, tmp_path: Path, capsys) -> None:
    zoo = make_zoo(tmp_path / "zoo", 0)
    file = zoo / "features" / f"{NAMES[3]}.full.safetensors"
    tensors = load_file(file)
    save_file(tensors | {"labels": tensors["labels"][::-1].copy()}, file)
    assert quality_command.main([binary, "--probes=linear", str(zoo)]) == 2
    assert f"{NAMES[3]}: its labels are not those of most" in capsys.readouterr().err


def test_scores_of_source_classes_take_the_classifier_of_the_checkpoint(
    binary: str, tmp_path: Path, capsys
) -> None:
    zoo = make_zoo(tmp_path / "zoo", 0)
    run_flags = [binary, "--halves=1", "--repetitions=1", "--draws=10", "--probes=leep"]
    assert quality_command.main([*run_flags, str(zoo)]) == 0
    assert "`leep` was not measured" in capsys.readouterr().out
    expected = {}
    for place, name in enumerate(NAMES):
        weight = np.random.default_rng(place).standard_normal((5, 6)).astype(np.float32)
        bias = np.arange(5, dtype=np.float32)
        save_file({"fc.weight": weight, "fc.bias": bias}, zoo / f"{name}.safetensors")
        tensors = load_file(zoo / "features" / f"{name}.full.safetensors")
        logits = torch.from_numpy(tensors["features"] @ weight.T + bias)
        expected[name] = source_scores.leep(logits.softmax(1).numpy(), tensors["labels"])
    out = tmp_path / "out"
    assert quality_command.main([*run_flags, f"--output={out}", str(zoo)]) == 0
    (found,) = json.loads((out / "score_quality.json").read_text())["searches"]
    assert found["values"]["leep"] == pytest.approx(expected, rel=1e-5)
