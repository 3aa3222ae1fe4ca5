# SPDX-License-Identifier: Apache-2.0
"""Searches of whole zoos: every plan, budget and bound of memory gives one result."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from search_zoo import CHILDREN, PLANS, Search, Zoo, distance, done, entry, label, read_features
from zoos import write_zoo


def test_plans_and_budgets_give_the_same_features(
    searches: dict[tuple[str, str], Search],
) -> None:
    reference = searches["one_by_one", "all"]
    assert set(reference.features) == set(CHILDREN)
    for (plan, budget), search in searches.items():
        assert set(search.features) == set(CHILDREN) or (plan != "shared" and budget == "halving")
        for name, features in search.features.items():
            # Halving stops some after 4 or 8 of the 16 items.
            count = len(features)
            assert count == 16 or (budget == "halving" and count in (4, 8))
            assert search.items[name] == reference.items[name][:count]
            assert distance(features, reference.features[name][:count]) <= 1e-5, (plan, name)
    assert sorted(len(f) for f in searches["shared", "halving"].features.values())[-2:] == [16, 16]


def test_plans_give_the_same_ranking(searches: dict[tuple[str, str], Search]) -> None:
    for budget in ("all", "halving"):
        rows = [searches[plan, budget] for plan in PLANS]
        assert [search.ranking for search in rows] == [rows[0].ranking] * 3
        assert sorted(rows[0].ranking) == sorted(CHILDREN)
        for place in range(len(CHILDREN)):
            losses = [search.row[f"loss{place}"] for search in rows]
            assert losses == pytest.approx([losses[0]] * 3, rel=1e-5)
    ranking = searches["shared", "all"].ranking
    assert ranking.index("twin") == ranking.index("last") + 1
    # The candidates of the last round have seen all items: they are ranked as among all.
    last_round = searches["shared", "halving"].ranking[:2]
    assert last_round == sorted(last_round, key=ranking.index)


def test_shared_blocks_are_computed_once(searches: dict[tuple[str, str], Search]) -> None:
    for plan in ("one_by_one", "decode_once"):
        assert searches[plan, "all"].row["item_blocks"] == 16 * 8 * 17
        assert searches[plan, "all"].row["blocks_saved"] == 1
    shared = searches["shared", "all"].row
    assert shared["candidates"] == 8
    assert shared["failed_candidates"] == 0
    assert shared["item_blocks"] < 16 * 4 * 17
    assert shared["blocks_saved"] == pytest.approx(16 * 8 * 17 / shared["item_blocks"])
    assert shared["bytes_read"] < 0.6 * searches["decode_once", "all"].row["bytes_read"]
    assert shared["plan_distance"] <= 1e-5


def test_halving_says_what_it_saw_and_how_much_worse_its_choice_is(
    searches: dict[tuple[str, str], Search],
) -> None:
    for plan in PLANS:
        row, whole = searches[plan, "halving"].row, searches[plan, "all"].row
        # Of the candidates that differ half stay (7, 4, 2), and the twin of one of them with it.
        assert row["candidates_round1"] == 8
        assert row["candidates_round2"] in (4, 5)
        assert row["candidates_round3"] in (2, 3)
        assert [row[f"items_round{i}"] for i in (1, 2, 3)] == [4, 8, 16]
        assert row["halving_rounds"] == 3
        assert row["item_blocks"] < whole["item_blocks"]
        assert row["regret"] == pytest.approx(whole["score_value0"] - row["score_value0"])
        assert row["regret_loss"] == pytest.approx(row["loss0"] - whole["loss0"], abs=1e-5)


def test_features_are_those_of_single_candidates(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path
) -> None:
    selected = write_zoo(tmp_path, entry("half", str(zoo.folder / "half.safetensors")))
    flags = [flag for flag in zoo.flags(tmp_path / "single", selected) if "Search" not in flag]
    outcome = zoo.program.run(
        *flags, "--steps=EndToEnd", "--configurations=full", "--modes=serial", "--classes=0"
    )
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    features, items = read_features(tmp_path / "single")
    search = searches["shared", "all"]
    places = [search.items["half"].index(name) for name in items["half"]]
    assert distance(search.features["half"][places], features["half"]) <= 1e-5
    place = search.ranking.index("half")
    assert outcome.rows[0]["loss"] == pytest.approx(search.row[f"loss{place}"], rel=1e-4)
    assert outcome.rows[0]["accuracy"] == search.row[f"accuracy{place}"]


@pytest.mark.parametrize(("bound", "keeping"), [("1MB", "pieces"), ("10MB", None), ("100MB", None)])
def test_bounds_of_memory_change_nothing_else(
    zoo: Zoo,
    searches: dict[tuple[str, str], Search],
    tmp_path: Path,
    bound: str,
    keeping: str | None,
) -> None:
    search = done(zoo.search(f"--host_cache={bound}", features=tmp_path), tmp_path)
    reference = searches["shared", "all"]
    assert keeping in (None, label(search.row)["keeping"])
    assert search.ranking == reference.ranking
    assert set(search.features) == set(reference.features)
    for name, features in search.features.items():
        assert distance(features, reference.features[name]) <= 1e-5
    if search.row["planned_device_bytes"] <= int(bound[:-2]) * 1e6:
        held = search.row["peak_waiting_bytes"] + search.row["peak_network_bytes"]
        assert held <= int(bound[:-2]) * 1e6
    else:
        assert bound != "100MB"  # A network and a batch alone take more.


def test_names_and_axes_are_listed(zoo: Zoo) -> None:
    flags = [*zoo.flags(), f"--plans={','.join(PLANS)}", "--budgets=all,halving"]
    listed = subprocess.run(
        [zoo.program.binary, *flags, "--benchmark_list_tests"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert set(listed.stdout.split()) == {
        f"Search/{zoo.folder.name}/cpu/budget={budget}/decoder=turbojpeg/plan={plan}/threads=2/workers=1"
        "/batch:4/manual_time"
        for plan in PLANS
        for budget in ("all", "halving")
    }
    schema = json.loads(
        subprocess.run(
            [zoo.program.binary, "--schema"], capture_output=True, text=True, check=True
        ).stdout
    )
    axes = {axis["key"]: axis for axis in schema["axes"]}
    assert axes["plan"]["values"] == list(PLANS)
    assert axes["budget"]["values"] == ["all", "halving"]
    unknown = zoo.search("--plans=alone")
    assert unknown.code == 2
    assert "one_by_one" in unknown.stderr
