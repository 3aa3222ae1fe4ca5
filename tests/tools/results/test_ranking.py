# SPDX-License-Identifier: Apache-2.0
from results import ranking


def test_candidates_by_accuracy_with_their_configurations_grouped(cpu) -> None:
    ((words, places),) = ranking.rankings(cpu.of_step("EndToEnd"))
    assert words == ("cpu",)
    assert [(place.place, place.accuracy) for place in places] == [(1, 0.84), (2, 0.79)]
    assert list(places[0].rows["configuration"]) == ["last_1", "last_3", "full", "full"]
    assert all(place.agree for place in places)


def test_files_and_settings_of_the_score_are_ranked_apart(both) -> None:
    found = ranking.rankings(both.of_step("EndToEnd"))
    assert [words for words, _ in found] == [("cpu",), ("cuda",)]
    assert [place.rows.iloc[0]["subject"] for place in found[1][1]] == ["resnet50", "resnet18"]


def test_equal_accuracies_share_a_place_and_different_ones_are_told(cpu) -> None:
    rows = cpu.of_step("EndToEnd").copy()
    rows["accuracy"] = 0.5
    ((_, places),) = ranking.rankings(rows)
    assert [place.place for place in places] == [1, 1]
    rows.loc[rows.index[0], "accuracy"] = 0.6
    ((_, places),) = ranking.rankings(rows)
    assert not next(place for place in places if place.highest == 0.6).agree


def test_no_accuracy_no_ranking(cpu) -> None:
    assert ranking.rankings(cpu.of_step("EndToEnd").drop(columns="accuracy")) == []
