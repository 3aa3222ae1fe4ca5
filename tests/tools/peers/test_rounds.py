# SPDX-License-Identifier: Apache-2.0
"""Rounds of a comparison with peers: their document, and what an interruption leaves."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from peers import load_ratio
from peers.peer_process import PeerError
from peers.rounds import Rounds, collect
from peers.rows import PeerResult


def _rounds(ending: BaseException | None) -> Iterator[Rounds]:
    rounds = Rounds()
    for index in range(2):
        rounds.add_ours(index, "work", [{"name": "ours"}], {})
        yield rounds
    if ending:
        raise ending


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        (None, ""),
        (PeerError("the program failed"), "the program failed"),
        (
            KeyboardInterrupt(),
            "interrupted after 2 complete rounds; .*out.json holds 2 complete rounds",
        ),
    ],
)
def test_complete_rounds_stay_in_the_file(
    ending: BaseException | None, message: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    if ending:
        with pytest.raises(PeerError, match=message):
            collect(_rounds(ending), out)
    else:
        assert [each.round for each in collect(_rounds(ending), out).measured] == [0, 1]
    rows = json.loads(out.read_text())["benchmarks"]
    assert [row["repetition_index"] for row in rows] == [0, 1]
    assert list(tmp_path.iterdir()) == [out]


def test_an_interruption_says_what_the_rounds_are_of() -> None:
    with pytest.raises(PeerError, match=r"interrupted after 2 complete rounds of a network$"):
        collect(_rounds(KeyboardInterrupt()), None, of=" of a network")


def test_an_interruption_of_the_first_round_promises_nothing(tmp_path: Path) -> None:
    def rounds() -> Iterator[Rounds]:
        raise KeyboardInterrupt
        yield Rounds()

    with pytest.raises(PeerError, match=r"interrupted in the first round$"):
        collect(rounds(), tmp_path / "out.json")
    assert not list(tmp_path.iterdir())


def test_a_document_has_rows_of_both_sides_and_versions() -> None:
    rounds = Rounds(("torch", "no-such-package"))
    for index in (0, 1):
        rounds.add_ours(index, "work", [{"name": "ours", "p50": 1.0}], {"cpu_model": "CPU"})
        rounds.add_peer(index, "work", "peer", "theirs", PeerResult(2.0, {"p50": 2.5}))
    document = rounds.document()
    assert document["context"]["cpu_model"] == "CPU"
    assert document["context"]["caches"] == []
    assert document["context"]["peer_torch"][0].isdigit()
    assert document["context"]["peer_no_such_package"] == "not installed"
    assert [(row["name"], row["repetition_index"]) for row in document["benchmarks"]] == [
        ("ours", 0), ("theirs", 0), ("ours", 1), ("theirs", 1),
    ]  # fmt: skip
    for row in document["benchmarks"]:
        assert (row["repetitions"], row["run_type"]) == (2, "iteration")
    peer = document["benchmarks"][1]
    assert (peer["real_time"], peer["time_unit"], peer["p50"]) == (2e3, "ms", 2.5)


def test_a_context_joins_those_of_all_runs() -> None:
    rounds = Rounds()
    for step, workers in (("LoadData", "1"), ("EndToEnd", "1"), ("LoadData", "2")):
        context = {"option_steps": step, "option_workers": workers, "date": step, step: workers}
        rounds.add_ours(0, step, [], context)
    context = rounds.document()["context"]
    assert (context["option_steps"], context["option_workers"]) == ("LoadData,EndToEnd", "1,2")
    assert (context["date"], context["LoadData"], context["EndToEnd"]) == ("LoadData", "1", "1")


def test_a_tool_that_is_interrupted_says_which_rounds_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    binary, out = tmp_path / "program", tmp_path / "out.json"
    binary.touch()
    row = {"name": "LoadModel/resnet18/full/cpu/manual_time", "p50": 1.0, "real_time": 1e3}

    def ours(*_: object) -> tuple[list[dict], dict]:
        if out.exists():
            raise KeyboardInterrupt
        return [row | {"first_inference_seconds": 1.0}], {}

    loaded = PeerResult(2.0, {"p50": 2.0, "first_inference_seconds": 1.0})
    monkeypatch.setattr(load_ratio.load_files, "ensure", lambda *_: None)
    monkeypatch.setattr(load_ratio.our_loads, "run", ours)
    monkeypatch.setattr(load_ratio, "_peer", lambda *_: loaded)
    code = load_ratio.main(
        [f"--binary={binary}", f"--weights-dir={tmp_path}", "--architectures=resnet18",
         "--peers=torch_load", "--page-caches=warm", f"--output={out}"]
    )  # fmt: skip
    assert code == 2
    assert (
        f"interrupted after 1 complete round; {out} holds 1 complete round"
        in capsys.readouterr().err
    )
    assert len(json.loads(out.read_text())["benchmarks"]) == 2
