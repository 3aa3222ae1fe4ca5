# SPDX-License-Identifier: Apache-2.0
"""Searches of a whole zoo: Python finds what the program finds, and the command says so."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from peers import (
    feature_files,
    networks,
    our_program,
    peer_process,
    program_weights,
    zoo_search,
    zoo_search_peer,
    zoo_setting,
)
from peers.peer_process import PeerError
from peers.rows import PeerResult
from peers.zoo_setting import Candidate, ZooSetting
from safetensors.torch import load_file, save_file
from zoo import command

_FAKE = Path(__file__).parent / "fake_search.py"
_PROBES = ("linear", "minibatch")


@dataclass(frozen=True)
class Made:
    """A zoo of three children, and what EndToEnd found for them with `probe=linear`: features
    in `features`, rows by candidate."""

    zoo: Path
    features: Path
    rows: dict[str, dict]


@pytest.fixture(scope="module")
def made(program_binary: Path, photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    zoo = folder / "children" / "zoo.json"
    arguments = ["--architecture=mobilenet_v2", "--distribution=top_50pct", "--candidates=3"]
    assert command.main([*arguments, f"--binary={program_binary}", f"-o={zoo.parent}"]) == 0
    rows, _ = our_program.rows(program_binary, {
        "steps": "EndToEnd", "candidates": zoo, "data_dir": photographs, "devices": "cpu",
        "configurations": "full", "modes": "serial", "batch_sizes": 8,
        "features_dir": folder / "features",
    })  # fmt: skip
    by_name = {row["name"].split("/")[1]: row for row in rows}
    assert list(by_name) == [each.name for each in zoo_setting.read(zoo)]
    return Made(zoo, folder / "features", by_name)


@pytest.fixture
def fake(tmp_path: Path):
    """`fake(scores, features, **settings)`: a copy of fake_search.py for a zoo `children`."""

    def make(scores: dict[str, float], features: Path, **settings: str) -> Path:
        shutil.copy(_FAKE, tmp_path / "fake.py")
        given = {"zoo": "children", "features": str(features)} | settings
        given["scores"] = dict.fromkeys(_PROBES, scores)
        (tmp_path / "fake.settings").write_text(json.dumps(given))
        return tmp_path / "fake.py"

    return make


def test_python_finds_what_the_program_finds(
    made: Made, photographs: Path, tmp_path: Path, fake, capsys
) -> None:
    scores = {name: row["accuracy"] for name, row in made.rows.items()}
    out = tmp_path / "out.json"
    code = zoo_search.main(
        [f"--candidates={made.zoo}", f"--data-dir={photographs}", "--workers=1", "--batch=8",
         f"--binary={fake(scores, made.features)}", "--executions=eager,fused", "--rounds=1",
         f"--output={out}", f"--markdown={tmp_path / 'table.md'}"]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed
    assert (tmp_path / "table.md").read_text() == printed.out
    rows = json.loads(out.read_text())["benchmarks"]
    assert len(rows) == 2 * (2 + 2 * 2) + 2
    peers = [row for row in rows if "peer=python" in row["name"]]
    assert [("minibatch" in row["name"]) for row in peers] == [False, True]
    for row in peers:
        names = row["label"].removeprefix("ranking=").split(",")
        for place, name in enumerate(names):
            # Fewer items train than a batch has, so both probes do the same steps.
            assert row[f"loss{place}"] == pytest.approx(made.rows[name]["loss"], rel=1e-4)
            assert row[f"accuracy{place}"] == made.rows[name]["accuracy"]
        seconds = row["load_model"] + row["extract_seconds"] + row["score"]
        assert 0 < seconds <= row["measured_seconds"] * (1 + 1e-6)
    for line in (
        "| linear | ours, decoded once | 40.00 | decoding once | 2.00 | ",
        "| linear | ours, shared | 20.00 | sharing | 2.00 | ",
        "| minibatch | ours, shared, best settings | 10.00 | precision and fusing | 2.00 | ",
        "| minibatch | ours, shared, best settings, halving | 5.00 | halving | 2.00 | ",
        "- Features (torch): 3 candidates, largest distance ",
        "- minibatch, torch: the same ranking of 3 candidates",
        "- linear, torch: halving chose a candidate of regret 0.0000",
        "`execution=fused",
    ):
        assert line in printed.out
    assert "scaled" not in printed.out


class _Pooled(torch.nn.Module):
    """A network of three features, which costs nothing."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images.mean((2, 3))


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(program_weights, "network", lambda *_: _Pooled())
    monkeypatch.setattr(networks, "build", lambda *_: _Pooled())
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def _setting(photographs: Path, *names: str, **more) -> ZooSetting:
    candidates = tuple(Candidate(name, "resnet18", "") for name in names)
    given = {"total": len(names), "probes": _PROBES, "workers": 1, "batch": 16} | more
    return ZooSetting("children", candidates, folder=str(photographs), **given)


def test_a_part_of_a_zoo_is_scaled_and_says_so(pooled, photographs: Path) -> None:
    setting = _setting(photographs, "a", "b", total=6)
    found = zoo_search_peer.measure(setting)
    assert tuple(found) == _PROBES
    for result in found.values():
        counters = result.counters
        assert result.seconds == pytest.approx(3 * counters["measured_seconds"])
        parts = counters["load_model"] + counters["extract_seconds"] + counters["score"]
        assert 0 < parts <= result.seconds * (1 + 1e-6)
        assert (counters["candidates"], counters["measured_candidates"]) == (6, 2)
        assert result.label == "scaled from 2 of 6 candidates; ranking=a,b"
    name = "Search/children/cpu/peer=python/peer_candidates=2/probe=minibatch/workers=1"
    assert setting.row_name("minibatch") == f"{name}/batch:16/manual_time"
    assert "peer_candidates" not in _setting(photographs, "a").row_name("minibatch")


def test_features_are_those_of_the_items_that_the_file_names(
    pooled, photographs: Path, tmp_path: Path
) -> None:
    setting = _setting(photographs, "a", probes=("linear",), features_dir=str(tmp_path))
    zoo_search_peer.measure(setting)
    file = feature_files.path(tmp_path, "a")
    tensors = load_file(file)
    names = sorted(path.relative_to(photographs / "train").as_posix()
                   for path in (photographs / "train").glob("*/*"))  # fmt: skip
    turned = {key: tensor.flip(0).contiguous() for key, tensor in tensors.items()}
    other = tmp_path / "other.safetensors"
    save_file(turned, other, {"items": json.dumps(names[::-1])})
    assert feature_files.distance_between(other, file) == 0
    save_file(turned | {"features": tensors["features"]}, other, {"items": json.dumps(names[::-1])})
    assert feature_files.distance_between(other, file) > 0.01
    for items, labels, message in (
        ([*names[1:], "dog/1.jpg"], tensors["labels"], f"it lacks {names[0]}"),
        (names, tensors["labels"] + 1, "labels differ"),
    ):
        save_file(tensors | {"labels": labels}, other, {"items": json.dumps(items)})
        with pytest.raises(PeerError, match=message):
            feature_files.distance_between(other, file)
    with pytest.raises(PeerError, match="no features were written"):
        feature_files.distance_between(tmp_path / "none.safetensors", file)


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """Two candidates whose files are never loaded."""
    (tmp_path / "children").mkdir()
    (tmp_path / "children" / "w.safetensors").touch()
    entries = [
        {"name": name, "architecture": "resnet18", "weights": "w.safetensors"} for name in "ab"
    ]
    path = tmp_path / "children" / "zoo.json"
    path.write_text(json.dumps(entries))
    return path


def _python(error: str = ""):
    """A Python that ranks `a` first within 320 s; its features are 1."""

    def run(_: str, given: dict) -> dict:
        if error:
            raise PeerError(error)
        for each in given["candidates"]:
            if given["features_dir"]:
                _write_features(Path(given["features_dir"]), each["name"])
        counters = {"accuracy0": 0.9, "accuracy1": 0.5}
        result = PeerResult(320.0, counters, label="ranking=a,b")
        return {probe: vars(result) for probe in given["probes"]}

    return run


def _write_features(folder: Path, name: str, value: float = 1.0) -> None:
    features, labels = torch.full((2, 3), value), torch.zeros(2, dtype=torch.long)
    feature_files.write(folder, name, features, labels, ["c/1.jpg", "c/2.jpg"])


@pytest.mark.parametrize(
    ("case", "code", "message"),
    [
        ({}, 0, ""),
        ({"flags": ["--min-ratio=torch=32"]}, 0, ""),
        ({"flags": ["--min-ratio=33"]}, 1, ""),
        ({"scores": {"a": 0.4, "b": 0.5}}, 2, "its ranking differs from Python's"),
        ({"scores": {"a": 0.5, "b": 0.5}}, 0, ""),
        ({"scores": {"b": 0.5}}, 2, "its ranking differs from Python's"),
        ({"features": 1.1}, 2, "features of a (torch) differ by 0.1; at most 1e-05"),
        ({"fail": "plan=decode_once"}, 2, "out of memory"),
        ({"fail": "Search"}, 2, "ours has no row to compare with"),
        ({"python": "zoo_search_peer failed"}, 2, "zoo_search_peer failed"),
    ],
)
def test_verdicts(case: dict, code: int, message: str, zoo: Path, photographs: Path, fake,
                  tmp_path: Path, monkeypatch, capsys) -> None:  # fmt: skip
    monkeypatch.setattr(peer_process, "run", _python(case.get("python", "")))
    for name in "ab":
        _write_features(tmp_path / "features", name, case.get("features", 1.0))
    settings = {"fail": case["fail"]} if "fail" in case else {}
    binary = fake(case.get("scores", {"a": 0.9, "b": 0.5}), tmp_path / "features", **settings)
    out = tmp_path / "out.json"
    given = [f"--candidates={zoo}", f"--data-dir={photographs}", f"--binary={binary}",
             "--rounds=2", f"--output={out}", "--probes=linear"]  # fmt: skip
    assert zoo_search.main([*given, *case.get("flags", [])]) == code
    printed = capsys.readouterr()
    assert message in printed.err
    rows = json.loads(out.read_text())["benchmarks"]
    assert len(rows) == 2 * (2 + 2 + 1)
    if code != 2:
        # 320 s over 80, 40, 20 and, with halving, 10 s.
        assert "halving | 10.00 | halving | 2.00 | 32.0 (32.0 to 32.0) |" in printed.out
        assert "ours, one by one | 80.00 | the rest | 4.00 | 4.0 " in printed.out


def test_a_plan_that_is_left_out_joins_the_next_factor(
    zoo: Path, photographs: Path, fake, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(peer_process, "run", _python())
    _write_features(tmp_path / "features", "a")
    binary = fake({"a": 0.9, "b": 0.5}, tmp_path / "features")
    code = zoo_search.main(
        [f"--candidates={zoo}", f"--data-dir={photographs}", f"--binary={binary}", "--rounds=1",
         "--plans=one_by_one,shared", "--budgets=all", "--peer-candidates=1"]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed
    assert "ours, shared | 20.00 | sharing | 4.00 | 16.0 " in printed.out
    assert "decod" not in printed.out and "halving" not in printed.out
    assert "| Python, torch (scaled from 1 of 2 candidates) | 320 |" in printed.out
    assert "- Python searched the first 1 of 2 candidates, and its seconds are" in printed.out


def test_the_best_of_all_precisions_counts_for_each(
    zoo: Path, photographs: Path, fake, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(peer_process, "run", _python())
    for name in "ab":
        _write_features(tmp_path / "features", name)
    code = zoo_search.main(
        [f"--candidates={zoo}", f"--data-dir={photographs}", "--device=cuda", "--rounds=1",
         f"--binary={fake({'a': 0.9, 'b': 0.5}, tmp_path / 'features')}", "--probes=minibatch"]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed
    torch_lines, bf16_lines = printed.out.split("| minibatch | Python, bf16 |")
    for lines, factors in (
        (torch_lines, ("4.00 | 4.0", "2.00 | 8.0", "2.00 | 16.0", "4.00 | 64.0", "2.00 | 128.0")),
        (bf16_lines, ("8.00 | 8.0", "2.00 | 16.0", "2.00 | 32.0", "2.00 | 64.0", "2.00 | 128.0")),
    ):
        found = [line for line in lines.splitlines() if line.startswith("| minibatch | ours")]
        for line, factor in zip(found, factors, strict=True):
            assert f" | {factor} (" in line
    assert "`execution=fused plan=shared precision=bf16 probe=minibatch workers=4`" in printed.out
    assert "- Features (bf16): 2 candidates, largest distance 0 (a)." in printed.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--candidates=/nowhere/zoo.json"], "--candidates=/nowhere/zoo.json"),
        (["--data-dir=/nowhere"], "--data-dir=/nowhere"),
        (["--precisions=bf16"], "--precision=bf16"),
        (["--min-ratio=bf16=2"], "bf16"),
        (["--ours=--items=10"], "--items"),
        (["--budgets=halving"], "--budgets=halving"),
        (["--binary=/nowhere/bench"], "/nowhere/bench"),
    ],
)
def test_bad_input_is_named(
    flags: list[str], message: str, zoo: Path, photographs: Path, capsys
) -> None:
    given = [f"--candidates={zoo}", f"--data-dir={photographs}"]
    assert zoo_search.main([*given, *flags]) == 2
    assert message in capsys.readouterr().err


def test_names_are_unique(zoo: Path) -> None:
    zoo.write_text(json.dumps(json.loads(zoo.read_text()) * 2))
    with pytest.raises(PeerError, match="2 candidates are named 'a'"):
        zoo_setting.read(zoo)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"architecture": "bert_base"}, "'bert_base' is not one of resnet18"),
        ({"weights": "random"}, "weights 'random' are not a file"),
        ({"weights": None}, "weights None are not a file"),
    ],
)
def test_a_candidate_that_python_cannot_search_is_named(
    entry: dict, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "few.json"
    whole = {"name": "child", "architecture": "resnet18", "weights": "w"} | entry
    path.write_text(json.dumps([whole]))
    with pytest.raises(PeerError, match=message) as raised:
        zoo_setting.read(path)
    assert "'child'" in str(raised.value)
    assert zoo_setting.name_of(path) == "few"
    assert zoo_setting.name_of(tmp_path / "zoo.json") == tmp_path.name
