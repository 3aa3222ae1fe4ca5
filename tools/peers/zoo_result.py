# SPDX-License-Identifier: Apache-2.0
"""The result of a plain search of a zoo: its ranking, and its seconds for the whole zoo."""

from collections.abc import Mapping

from peers.linear_probe import Scored
from peers.rows import PeerResult
from peers.zoo_setting import ZooSetting


def ranking(scores: Mapping[str, Scored]) -> list[str]:
    """From best to worst; the smaller loss decides between equal accuracies."""
    return sorted(scores, key=lambda name: (-scores[name].accuracy, scores[name].loss))


def result(
    setting: ZooSetting,
    scores: Mapping[str, Scored],
    names: list[str],
    measured: float,
    parts: Mapping[str, float],
    items: int,
) -> PeerResult:
    """`names` is the ranking; `measured` and `parts` are seconds, which are scaled where only some
    candidates were searched."""
    scale = setting.total / len(setting.candidates)
    counters = {
        "candidates": setting.total,
        "measured_candidates": len(names),
        "measured_seconds": measured,
        "items": items,
        **{part: scale * seconds for part, seconds in parts.items()},
    }
    for place, name in enumerate(names):
        counters |= {f"accuracy{place}": scores[name].accuracy, f"loss{place}": scores[name].loss}
    label = f"ranking={','.join(names)}"
    if setting.scaled:
        label = f"scaled from {len(names)} of {setting.total} candidates; {label}"
    return PeerResult(scale * measured, counters, label=label)
