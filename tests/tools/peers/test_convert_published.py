# SPDX-License-Identifier: Apache-2.0
"""The original study's numbers: their conversion, and the committed file."""

import json
from pathlib import Path

import convert_published
import pytest
from results import benchmark_name, table

NUMBERS = {
    "batches": 74, "end_to_end": 20.0, "load_data_sum": 2.0, "load_data_median": 0.01,
    "data_to_device_sum": 0.5, "data_to_device_median": 0.005, "inference_sum": 18.0,
    "inference_median": 0.2,
}  # fmt: skip


@pytest.fixture
def published(root: Path) -> Path:
    return root / "reports/baselines/rtx-a5000-published.json"


def run(*arguments: object) -> int:
    return convert_published.main([str(argument) for argument in arguments])


def test_a_row(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps({"models": {"eff_net_v2_s": {"128": NUMBERS}}}))
    assert run(tmp_path / "in.json", "-o", tmp_path / "out.json") == 0
    row, *others = json.loads((tmp_path / "out.json").read_text())["benchmarks"]
    assert row["name"] == (
        "EndToEnd/efficientnet_v2_s/full/cuda/decoder=pil/mode=prefetch/transfer=pageable/workers=8"
        "/batch:128/manual_time"
    )
    assert (row["real_time"], row["time_unit"], row["extract_seconds"]) == (20e3, "ms", 20.0)
    assert row["items_per_second"] == pytest.approx(9469 / 20)
    assert (row["load_data"], row["data_to_device"], row["inference"]) == (2.0, 0.5, 18.0)
    assert not {"end_to_end", "load_model", "score", "other"} & set(row)
    assert {other["name"].split("/")[0] for other in others} == {"MaxBatchSize"}


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"models": []}', '{"models": {"resnet18": {"128": {}}}}',
     json.dumps({"models": {"resnet18": {"32": NUMBERS}}})],
)  # fmt: skip
def test_other_files_are_refused(text: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "in.json").write_text(text)
    assert run(tmp_path / "in.json", "-o", tmp_path / "out.json") == 2
    assert "in.json is not a summary of the published numbers" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()
    assert run(tmp_path / "none.json", "-o", tmp_path / "out.json") == 2
    assert "none.json: No such file" in capsys.readouterr().err


def test_the_reader_reads_the_committed_file(published: Path) -> None:
    results = table.read([published])
    assert results.ignored == ()
    assert results.failed.empty
    searches = results.of_step("EndToEnd")
    assert len(searches) == 12 * 4
    assert set(searches["batch"]) == {32, 128, 512, 1024}
    assert (searches["seconds"] - searches["extract_seconds"]).abs().max() < 1e-6
    assert (searches["items"] == 9469).all()
    # The summary's own figure: ResNet-152 at batch 128 takes 15.8557 s.
    resnet = searches[(searches["subject"] == "resnet152") & (searches["batch"] == 128)]
    assert resnet["extract_seconds"].item() == 15.8557
    assert "end_to_end" not in results.rows
    largest = results.of_step("MaxBatchSize").set_index("subject")
    assert len(largest) == 12
    assert largest["max_batch_size"]["vit_l_32"] == 4096
    assert (largest["exact"] == 0).all()
    assert largest["label"].str.contains("powers of two.*lower bound").all()


def test_names_follow_the_grammar_with_sorted_keys(published: Path) -> None:
    for row in json.loads(published.read_text())["benchmarks"]:
        keys = [key for key, _ in benchmark_name.parse(row["name"]).keys]
        assert keys == sorted(keys)


def test_the_context_says_what_the_numbers_are(published: Path) -> None:
    context = json.loads(published.read_text())["context"]
    assert "hpides/alsatian commit 79899f9" in context["source"]
    assert "no scoring" in context["published_includes"]
    assert "TF32 in cuDNN" in context["published_precision"]
    assert context["driver_version"] == "535.129.03"


def test_the_committed_file_is_what_the_tool_writes(published: Path, tmp_path: Path) -> None:
    """The rows contain everything that the input contains."""
    document = json.loads(published.read_text())
    ours = {new: old for old, new in convert_published.NAMES.items()}
    models: dict[str, dict] = {}
    for row in document["benchmarks"]:
        name = benchmark_name.parse(row["name"])
        if name.step == "EndToEnd":
            numbers = {"batches": int(row["batches"]), "end_to_end": row["extract_seconds"]}
            for step in ("load_data", "data_to_device", "inference"):
                numbers |= {f"{step}_sum": row[step], f"{step}_median": row[f"{step}_batch_p50"]}
            subject = ours.get(name.subject, name.subject)
            models.setdefault(subject, {})[str(name.batch)] = numbers
    (tmp_path / "in.json").write_text(json.dumps({"models": models}))
    assert run(tmp_path / "in.json", "-o", tmp_path / "out.json") == 0
    assert (tmp_path / "out.json").read_bytes() == published.read_bytes()
