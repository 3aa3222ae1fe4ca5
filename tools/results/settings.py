# SPDX-License-Identifier: Apache-2.0
"""Settings of a row with their defaults written out, and which of them a step depends on.

Two rows measure the same work of a step where their settings agree in what that step depends on.
A key that the schema does not know stays in a row's settings, so that such a row equals no other.
"""

import functools
from collections.abc import Mapping
from typing import Any

from results import configurations, schema

Setting = dict[str, str]

NONE = "-"  # Where a setting has no meaning, e.g. the input's form after a GPU's decoder.
# The default of `data` follows the kind of input; the other values are prepared beforehand.
_FILES = {"images": "jpeg", "text": "text"}
_PREPARED = frozenset({"tensors", "tokens"})

# A search drops the data set's pages for page_cache=cold, but never the checkpoint's.
_IGNORED = {"LoadModel": {"page_cache"}}
# What a tail's reading depends on: it reads the activations of its trunk.
_TAIL_READS = ("batch", "cache", "configuration", "page_cache", "precision", "storage", "workers",
               "max_length", "padding")  # fmt: skip
# What copying them to the device depends on; in the device's memory there is nothing to copy.
_TAIL_COPIES = ("batch", "cache", "configuration", "precision", "storage", "transfer",
                "max_length", "padding")  # fmt: skip
# Where they lie unless a row says otherwise: the tier without a bound of memory.
_CACHE = "disk"


def written(row: Mapping[str, Any]) -> Setting:
    """The settings of a table's row: what its name says, else the defaults."""
    batch = row["batch"]
    setting = schema.DEFAULTS | {"data": _FILES[row["domain"]]} | dict(row["keys"])
    if row["configuration"] is not None:
        setting["configuration"] = row["configuration"]
    if batch is not None and batch == batch:  # Neither missing nor NaN.
        setting["batch"] = str(int(batch))
    return setting


def of(row: Mapping[str, Any], gpu_decoders: frozenset[str]) -> Setting:
    """All settings of a row; a setting that the row's other settings make meaningless is `-`."""
    return normal(written(row), gpu_decoders)


def normal(setting: Setting, gpu_decoders: frozenset[str]) -> Setting:
    """The settings after changes. Those that a change makes meaningless become `-`; those that it
    makes meaningful again get their defaults."""
    result = dict(setting)
    decodes = result.get("decoder") in gpu_decoders and not reads_activations(result)
    for key in ("input", "transfer"):
        if decodes and not prepared(result):
            result[key] = NONE
        elif result.get(key) == NONE:
            result[key] = schema.DEFAULTS[key]
    if reads_activations(result):
        result["input"] = NONE
    if not reads_activations(result) and not configurations.is_joint(result.get("configuration")):
        result["cache"] = NONE
    elif result.get("cache", NONE) == NONE:
        result["cache"] = _CACHE
    if reads_activations(result) and result["cache"] == "device":
        result["transfer"] = NONE
    if not prepared(result) and not reads_activations(result):
        result["storage"] = NONE
    elif result.get("storage") == NONE:
        result["storage"] = schema.DEFAULTS["storage"]
    return result


def prepared(setting: Setting) -> bool:
    """Whether the loader reads items that were prepared beforehand, in place of files."""
    return setting["data"] in _PREPARED


def reads_activations(setting: Setting) -> bool:
    """Whether the configuration is a tail; a joint network reads the items themselves."""
    return configurations.is_tail(setting.get("configuration"))


def depends(step: str, setting: Setting | None = None) -> tuple[str, ...]:
    """The keys of the settings that a step's work depends on; the candidate and the device are
    not among them."""
    if setting is not None and reads_activations(setting):
        if step == "LoadData":
            return _TAIL_READS
        if step == "DataToDevice":
            return _TAIL_COPIES
    return _of_step(step)


@functools.cache
def _of_step(step: str) -> tuple[str, ...]:
    left_out = {"subject", "device"} | _IGNORED.get(step, set())
    return tuple(key for key in schema.keys_of(step) if key not in left_out)


def projection(step: str, setting: Setting) -> tuple[tuple[str, str | None], ...]:
    """The settings that the step's work depends on: equal for rows that measure the same."""
    return tuple((key, setting.get(key)) for key in depends(step, setting))


def plain(step: str, setting: Setting) -> bool:
    """Whether a row of the step differs from the usual work only in what the step depends on: a
    row of a peer and a model that was read from a cold page cache differ in more."""
    known = {*depends(step), "batch", "cache", "configuration", "data"}
    return all(key in known or value in (schema.DEFAULTS.get(key), NONE)
               for key, value in setting.items())  # fmt: skip


def off_default(setting: Setting) -> list[str]:
    """Keys whose value is not their default, in alphabetical order, `data` last."""
    # The candidate decides its tokenizer, and the kind of input decides which files are read.
    return [key for key, value in sorted(schema.DEFAULTS.items())
            if key not in ("tokenizer", "data") and setting.get(key) not in (None, NONE, value)] + (
        ["data"] if prepared(setting) else []
    )  # fmt: skip


def same_score(one: Setting, other: Setting) -> bool:
    """Whether two searches may differ in their time but not in what they score."""
    return all(one.get(key) == other.get(key) for key in ("max_length", "pooling", "probe"))


def difference(one: Setting, other: Setting) -> frozenset[str]:
    """Keys in which two settings differ, except those that have no meaning in one of them."""
    keys = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return frozenset(key for key in keys if NONE not in (one.get(key), other.get(key)))
