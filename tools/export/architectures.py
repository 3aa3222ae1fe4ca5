# SPDX-License-Identifier: Apache-2.0
"""The program's architectures, for the Python tools.

The table in `fixtures/models/architecture.cpp` is the truth; a test compares this copy with what
`model_search_bench --help` lists.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """`public` is the source of the study's checkpoint, in the words of export_weights.py.

    `head` are the prefixes of classifier tensors, which features do not need. `normalisation_eps`
    is the epsilon of its LayerNorm or BatchNorm layers; text networks take theirs from a config.
    """

    name: str
    domain: str
    public: str
    head: tuple[str, ...]
    normalisation_eps: float | None = None


def _image(name: str, head: str, eps: float) -> Architecture:
    return Architecture(name, "images", f"torchvision:{name}", (f"{head}.",), eps)


ARCHITECTURES = {
    row.name: row
    for row in (
        *(_image(f"resnet{depth}", "fc", 1e-5) for depth in (18, 34, 50, 101, 152)),
        _image("mobilenet_v2", "classifier", 1e-5),
        *(_image(f"efficientnet_v2_{size}", "classifier", 1e-3) for size in "sl"),
        *(_image(f"vit_{size}_{patch}", "heads", 1e-6) for size in "bl" for patch in (16, 32)),
        Architecture("bert_base", "text", "hf:google-bert/bert-base-uncased", ("cls.",)),
        Architecture("roberta_base", "text", "hf:FacebookAI/roberta-base", ("lm_head.",)),
    )
}


def names(domain: str | None = None) -> tuple[str, ...]:
    """All names, or those of a domain (`images` or `text`), in the table's order."""
    return tuple(row.name for row in ARCHITECTURES.values() if domain in (None, row.domain))


def find(name: str) -> Architecture:
    """Raises KeyError with the choices."""
    if name not in ARCHITECTURES:
        raise KeyError(f"architecture '{name}' is unknown; choices: {' '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]
