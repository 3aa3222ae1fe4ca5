# SPDX-License-Identifier: Apache-2.0
"""Joint models, shared trunks and both domains in one report, from a small invented run."""

import json
import re
from pathlib import Path

import pytest
from report import joint, rendering, trunks
from results import domains, ranking, table

_STEPS = {"load_model": 0.1, "load_data": 1.0, "data_to_device": 0.0, "score": 0.3, "other": 0.1}


def _row(name: str, seconds: float, **counters: float) -> dict:
    return {"name": name, "run_name": name, "run_type": "iteration", "real_time": seconds,
            "time_unit": "s", **counters}  # fmt: skip


def _end_to_end(subject: str, configuration: str, keys: str, inference: float, **counters) -> dict:
    steps = _STEPS | {"inference": inference}
    total = sum(steps.values())
    name = f"EndToEnd/{subject}/{configuration}/cpu/{keys}mode=serial/batch:8/manual_time"
    return _row(name, total, **steps, end_to_end=total, **counters)


_DOCUMENT = {
    "context": {
        "cpu_model": "Example CPU",
        "data_identity": "photographs",
        "text_identity": "reviews",
        "weights_resnet18": "random (seed 1)",
        "weights_bert-imdb": "bert-imdb.safetensors 12ab",
        "weights_bert-news": "bert-news.safetensors 34cd",
        "architecture_bert-imdb": "bert_base",
        "architecture_bert-news": "bert_base",
        "shared_trunks": "last_1: bert-imdb,bert-news; last_3: bert-imdb,bert-news",
    },
    "benchmarks": [
        _end_to_end("resnet18", "full", "", 4.0, accuracy=0.8, loss=0.4),
        _end_to_end("resnet18", "joint_last_3", "heads=4/", 5.0, accuracy=0.9, loss=0.3, heads=4,
                    accuracy_head0=0.8, accuracy_head1=0.9, build_cache=3.0,
                    separate_end_to_end=26.0, cached_end_to_end=5.2, gain_over_separate=4.0,
                    gain_over_cached=0.8),
        _end_to_end("bert-imdb", "full", "max_length=128/pooling=mean/", 8.0, accuracy=0.95),
        _end_to_end("bert-news", "full", "max_length=128/pooling=mean/", 8.0, accuracy=0.93),
        _row("LoadData/images/cpu/data=tensors/workers=2/batch:8/manual_time", 0.01,
             items_per_second=800),
        _row("LoadData/text/cpu/padding=longest/tokenizer=bpe/workers=2/batch:8/manual_time", 0.001,
             items_per_second=8000),
        _row("Inference/bert-imdb/joint_last_1/cpu/threads=2/batch:8/manual_time", 0.5, heads=2,
             separate_seconds=0.9, gain_over_separate=1.8),
    ],
}  # fmt: skip


@pytest.fixture
def results(tmp_path: Path) -> table.Results:
    (tmp_path / "zoo.json").write_text(json.dumps(_DOCUMENT))
    return table.read([tmp_path / "zoo.json"])


@pytest.fixture
def page(results: table.Results, tmp_path: Path) -> str:
    return rendering.render(results, tmp_path / "page").page.read_text(encoding="utf-8")


@pytest.fixture
def text(results: table.Results, tmp_path: Path) -> str:
    return rendering.render(results, tmp_path / "report").path.read_text(encoding="utf-8")


def test_domains_of_subjects() -> None:
    context = _DOCUMENT["context"]
    for subject, domain in (("images", "images"), ("text", "text"), ("resnet18", "images"),
                            ("bert-imdb", "text"), ("roberta_base", "text")):  # fmt: skip
        assert domains.of(context, subject) == domain


def test_gains(results: table.Results) -> None:
    (line,) = joint.gains(results, "EndToEnd").splitlines()[2:]
    assert "| 4 | 6.50 s | 26.0 s | 5.20 s | **4.00** | 0.800 |" in line
    assert "80.0 %, 90.0 %, -, -" in line
    header, _, line = joint.gains(results, "Inference").splitlines()
    assert "Cached" not in header and "Accuracy" not in header
    assert "| 500 ms | 900 ms | **1.80** |" in line


def test_a_run_without_joint_models_has_no_section(cpu: table.Results, tmp_path: Path) -> None:
    assert joint.gains(cpu, "EndToEnd") == ""
    assert "joint, separate and cached" not in rendering.render(cpu, tmp_path).page.read_text(
        encoding="utf-8"
    )


def test_the_best_head_does_not_rank_the_candidate(results: table.Results) -> None:
    ((_, places),) = ranking.rankings(results.of_domain("images").of_step("EndToEnd"))
    assert [place.value for place in places] == [0.8]


def test_shared_trunks() -> None:
    context = {"shared_trunks": "last_3: a, b; last_1: a, b; last_1: c,d,e"}
    assert trunks.groups(context) == [
        ("last_3", ["a", "b"]), ("last_1", ["a", "b"]), ("last_1", ["c", "d", "e"]),
    ]  # fmt: skip
    assert trunks.sentences({"run": context}) == [
        "a and b have the same trunk before last_3 and last_1, so one activation cache serves "
        "both.",
        "c, d and e have the same trunk before last_1, so one activation cache serves all.",
    ]
    assert trunks.sentences({"run": {}, "other": {"shared_trunks": ""}}) == []


def test_the_report_separates_images_and_text(text: str, page: str) -> None:
    for expected in (
        "bert-imdb and bert-news have the same trunk before last\\_1 and last\\_3",
        "shares_images_cpu_serial.png",
        "shares_text_cpu_serial.png",
    ):
        assert expected in text, expected
    for expected in (
        "Loading, images (", "Loading, text (", "Inference of tails, text (",
        "joint, separate and cached",
        "bert-imdb (BERT-base)", "<td>reviews</td>",
    ):  # fmt: skip
        assert expected in page, expected
    texts = page.split(">Ranking, ")[1].split("</table>")[0]
    assert re.findall(r"<td>(bert-\w+)</td>", texts) == ["bert-imdb", "bert-news"]


def test_a_joint_model_is_not_a_tail(page: str) -> None:
    assert ">Tails" not in page


def test_tables_stay_rectangular(text: str) -> None:
    for block in re.split(r"\n\n", text):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) <= 1, block
