# SPDX-License-Identifier: Apache-2.0
"""Changes of a search's settings: which of them a diagnosis tries, and their words in a
sentence."""

from results import schema, settings
from results.settings import Setting

from report import wording

# Settings that a search has and that may change without changing its question. How texts are cut,
# and which features of which heads are scored, are not among them.
_ANOTHER_QUESTION = frozenset({"subject", "device", "heads", "max_length", "padding", "pooling"})
AXES = tuple(key for key, axis in schema.AXES.items()
             if "EndToEnd" in axis.steps and key not in _ANOTHER_QUESTION)  # fmt: skip
# How a network computes on a GPU. Users often change these together, so a diagnosis also does.
ARITHMETIC = frozenset({"execution", "layout", "precision"})


def words(setting: Setting, changed: frozenset[str]) -> str:
    """`16 workers`, `decoder nvjpeg`, `precision bf16 and layout channels_last`."""
    texts = []
    places = {key: place for place, key in enumerate(schema.AXES)}
    for key in sorted(changed, key=lambda key: (places.get(key, len(places)), key)):
        value = setting.get(key, "")
        if key in ("workers", "threads"):
            texts.append(f"{value} {key if value != '1' else key.removesuffix('s')}")
        elif key == "mode":
            texts.append(f"{value} mode")
        elif key == "data" and settings.prepared(setting):
            texts.append(f"cached {value}")
        elif key == "configuration" and settings.reads_activations(setting):
            texts.append(f"only the tail {value} after a cached trunk")
        elif key == "page_cache":
            texts.append(f"a {value} page cache")
        else:
            texts.append(f"{key} {value}")
    return wording.listed(texts) if texts else ""
