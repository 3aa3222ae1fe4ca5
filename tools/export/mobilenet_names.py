# SPDX-License-Identifier: Apache-2.0
"""timm's names of MobileNetV2's tensors -> torchvision's."""

from export.renaming import rename

_BLOCKS = (1, 2, 3, 4, 3, 3, 1)  # of each stage; Sandler et al., MobileNetV2, table 2


def to_torchvision(tensors: dict) -> dict:
    rules = {
        "conv_stem.": "features.0.0.",
        "bn1.": "features.0.1.",
        "classifier.": "classifier.1.",
    }
    feature = 1
    for stage, blocks in enumerate(_BLOCKS):
        for block in range(blocks):
            # The first block does not widen its input, so it has one convolution less.
            layers = ["conv_dw", "conv_pw"] if feature == 1 else ["conv_pw", "conv_dw", "conv_pwl"]
            for place, layer in enumerate(layers):
                last = place == len(layers) - 1
                ours = f"features.{feature}.conv."
                theirs = f"blocks.{stage}.{block}."
                rules[f"{theirs}{layer}."] = f"{ours}{place}." if last else f"{ours}{place}.0."
                norm = f"{ours}{place + 1}." if last else f"{ours}{place}.1."
                rules[f"{theirs}bn{place + 1}."] = norm
            feature += 1
    rules |= {"conv_head.": f"features.{feature}.0.", "bn2.": f"features.{feature}.1."}
    return rename(tensors, rules)
