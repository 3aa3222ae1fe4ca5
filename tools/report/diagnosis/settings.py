# SPDX-License-Identifier: Apache-2.0
"""Settings of a row with their defaults written out, and which of them a step depends on.

Two rows measure the same work of a step where their settings agree in what that step depends on.
A key that nothing here knows stays in a row's settings, so that such a row equals no other.
"""

from collections.abc import Mapping

from report import wording

Setting = dict[str, str]

_DEFAULTS = {
    "execution": "eager", "heads": "2", "input": "float32", "layout": "contiguous",
    "max_length": "512", "padding": "fixed", "page_cache": "warm", "pooling": "cls",
    "precision": "torch", "probe": "full_batch", "read": "buffered", "storage": "float32",
    "tokenizer": "wordpiece", "transfer": "pinned",
}  # fmt: skip
_NONE = "-"  # Where a setting means nothing, e.g. the input's form after a GPU's decoder.
_TEXT = ("max_length", "padding")

# The pipeline's steps by the name of their benchmark family, and what each depends on.
DEPENDS = {
    "LoadModel": ("configuration", "heads", "pooling", "read", *_TEXT),
    "LoadData": ("batch", "data", "decoder", "input", "page_cache", "storage", "tokenizer",
                 "workers", *_TEXT),
    "DataToDevice": ("batch", "input", "tokenizer", "transfer", *_TEXT),
    "Inference": ("batch", "configuration", "execution", "heads", "layout", "pooling", "precision",
                  "threads", *_TEXT),
    "Score": ("pooling", "precision", "probe", "threads", *_TEXT),
}  # fmt: skip
# What a tail's reading depends on: it reads the activations of its trunk.
_TAIL_READS = ("batch", "configuration", "page_cache", "precision", "storage", "workers", *_TEXT)

# Axes of what-ifs; those of one group are also changed together, as they usually are.
AXES = ("workers", "decoder", "input", "data", "page_cache", "storage", "transfer", "precision",
        "layout", "execution", "threads", "batch", "mode", "configuration", "probe")  # fmt: skip
ARITHMETIC = frozenset({"execution", "layout", "precision"})


def of(keys: Mapping[str, str], configuration: str | None, batch: int | None, domain: str,
       gpu_decoders: frozenset[str]) -> Setting:  # fmt: skip
    """All settings of a row; what the row's other settings make meaningless is `-`."""
    setting = _DEFAULTS | {"data": "text" if domain == "text" else "jpeg"} | dict(keys)
    if configuration is not None:
        setting["configuration"] = configuration
    if batch is not None:
        setting["batch"] = str(batch)
    return normal(setting, gpu_decoders)


def normal(setting: Setting, gpu_decoders: frozenset[str]) -> Setting:
    """A setting after changes: without what they make meaningless, with defaults for what they
    make meaningful again."""
    result = dict(setting)
    decodes = result.get("decoder") in gpu_decoders and not reads_activations(result)
    for key in ("input", "transfer"):
        if decodes and result["data"] in ("jpeg", "text"):
            result[key] = _NONE
        elif result.get(key) == _NONE:
            result[key] = _DEFAULTS[key]
    if reads_activations(result):
        result["input"] = _NONE
    if result["data"] in ("jpeg", "text") and not reads_activations(result):
        result["storage"] = _NONE
    elif result.get("storage") == _NONE:
        result["storage"] = _DEFAULTS["storage"]
    return result


def reads_activations(setting: Setting) -> bool:
    """Whether the configuration is a tail; a joint model reads the items themselves."""
    return setting.get("configuration", "full").startswith("last_")


def depends(step: str, setting: Setting) -> tuple[str, ...]:
    if step == "LoadData" and reads_activations(setting):
        return _TAIL_READS
    return DEPENDS[step]


def projection(step: str, setting: Setting) -> tuple[tuple[str, str | None], ...]:
    """The settings that the step's work depends on: equal for rows that measure the same."""
    return tuple((key, setting.get(key)) for key in depends(step, setting))


def plain(step: str, setting: Setting) -> bool:
    """Whether a row of the step differs from the usual work in nothing but what the step depends
    on: a peer's row, a probe with made-up classes or a model read from a cold page cache do."""
    known = {*DEPENDS[step], "batch", "configuration", "data"}
    return all(key in known or value in (_DEFAULTS.get(key), _NONE)
               for key, value in setting.items())  # fmt: skip


def off_default(setting: Setting) -> list[str]:
    """Settings that have a default and another value, in the order of their names."""
    return [key for key, value in sorted(_DEFAULTS.items())
            if key != "tokenizer" and setting.get(key) not in (None, _NONE, value)] + (
        ["data"] if setting["data"] in ("tensors", "tokens") else []
    )  # fmt: skip


def same_score(one: Setting, other: Setting) -> bool:
    """Whether two searches may differ in their time but not in what they score."""
    return all(one.get(key) == other.get(key) for key in ("max_length", "pooling", "probe"))


def difference(one: Setting, other: Setting) -> frozenset[str]:
    """Keys in which two settings differ, less those that mean nothing in either of them."""
    keys = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return frozenset(key for key in keys if _NONE not in (one.get(key), other.get(key)))


def words(setting: Setting, changed: frozenset[str]) -> str:
    """`16 workers`, `decoder nvjpeg`, `precision bf16 and layout channels_last`."""
    texts = []
    for key in sorted(changed, key=lambda name: (AXES.index(name) if name in AXES else 99, name)):
        value = setting.get(key, "")
        if key in ("workers", "threads"):
            texts.append(f"{value} {key if value != '1' else key.removesuffix('s')}")
        elif key == "mode":
            texts.append(f"{value} mode")
        elif key == "data" and value in ("tensors", "tokens"):
            texts.append(f"cached {value}")
        elif key == "configuration" and reads_activations(setting):
            texts.append(f"only the tail {value} after a cached trunk")
        elif key == "page_cache":
            texts.append(f"a {value} page cache")
        else:
            texts.append(f"{key} {value}")
    return wording.listed(texts) if texts else ""
