# SPDX-License-Identifier: Apache-2.0
"""What a search's time went into, which of its parts is the limit, and which would be the next."""

import math

from results import schema
from results.zoo_searches import PARTS, ZooSearch

from report import wording

_DOING = {step.counter: step.doing for step in schema.STEPS.values() if step.counter in PARTS}
_ITEMS = {"images": "images", "text": "texts"}
# What a plan keeps of decoded items and activations, by its name in a row's label.
_KEEPING = {
    "window": "only what the next batches need",
    "pieces": "what one piece of the data set needs, piece after piece",
    "host": "what does not fit in host memory",
}


def doing(part: str) -> str:
    return _DOING.get(part, part)


def title(search: ZooSearch) -> str:
    """`zoo on the GPU, 35 candidates over 4,096 images`."""
    words = [f"{search.zoo} on {wording.device(search.device)}"]
    candidates, items = search.get("candidates"), search.get("items")
    if math.isfinite(candidates) and math.isfinite(items):
        kind = _ITEMS.get(search.domain, "items")
        words.append(f"{candidates:,.0f} candidates over {items:,.0f} {kind}")
    return ", ".join(words)


def kept(search: ZooSearch) -> str:
    """What a bound of memory cost."""
    again = search.get("recomputed_segments")
    said = [f"it kept {_KEEPING[search.keeping]}"] if search.keeping in _KEEPING else []
    if again > 0:
        said.append(f"computed {again:,.0f} segments again")
    if not said:
        return ""
    return f"To stay within its bounds of memory {wording.listed(said)}."


def failed(search: ZooSearch) -> str:
    names = list(search.failed)
    more = [f"{len(names) - 3} more"] if len(names) > 3 else []
    return f"Failed: {wording.listed([*names[:3], *more])}." if names else ""
