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


def sentences(search: ZooSearch) -> list[str]:
    return [text for text in (_whole(search), _limit(search), _kept(search), _failed(search))
            if text]  # fmt: skip


def _whole(search: ZooSearch) -> str:
    text = f"With plan {search.plan} and budget {search.budget} the search takes "
    text += wording.seconds(search.seconds)
    if math.isfinite(each := search.get("seconds_per_candidate")):
        text += f", {wording.seconds(each)} a candidate"
    text += "."
    extract, score = search.get("extract_seconds"), search.get("score")
    if not (math.isfinite(extract) and math.isfinite(score)):
        return text
    text += f" The extraction takes {_share(extract, search.seconds)} and scoring "
    text += f"{_share(score, search.seconds)}."
    busy = {part: seconds for part, seconds in search.busy.items() if part != "score"}
    if busy:
        longest_first = sorted(busy, key=lambda part: -busy[part])
        parts = [f"{doing(part)} was busy for {wording.seconds(busy[part])}"
                 for part in longest_first]  # fmt: skip
        text += f" Within it {wording.listed(parts)}, at the same time."
    return text


def _share(seconds: float, whole: float) -> str:
    return f"{wording.seconds(seconds)} ({wording.percent(seconds / whole)})"


def _limit(search: ZooSearch) -> str:
    """From the seconds of each part alone where they are known, else from the busy ones."""
    parts = list(search.parts.items())
    if not parts:
        return ""
    how = "takes {} alone" if search.alone else "was busy for {}"
    (limit, seconds), *others = parts
    text = f"Its limit is {doing(limit)}, which {how.format(wording.seconds(seconds))}"
    over = search.get("elapsed_over_slowest_alone")
    if search.alone and math.isfinite(over):
        text += f"; the extraction takes {wording.significant(over)} times its slowest part alone"
    text += "."
    if others:
        follower, after = others[0]
        text += f" The next limit is {doing(follower)}, which {how.format(wording.seconds(after))}."
    return text


def _kept(search: ZooSearch) -> str:
    """What a bound of memory cost."""
    again = search.get("recomputed_segments")
    said = [f"it kept {_KEEPING[search.keeping]}"] if search.keeping in _KEEPING else []
    if again > 0:
        said.append(f"computed {again:,.0f} segments again")
    if not said:
        return ""
    return f"To stay within its bounds of memory {wording.listed(said)}."


def _failed(search: ZooSearch) -> str:
    return f"Left out: {wording.listed(list(search.failed))}." if search.failed else ""
