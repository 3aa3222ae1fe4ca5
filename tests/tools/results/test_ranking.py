# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from planted_results import end_to_end, read
from results import ranking


def test_candidates_by_accuracy_with_their_configurations_grouped(cpu) -> None:
    ((words, places),) = ranking.rankings(cpu.of_step("EndToEnd"))
    assert words == ("cpu",)
    assert [(place.place, place.value) for place in places] == [(1, 0.84), (2, 0.79)]
    assert list(places[0].rows["configuration"]) == ["last_1", "last_3", "full", "full"]
    assert all(place.agree for place in places)


def test_files_and_settings_of_the_score_are_ranked_separately(both) -> None:
    found = ranking.rankings(both.of_step("EndToEnd"))
    assert [words for words, _ in found] == [("cpu",), ("cuda",)]
    assert [place.rows.iloc[0]["subject"] for place in found[1][1]] == ["resnet50", "resnet18"]


def test_equal_accuracies_share_a_place_and_different_ones_are_shown(cpu) -> None:
    rows = cpu.of_step("EndToEnd").copy()
    rows["accuracy"] = 0.5
    ((_, places),) = ranking.rankings(rows)
    assert [place.place for place in places] == [1, 1]
    rows.loc[rows.index[0], "accuracy"] = 0.6
    ((_, places),) = ranking.rankings(rows)
    assert not next(place for place in places if place.highest == 0.6).agree


def test_no_accuracy_no_ranking(cpu) -> None:
    assert ranking.rankings(cpu.of_step("EndToEnd").drop(columns="accuracy")) == []


def _places(found: list) -> list[tuple]:
    return [(words[1:], [(p.place, p.rows.iloc[0]["subject"]) for p in places])
            for words, places in found]  # fmt: skip


def _search(subject: str, accuracy: float, keys: str = "", configuration: str = "full", **more):
    return end_to_end(subject, configuration, accuracy=accuracy, **more) | (
        {} if not keys else {
            key: f"EndToEnd/{subject}/{configuration}/cuda/{keys}/batch:128/manual_time"
            for key in ("name", "run_name")
        }
    )  # fmt: skip


def test_axes_that_change_features_or_the_score_rank_separately(tmp_path: Path) -> None:
    rows = [
        _search("resnet18", 0.8, "decoder=stb/mode=serial/workers=8"),
        _search("resnet50", 0.9, "decoder=stb/mode=prefetch/workers=2"),
        _search("resnet18", 0.7, "decoder=turbojpeg/mode=serial/workers=8"),
        _search(
            "resnet18", 0.6, "decoder=stb/mode=serial/precision=bf16/probe=minibatch/workers=8"
        ),
    ]
    found = ranking.rankings(read(tmp_path, rows).rows)
    one, other, third = _places(found)
    assert one[1] == [(1, "resnet50"), (2, "resnet18")] and "decoder=stb" in one[0]
    assert other[1] == [(1, "resnet18")] and "decoder=turbojpeg" in other[0]
    assert set(third[0]) == {"precision=bf16", "decoder=stb", "probe=minibatch"}


def test_accuracies_that_are_nearly_equal_share_a_place(tmp_path: Path) -> None:
    rows = [_search("resnet18", 0.8), _search("resnet34", 0.8004), _search("resnet50", 0.8006)]
    ((_, places),) = _places(ranking.rankings(read(tmp_path, rows).rows))
    assert places == [(1, "resnet50"), (1, "resnet34"), (2, "resnet18")]


def test_a_joint_row_ranks_its_heads_if_all_are_candidates(tmp_path: Path) -> None:
    heads = {"accuracy_head0": 0.8, "accuracy_head1": 0.9, "loss_head0": 0.5, "loss_head1": 0.4}
    joint = _search("a", 0.8, configuration="joint_last_3", label="heads=a,b", **heads)
    ((_, places),) = ranking.rankings(read(tmp_path, [joint]).rows)
    assert [(p.value, p.rows.iloc[0]["subject"], p.rows.iloc[0]["loss"]) for p in places] == [
        (0.9, "b", 0.4), (0.8, "a", 0.5),
    ]  # fmt: skip
    random = joint | {"label": "heads=a,a-random-head-1", "random_heads": 1}
    assert ranking.rankings(read(tmp_path, [random]).rows) == []


def test_a_score_without_an_accuracy_ranks_by_its_value(tmp_path: Path) -> None:
    rows = [
        {key: value for key, value in _search(name, 0).items() if key != "accuracy"}
        | {"score_value": value}
        for name, value in (("resnet18", -0.7), ("resnet50", 1.3))
    ]
    ((_, places),) = ranking.rankings(read(tmp_path, rows).rows)
    assert [(p.place, p.rows.iloc[0]["subject"], p.value, p.is_accuracy) for p in places] == [
        (1, "resnet50", 1.3, False),
        (2, "resnet18", -0.7, False),
    ]
