# SPDX-License-Identifier: Apache-2.0
import pytest
from results.benchmark_name import BenchmarkName, current, parse, spellings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "Inference/resnet18/last_3/cuda/batch:128/manual_time",
            BenchmarkName("Inference", "resnet18", "last_3", "cuda", (), 128),
        ),
        (
            "LoadData/images/cpu/decoder=turbojpeg/workers=8/batch:128/manual_time",
            BenchmarkName(
                "LoadData", "images", None, "cpu", (("decoder", "turbojpeg"), ("workers", "8")), 128
            ),
        ),
        (
            "EndToEnd/vit_b_16/full/cuda1/decoder=turbojpeg/mode=serial/workers=8/batch:128/"
            "manual_time",
            BenchmarkName(
                "EndToEnd", "vit_b_16", "full", "cuda1",
                (("decoder", "turbojpeg"), ("mode", "serial"), ("workers", "8")), 128,
            ),
        ),
        (
            "Search/zoo/cuda:0+12/budget=all/batch:128/manual_time",
            BenchmarkName("Search", "zoo", None, "cuda:0+12", (("budget", "all"),), 128),
        ),
        (
            "EndToEnd/resnet18/full/cpu:2/mode=overlapped/batch:8/manual_time",
            BenchmarkName("EndToEnd", "resnet18", "full", "cpu:2", (("mode", "overlapped"),), 8),
        ),
        (
            "LoadModel/resnet18/joint_last_3/cpu/manual_time",
            BenchmarkName("LoadModel", "resnet18", "joint_last_3", "cpu", (), None),
        ),
        (
            "Inference/resnet18/full/cpu/threads=2/batch:8/repeats:3/manual_time",
            BenchmarkName("Inference", "resnet18", "full", "cpu", (("threads", "2"),), 8),
        ),
    ],
)  # fmt: skip
def test_parts(name: str, expected: BenchmarkName) -> None:
    assert parse(name) == expected


@pytest.mark.parametrize(
    "name", ["", "BM_Memcpy/8", "Inference/resnet18/full/tpu/batch:8", "//cpu"]
)
def test_other_names_are_none(name: str) -> None:
    assert parse(name) is None


def test_value_of_a_key() -> None:
    name = parse("EndToEnd/resnet18/full/cpu/mode=serial/batch:8/manual_time")
    assert name.key("mode") == "serial"
    assert name.key("decoder") is None


OLD = "LoadModel/resnet18/full/cuda/page_cache=cold/transfer=pinned/manual_time"
TODAY = "LoadModel/resnet18/full/cuda/page_cache=cold/weight_transfer=pinned/manual_time"


def test_an_older_name_has_the_spelling_of_today() -> None:
    assert current(OLD) == current(TODAY) == TODAY
    assert spellings(OLD) == spellings(TODAY) == (TODAY, OLD)
    assert dict(parse(OLD).keys) == {"page_cache": "cold", "weight_transfer": "pinned"}


@pytest.mark.parametrize("configuration", ["last_1", "joint_last_1"])
def test_older_tails_read_their_activations_from_disk(configuration: str) -> None:
    start = f"EndToEnd/resnet18/{configuration}/cuda"
    for before, after in (("", "/decoder=stb/mode=serial"), ("/bound=x", "")):
        old = f"{start}{before}{after}/batch:8/manual_time"
        today = f"{start}{before}/cache=disk{after}/batch:8/manual_time"
        assert current(old) == current(today) == today
        assert spellings(old) == spellings(today) == (today, old)
        assert parse(old) == parse(today)
    held = f"{start}/cache=device/decoder=stb/batch:8/manual_time"
    assert spellings(held) == (held,)
    full = "EndToEnd/resnet18/full/cuda/decoder=stb/mode=serial/batch:8/manual_time"
    assert spellings(full) == (full,)


@pytest.mark.parametrize(
    "name", ["DataToDevice/images/cuda/transfer=pinned/batch:8/manual_time", "BM_Memcpy/8", ""]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert current(name) == name
    assert spellings(name) == (name,)
