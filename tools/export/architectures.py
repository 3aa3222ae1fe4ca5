# SPDX-License-Identifier: Apache-2.0
"""What public checkpoints of the program's architectures look like. The schema lists
the architectures."""

from dataclasses import dataclass

from results import schema


@dataclass(frozen=True)
class Architecture:
    """`public` is the source of the study's checkpoint, in the words of export_weights.py.

    `head` are the prefixes of classifier tensors, which features do not need; `classifier` is the
    layer that some scores read where a checkpoint has it. `normalization_eps` is the epsilon of its
    LayerNorm or BatchNorm layers; text networks take theirs from a config.
    """

    name: str
    domain: str
    public: str
    head: tuple[str, ...]
    normalization_eps: float | None = None
    classifier: str | None = None


# By the start of the names of a family: its classifier in torchvision, and its epsilon.
_TORCHVISION = {
    "resnet": ("fc", 1e-5),
    "mobilenet_v2": ("classifier.1", 1e-5),
    "efficientnet_v2": ("classifier.1", 1e-3),
    "vit": ("heads.head", 1e-6),
}
# Texts: the source of the checkpoint, and its classifier in transformers.
_HUGGING_FACE = {
    "bert_base": ("google-bert/bert-base-uncased", "cls"),
    "roberta_base": ("FacebookAI/roberta-base", "lm_head"),
}


def names(domain: str | None = None) -> tuple[str, ...]:
    """All names, or those of a domain (`images` or `text`), in the schema's order."""
    rows = schema.ARCHITECTURES.values()
    return tuple(row.name for row in rows if domain in (None, row.input))


def find(name: str) -> Architecture:
    """Raises KeyError: with the choices, or for a family that this table lacks."""
    row = schema.architecture(name)
    if name in _HUGGING_FACE:
        source, head = _HUGGING_FACE[name]
        return Architecture(name, row.input, f"hf:{source}", (f"{head}.",))
    for family, (classifier, eps) in _TORCHVISION.items():
        if name.startswith(family):
            head = (classifier.partition(".")[0] + ".",)
            return Architecture(name, row.input, f"torchvision:{name}", head, eps, classifier)
    raise KeyError(f"export/architectures.py does not say what checkpoints of {name} look like")
