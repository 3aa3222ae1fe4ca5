# SPDX-License-Identifier: Apache-2.0
"""Settings that often make the limit's step faster and that no row shows, with the flag that
measures them: without them a reader takes what was not tried for what does not help."""

from collections.abc import Iterable
from dataclasses import dataclass

from results.settings import Setting

from report import wording


@dataclass(frozen=True)
class _Faster:
    """`slower` are the values of the axis that the advice replaces: others are as fast already."""

    axis: str
    slower: frozenset[str]
    name: str
    flag: str
    of_gpus: bool = False


# By the counter of the limit's step. Modes are missing: what they give follows from the steps.
_OFTEN_FASTER = {
    "inference": (
        _Faster("precision", frozenset({"torch", "fp32"}), "bf16", "--precisions=torch,bf16", True),
        _Faster(
            "execution",
            frozenset({"eager", "cuda_graph"}),
            "fused layers",
            "--executions=eager,fused",
        ),
    ),
    "load_data": (
        _Faster(
            "decoder",
            frozenset({"turbojpeg", "stb"}),
            "decoding on the GPU",
            "--decoders=turbojpeg,hybrid",
            True,
        ),
    ),
}


def sentences(
    step: str, on_gpu: bool, setting: Setting, offered: Iterable[frozenset[str]]
) -> list[str]:
    """`setting` is the search's own, `offered` are the axes of all changes that rows show. A
    decoder is for photographs that were not decoded beforehand."""
    shown = frozenset().union(*offered)
    names = [
        f"{one.name} ({one.flag})"
        for one in _OFTEN_FASTER.get(step, ())
        if one.axis not in shown
        and setting.get(one.axis) in one.slower
        and (on_gpu or not one.of_gpus)
        and (one.axis != "decoder" or setting.get("data") == "jpeg")
    ]
    return [f"Not measured here: {wording.listed(names)}."] if names else []
