# SPDX-License-Identifier: Apache-2.0
"""The first screen's statements recomputed from planted rows, intervals included."""

import math
from dataclasses import replace
from pathlib import Path

import planted
import pytest
from planted import inference, load_data, search
from report.answer import first, ranked, sentences
from report.answer.first import First
from results import uncertainty

_NAME = "{}/full/cuda/decoder={}/mode=serial/workers=8/batch:100"
_Z = 1.959964
_REAL = {"weights_resnet18": "a.safetensors 1", "weights_resnet50": "b.safetensors 2"}


def _rows(scale: float = 1.0, work: float = 1.0) -> list[dict]:
    """Two candidates over 1,000 items: 2.25 s and 3.05 s, and 1.25 s and 2.05 s with nvjpeg,
    which loads in `scale` times 0.6 s. The networks take `work` times 0.5 and 1.2 s."""
    steps = {"resnet18": (0.1, 1.5, 0.1, 0.5, 0.05), "resnet50": (0.2, 1.5, 0.1, 1.2, 0.05)}
    rows = []
    for subject, (load, data, copy, compute, score) in steps.items():
        usual = (load, data, copy, work * compute, score)
        rows.append(search(_NAME.format(subject, "turbojpeg"), *usual))
        fast = (load, 0.6 * scale, 0.0, work * compute, score)
        rows.append(search(_NAME.format(subject, "nvjpeg"), *fast))
    return rows


def _gather(tmp_path: Path, *rows: dict, **context: str) -> First:
    from results import table

    return first.gather(table.read([planted.write(tmp_path, list(rows), **context)]))


def test_the_headline_adds_up_the_candidates(tmp_path: Path) -> None:
    found = _gather(tmp_path, *_rows())
    assert sentences.headline(found.answer) == (
        "1,000 images \N{MULTIPLICATION SIGN} 2 candidates: 5.3 s now, 3.3 s after the first "
        "change. Limit: loading data (57 % of the time)."
    )
    assert found.answer.now.seconds(1000, 2) == pytest.approx(2.25 + 3.05)
    assert found.answer.after.seconds(1000, 2) == pytest.approx(1.25 + 2.05)
    assert found.answer.after_how == "measured"


def test_fixed_and_per_item_seconds_are_kept_separate(tmp_path: Path) -> None:
    answer = _gather(tmp_path, *_rows()).answer
    fixed, each = (0.1 + 0.2) / 2, (2.15 + 2.85) / 2 / 1000
    for items, candidates in ((1000, 2), (20000, 8), (1, 1)):
        expected = candidates * (fixed + items * each)
        assert answer.now.seconds(items, candidates) == pytest.approx(expected)
    # Loading the model takes as long after the change.
    assert answer.after.seconds(0, 2) == pytest.approx(0.3)


def test_the_gain_of_a_change_and_its_interval(tmp_path: Path) -> None:
    action = _gather(tmp_path, *_rows()).answer.actions[0]
    assert action.title == "Decode on the GPU (decoder nvjpeg)"
    assert action.how == "measured"
    gain = 5.3 / 3.3
    assert action.gain.times == pytest.approx(gain)
    row = uncertainty.standard_error({"ci95_processes_rel": 0.002}, "EndToEnd")
    each = math.hypot(row, row)  # Of a ratio of two rows.
    error = math.hypot(1.25 / 3.3 * each, 2.05 / 3.3 * each)
    assert action.gain.error == pytest.approx(error, rel=1e-6)
    # All changes of the report are chosen together, so the interval is at least that of 95 %.
    assert action.gain.low <= gain * math.exp(-_Z * error) * (1 + 1e-6)
    assert action.gain.high >= gain * math.exp(_Z * error) * (1 - 1e-6)
    assert action.gain.low > 1
    assert sentences.action(action) == (
        "Decode on the GPU (decoder nvjpeg): 1.6 times as fast, measured."
    )


def test_a_change_within_the_noise_is_declined(tmp_path: Path) -> None:
    found = _gather(tmp_path, *_rows(scale=1.6 / 0.6))
    assert not any("decoder" in action.axes for action in found.answer.actions)
    assert "No gain beyond 3 % and noise: another decoder" in " ".join(found.answer.declined)


def test_a_folder_is_named_for_the_files_that_are_of_it(tmp_path: Path) -> None:
    """And the context of a file shows what the file has."""
    from report.command import main

    other = [row | {"name": row["name"].replace("h:100", "h:200")} for row in _rows()]
    files = [
        str(planted.write(tmp_path, rows, name=name, data=name))
        for name, rows in (("pets", _rows()), ("cars", other))
    ]
    out = tmp_path / "out"
    assert main([*files, "-o", str(out), "--data-dir=/data/pets"]) == 0
    text = (out / "index.html").read_text(encoding="utf-8")
    assert "option_data_dir" not in text
    assert " --data_dir=/data/pets " in text and " --data_dir=PHOTOGRAPHS " in text


def test_what_no_row_shows_is_not_taken_for_what_does_not_help(tmp_path: Path) -> None:
    """Loading is the limit here, and then inference."""
    found = _gather(tmp_path, *(row for row in _rows() if "turbojpeg" in row["name"]))
    assert found.answer.declined[-1] == (
        "Not measured here: decoding on the GPU (--decoders=turbojpeg,hybrid)."
    )
    assert "Not measured" not in " ".join(_gather(tmp_path, *_rows()).answer.declined)
    found = _gather(tmp_path, *_rows(work=9))
    assert found.answer.declined[-1] == (
        "Not measured here: bf16 (--precisions=torch,bf16) and fused layers "
        "(--executions=eager,fused)."
    )
    lower = [
        search(_NAME.format(subject, "turbojpeg").replace("serial", "serial/precision=bf16"),
               load, 1.5, 0.1, 2.0, 0.05)
        for subject, load in (("resnet18", 0.1), ("resnet50", 0.2))
    ]  # fmt: skip
    found = _gather(tmp_path, *_rows(work=9), *lower)
    assert "bf16" not in found.answer.declined[-1]


@pytest.mark.parametrize(
    ("work", "key", "value", "left"),
    [
        (9, "precision", "bf16", "fused layers (--executions=eager,fused)"),
        (9, "precision", "tf32", "fused layers (--executions=eager,fused)"),
        (9, "execution", "fused", "bf16 (--precisions=torch,bf16)"),
        (9, "execution", "fused_graph", "bf16 (--precisions=torch,bf16)"),
        (1, "decoder", "hybrid", ""),
        (1, "data", "tensors", ""),
    ],
)
def test_what_all_rows_have_is_measured(
    tmp_path: Path, work: float, key: str, value: str, left: str
) -> None:
    rows = [row for row in _rows(work=work) if "turbojpeg" in row["name"]]
    for row in rows:
        name = row["name"].replace("/decoder=turbojpeg", "") if key == "decoder" else row["name"]
        row["name"] = name.replace("/mode=", f"/{key}={value}/mode=")
    said = [
        text for text in _gather(tmp_path, *rows).answer.declined if text.startswith("Not measured")
    ]
    assert said == ([f"Not measured here: {left}."] if left else [])


def test_an_overlapped_search_limited_by_its_copies_needs_no_decoder(tmp_path: Path) -> None:
    def found(data: float, copy: float) -> First:
        rows = [row for row in _rows() if "turbojpeg" in row["name"]]
        alone = {"alone_load_data": data, "alone_data_to_device": copy, "alone_inference": 0.5}
        named = [
            row | alone | {"name": row["name"].replace("serial", "overlapped")} for row in rows
        ]
        return _gather(tmp_path, *named)

    copies, loading = found(0.5, 1.5).answer, found(1.5, 0.5).answer
    assert copies.limit == "copying to the device"
    assert "Not measured" not in " ".join(copies.declined)
    assert loading.limit == "loading data"
    assert "decoding on the GPU" in loading.declined[-1]


def test_buffers_are_pinned_once_for_all_candidates(tmp_path: Path) -> None:
    rows = [row | {"pin_seconds": 0.0} for row in _rows() if "turbojpeg" in row["name"]]
    for subject, load, pin in (("resnet18", 0.1, 0.25), ("resnet50", 0.2, 0.3)):
        name = _NAME.format(subject, "turbojpeg").replace("serial", "prefetch")
        rows.append(search(name, load, 0.7, 0.1, 0.5, 0.05, pin_seconds=pin))
    found = _gather(tmp_path, *rows)
    answer = found.answer
    # A single search carries half of the longest.
    single = {one.subject: one.what_ifs[0] for one in found.full}
    assert single["resnet18"].gain.times == pytest.approx(2.25 / (1.45 + 0.3 / 2))
    assert single["resnet50"].gain.times == pytest.approx(3.05 / (1.55 + 0.3 / 2))
    assert single["resnet50"].caveat == "pinning takes 300 ms more, once for 2 candidates"
    (action,) = answer.actions
    assert action.title == "Load ahead (prefetch mode)"
    assert action.gain.times == pytest.approx(5.3 / (1.45 + 1.55 + 0.3))
    assert action.notes == ("pinning memory is counted",)
    # Once at every scale: 0.15 s a candidate are fixed, and 2.7 s are of the 2,000 extractions.
    for items, candidates in ((1000, 2), (20000, 8), (0, 3)):
        expected = 0.3 + candidates * (0.15 + items * 2.7 / 2000)
        assert answer.after.seconds(items, candidates) == pytest.approx(expected)


def test_a_cached_trunk_applies_only_where_candidates_share_one(tmp_path: Path) -> None:
    text = "A cached trunk: no two of these candidates share one."
    assert text in _gather(tmp_path, *_rows()).answer.declined
    tails = [
        search(f"{subject}/last_1/cuda/cache=host/decoder=turbojpeg/mode=serial/workers=8/"
               "batch:100", 0.1, 0.05, 0.05, 0.05, 0.05, build_cache=4.0, cached_bytes=1e6)
        for subject in ("resnet18", "resnet50")
    ]  # fmt: skip
    found = _gather(tmp_path, *_rows(), *tails, shared_trunks="last_1: resnet18, resnet50")
    assert text not in found.answer.declined
    action = found.answer.actions[-1]
    assert action.title == "Cache the trunk before last_1"
    assert any(note.startswith("pays after ") for note in action.notes)


def test_actions_are_ranked_and_two_changes_are_predicted_together(tmp_path: Path) -> None:
    rows = [
        *_rows(work=3),
        *(load_data(f"cpu/decoder={decoder}/workers=8/batch:100", rate)
          for decoder, rate in (("turbojpeg", 1000 / 1.5), ("nvjpeg", 1000 / 0.6))),
        *(inference(f"{subject}/full/cuda/{key}batch:100", rate)
          for subject in ("resnet18", "resnet50")
          for key, rate in (("", 1000.0), ("precision=bf16/", 8000.0))),
    ]  # fmt: skip
    answer = _gather(tmp_path, *rows).answer
    gains = [action.gain.times for action in answer.actions]
    assert gains == sorted(gains, reverse=True) and len(gains) >= 2
    precision, mode, decoder = answer.actions
    assert [precision.how, mode.how, decoder.how] == ["predicted", "predicted", "measured"]
    assert precision.gain.times == pytest.approx(8.7 / (8.7 - 5.1 * 7 / 8))
    assert answer.changed == (1, 2)
    # Ten batches: the first passes every stage, then loading sets the pace of the rest.
    extracts = [(1.5 + 0.1 + compute / 8) / 10 + 1.5 * 9 / 10 for compute in (1.5, 3.6)]
    assert " --precisions=bf16 --data_dir=" in precision.command
    assert mode.title == "Run all steps at once (overlapped mode)"
    # The command of the headline's time; the best change alone has its own.
    assert "--modes=overlapped" in mode.command and "--precisions=bf16" in mode.command
    assert mode.notes[-1] == "this command also has change 1"
    assert "--modes=overlapped" not in precision.command
    assert answer.after.seconds(1000, 2) == pytest.approx(sum(extracts) + 0.15 + 0.25)
    assert answer.after_how == "predicted"
    for one in answer.actions:
        assert one.command.startswith("build/release/model_search_bench --")
        assert " --data_dir=PHOTOGRAPHS " in one.command
        assert "--architectures=resnet18,resnet50" in one.command


def test_a_cached_trunk_keeps_its_own_command(tmp_path: Path) -> None:
    """Of three changes the second adds nothing to the first, the third would, and the trunk has
    its place."""
    subjects = ("resnet18", "resnet50")
    rows = [
        *(search(_NAME.format(subject, "turbojpeg"), 0.1, 2.4, 0.1, 0.8, 0.05)
          for subject in subjects),
        *(load_data(f"cpu/decoder={decoder}/workers=8/batch:100", rate)
          for decoder, rate in (("turbojpeg", 1000 / 2.4), ("stb", 1000 / 2.0))),
        *(inference(f"{subject}/full/cuda/{key}batch:100", rate)
          for subject in subjects
          for key, rate in (("", 1000 / 0.8), ("precision=bf16/", 8000 / 0.8))),
    ]  # fmt: skip
    answer = _gather(tmp_path, *rows).answer
    assert [sorted(one.axes) for one in answer.actions] == [["mode"], ["precision"], ["decoder"]]
    assert answer.changed == (1, 3)
    tails = [
        search(f"{subject}/last_1/cuda/cache=host/decoder=turbojpeg/mode=serial/workers=8/"
               "batch:100", 0.1, 0.05, 0.05, 0.05, 0.05, build_cache=4.0, cached_bytes=1e6)
        for subject in subjects
    ]  # fmt: skip
    answer = _gather(tmp_path, *rows, *tails, shared_trunks="last_1: resnet18, resnet50").answer
    trunk = answer.actions[-1]
    assert [sorted(one.axes) for one in answer.actions[:-1]] == [["mode"], ["precision"]]
    assert answer.changed == (1,)
    assert trunk.title == "Cache the trunk before last_1"
    assert "--configurations=last_1" in trunk.command and "stb" not in trunk.command
    assert not any("also has change" in note for note in trunk.notes)


def test_commands_can_be_pasted_where_the_data_are_known(tmp_path: Path) -> None:
    from results import table

    def command(data_dir: str = "", **context: str) -> str:
        results = table.read([planted.write(tmp_path, _rows(), **context)])
        return first.gather(replace(results, data_dir=data_dir)).answer.actions[0].command

    made = command(data="embedded default (generated)")
    assert made.startswith("build/release/model_search_bench --decoders=nvjpeg --architectures=")
    assert "--data_dir" not in made
    assert " --data_dir=PHOTOGRAPHS " in command(data="pets")
    assert " '--data_dir=/data/my pets' " in command("/data/my pets", data="my pets")
    assert " --data_dir=PHOTOGRAPHS " in command("/data/my pets", data="pets")
    (tmp_path / "pets").mkdir()
    (tmp_path / "link").symlink_to("pets")
    assert f" --data_dir={tmp_path}/link " in command(f"{tmp_path}/link", data="pets")


def test_a_stand_in_is_explained_once(tmp_path: Path) -> None:
    from report.command import main

    said = 'In commands PHOTOGRAPHS stands for the path of your folder of photographs, here "pets".'
    results = str(planted.write(tmp_path, _rows(), data="pets"))
    texts = {}
    for name, flags in (("unknown", []), ("known", ["--data-dir=/data/pets"])):
        assert main([results, "-o", str(tmp_path / name), *flags]) == 0
        for file in ("report.md", "index.html"):
            text = (tmp_path / name / file).read_text(encoding="utf-8")
            texts[name, file] = text.replace("&#34;", '"')
    for file in ("report.md", "index.html"):
        assert texts["unknown", file].count(said) == 1
        assert "PHOTOGRAPHS" not in texts["known", file]
        assert "--data_dir=/data/pets " in texts["known", file]


def test_bars_are_the_steps_of_each_candidate(tmp_path: Path) -> None:
    bars = {bar.label: bar for bar in _gather(tmp_path, *_rows()).answer.picture.bars}
    assert list(bars) == ["ResNet-50", "ResNet-18"]
    pieces = {piece.title: piece.seconds for piece in bars["ResNet-18"].pieces}
    assert pieces == pytest.approx({"Load model": 0.1, "Load data": 1.5, "Data to device": 0.1,
                                    "Inference": 0.5, "Score": 0.05})  # fmt: skip


def test_an_interval_ends_at_0_and_at_1() -> None:
    assert ranked.wilson(0.0, 12)[0] == 0
    assert ranked.wilson(1.0, 12)[1] == 1


def test_real_weights_are_ranked_with_an_interval(tmp_path: Path) -> None:
    rows = _rows()
    for row in rows:
        value = 0.9 if "resnet50" in row["name"] else 0.8
        row |= {"accuracy": value, "score_value": value, "loss": 1 - value}
    found = _gather(tmp_path, *rows, **_REAL).ranking
    assert [(one.place, one.name) for one in found] == [(1, "ResNet-50"), (2, "ResNet-18")]
    assert (found[0].low, found[0].high) == pytest.approx((0.850638, 0.934330), abs=1e-4)
    assert _gather(tmp_path, *rows).ranking == []  # The context says random weights.
    equal = _REAL | {"weights_resnet50": "a.safetensors 1"}
    assert [one.place for one in _gather(tmp_path, *rows, **equal).ranking] == [1, 1]


def test_networks_without_a_search_share_a_sentence(tmp_path: Path) -> None:
    names = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
    rows = [inference(f"{name}/full/cuda/batch:100", 1000) for name in names]
    (said,) = _gather(tmp_path, *rows).left_out
    assert said.startswith(
        "What limits ResNet-18, ResNet-34, ResNet-50 and 2 more on the GPU is not known: "
        "no EndToEnd row was measured, "
    )
    assert said.endswith(".")


def test_without_a_search_there_is_no_answer(tmp_path: Path) -> None:
    found = _gather(tmp_path, inference("resnet18/full/cuda/batch:100", 1000))
    assert found.answer is None and found.ranking == []
    assert any(
        text.startswith("What limits ResNet-18 on the GPU is not known: ")
        for text in found.left_out
    )
