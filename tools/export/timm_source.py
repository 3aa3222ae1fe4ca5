# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of timm whose networks compute what torchvision's compute."""

import re
from collections.abc import Callable
from pathlib import Path

from torch import Tensor

from export import hub, mobilenet_names, preprocessing, state_dict, vit_names
from export.checkpoint import Checkpoint, ExportError
from export.finding import ANYWHERE, Choice, Wanted

_Convert = Callable[[dict[str, Tensor]], dict[str, Tensor]]


SUPPORTED: dict[str, tuple[str, _Convert]] = {
    **{f"resnet{depth}": (f"resnet{depth}", dict) for depth in (18, 34, 50, 101, 152)},
    "mobilenetv2_100": ("mobilenet_v2", mobilenet_names.to_torchvision),
    "vit_base_patch16_224": ("vit_b_16", vit_names.from_timm),
    "vit_base_patch32_224": ("vit_b_32", vit_names.from_timm),
    "vit_large_patch16_224": ("vit_l_16", vit_names.from_timm),
    "vit_large_patch32_224": ("vit_l_32", vit_names.from_timm),
}
_REASONS = (
    (r"tf_.*", 'its convolutions pad asymmetrically ("same" padding of TensorFlow)'),
    (r"efficientnetv2_\w+", "its BatchNorm has another epsilon or its blocks another width than "
     "torchvision's EfficientNetV2"),
    (r"vit_.*_gap_.*", "its features are the mean of all tokens, not the class token"),
    (r"vit_.*_(384|448|512)", "it takes images of another size than 224 pixels"),
    (r"vit_.*clip.*", "it normalizes before its first block"),
)  # fmt: skip


def load(name: str, file: str | None = None, choice: Choice = ANYWHERE) -> Checkpoint:
    """`name` is timm's, with or without a tag; `file` is its checkpoint where the user has it."""
    base = name.partition(".")[0]
    if base not in SUPPORTED:
        reason = next((why for rule, why in _REASONS if re.fullmatch(rule, base)), None)
        because = f": {reason}" if reason else ", as no architecture of the program is the same"
        raise ExportError(
            f"timm:{name} is not supported{because}; supported are {', '.join(SUPPORTED)}, "
            "each with any tag"
        )
    import timm

    tags = timm.list_models(f"{base}.*", pretrained=True)
    if name not in (base, *tags):
        raise ExportError(f"timm has no checkpoint '{name}'; choices: {', '.join(tags)}")
    settings = timm.models.get_pretrained_cfg(name)
    architecture, convert = SUPPORTED[base]
    if file is not None:
        path = Path(file)
    else:
        repository = settings.hf_hub_id
        if not repository:
            raise ExportError(f"timm:{name} has no public checkpoint; pass one as timm:{name}:FILE")
        how = (
            f"Fetch {hub.WEIGHTS[0]} of the repository {repository} elsewhere and pass it as "
            f"timm:{name}:{hub.WEIGHTS[0]}"
        )
        path = hub.weights(hub.open_repository(repository, how), repository, how)
    tensors, notes = state_dict.read(path, Wanted(architecture, convert=convert), choice)
    side = settings.input_size[-1]
    return Checkpoint(
        architecture,
        tensors,
        f"timm {name}",
        notes=notes + preprocessing.notes(side, settings.mean, settings.std),
    )
