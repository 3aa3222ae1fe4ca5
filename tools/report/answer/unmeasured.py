# SPDX-License-Identifier: Apache-2.0
"""Settings that often make the limit's step faster and that no row shows, with the flag that
measures them: without them a reader takes what was not tried for what does not help."""

from collections.abc import Iterable

from report import wording

# Of each limit's step: the axis, what it is called, the flag, and whether it is of GPUs alone.
# Modes are missing: what they give follows from the steps.
_OFTEN_FASTER = {
    "inference": (
        ("precision", "bf16", "--precisions=torch,bf16", True),
        ("execution", "fused layers", "--executions=eager,fused", False),
    ),
    "data": (("decoder", "decoding on the GPU", "--decoders=turbojpeg,hybrid", True),),
}


def sentences(
    step: str, on_gpu: bool, photographs: bool, offered: Iterable[frozenset[str]]
) -> list[str]:
    """`offered` are the axes of all changes that rows show. A decoder is for photographs."""
    shown = frozenset().union(*offered)
    names = [
        f"{name} ({flag})"
        for axis, name, flag, of_gpus in _OFTEN_FASTER.get(step, ())
        if axis not in shown and (on_gpu or not of_gpus) and (photographs or axis != "decoder")
    ]
    return [f"Not measured here: {wording.listed(names)}."] if names else []
