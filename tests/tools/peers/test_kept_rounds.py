# SPDX-License-Identifier: Apache-2.0
"""A comparison that is cut off keeps the rounds that are complete."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from peers import kept, load_ratio
from peers.load_setting import Loaded
from peers.sample import PeerError


def _rounds(ending: BaseException | None) -> Iterator[list[int]]:
    rounds: list[int] = []
    for index in range(2):
        rounds.append(index)
        yield rounds
    if ending:
        raise ending


def _document(rounds: list[int]) -> dict:
    return {"benchmarks": rounds}


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        (None, ""),
        (PeerError("the program failed"), "the program failed"),
        (KeyboardInterrupt(), "interrupted in round 3; .*out.json holds 2 complete rounds"),
    ],
)
def test_complete_rounds_are_kept(
    ending: BaseException | None, message: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    if ending:
        with pytest.raises(PeerError, match=message):
            kept.all_rounds(_rounds(ending), _document, out)
    else:
        assert kept.all_rounds(_rounds(ending), _document, out) == [0, 1]
    assert json.loads(out.read_text()) == {"benchmarks": [0, 1]}
    assert list(tmp_path.iterdir()) == [out]


def test_an_interruption_of_the_first_round_promises_nothing(tmp_path: Path) -> None:
    def rounds() -> Iterator[list[int]]:
        raise KeyboardInterrupt
        yield []

    with pytest.raises(PeerError, match=r"interrupted in round 1$"):
        kept.all_rounds(rounds(), _document, tmp_path / "out.json")
    assert not list(tmp_path.iterdir())


def test_a_tool_that_is_interrupted_says_what_it_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    binary, out = tmp_path / "program", tmp_path / "out.json"
    binary.touch()
    row = {"name": "LoadModel/resnet18/full/cpu/manual_time", "p50": 1.0, "real_time": 1e3}

    def ours(*_: object) -> tuple[list[dict], dict]:
        if out.exists():
            raise KeyboardInterrupt
        return [row | {"first_inference_seconds": 1.0}], {}

    loaded = Loaded("torch_load", "resnet18", "warm", median=2.0, mean=2.0, bytes=100)
    monkeypatch.setattr(load_ratio.load_files, "ensure", lambda *_: None)
    monkeypatch.setattr(load_ratio.our_loads, "run", ours)
    monkeypatch.setattr(load_ratio, "_peer", lambda *_: loaded)
    code = load_ratio.main(
        [f"--binary={binary}", f"--weights_dir={tmp_path}", "--architectures=resnet18",
         "--peers=torch_load", "--page_caches=warm", f"--output={out}"]
    )  # fmt: skip
    assert code == 2
    assert f"interrupted in round 2; {out} holds 1 complete round" in capsys.readouterr().err
    assert len(json.loads(out.read_text())["benchmarks"]) == 2
