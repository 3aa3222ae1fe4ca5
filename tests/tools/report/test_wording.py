# SPDX-License-Identifier: Apache-2.0
import math

import pytest
from report import weights, wording
from results import markdown


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("resnet152", "ResNet-152"),
        ("mobilenet_v2", "MobileNetV2"),
        ("efficientnet_v2_s", "EfficientNetV2-S"),
        ("vit_l_32", "ViT-L/32"),
        ("bert_base", "BERT-base"),
        ("roberta_base", "RoBERTa-base"),
        ("my_checkpoint", "my_checkpoint"),
    ],
)
def test_networks(subject: str, expected: str) -> None:
    assert wording.network(subject) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(41.23, "41.2 s"), (0.412, "412 ms"), (2.1e-5, "21.0 µs"), (0.0, "0 s"), (9999.0, "10,000 s"),
     (math.nan, "-")],
)  # fmt: skip
def test_seconds(value: float, expected: str) -> None:
    assert wording.seconds(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.714, "71 %"), (1.0, "100 %"), (0.004, "0.4 %"), (0.0, "0 %"), (1e-5, "< 0.1 %")],
)
def test_percent(share: float, expected: str) -> None:
    assert wording.percent(share) == expected


def test_weights() -> None:
    context = {"weights": "random", "weights_resnet50": "resnet50.safetensors",
               "weights_resnet18": "random (seed 1)"}  # fmt: skip
    assert weights.identity(context, "resnet18") == "random weights (seed 1)"
    assert weights.identity(context, "resnet34") == "random weights"
    assert weights.identity(context, "resnet50") == "resnet50.safetensors"
    assert weights.identity({}, "resnet50") == "weights not recorded"
    assert weights.are_random(context, "resnet18")
    assert not weights.are_random(context, "resnet50")


def test_cells_mean_nothing_in_markdown() -> None:
    assert markdown.cell("a|b\nc <img> last_3") == "a\\|b c &lt;img> last\\_3"
    assert markdown.code("a`|b") == "`a'\\|b`"


def test_tables_drop_empty_columns() -> None:
    text = markdown.table(["A", "B", "C"], [["x", "-", "1"], ["y", "", "2"]], ["C"])
    assert text == "| A | C |\n| :-- | --: |\n| x | 1 |\n| y | 2 |"
