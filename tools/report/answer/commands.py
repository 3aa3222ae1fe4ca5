# SPDX-License-Identifier: Apache-2.0
"""Commands that measure rows: from a file's context, or with the settings of one search. Without
a flag the program makes its own data. Results have the last name of a folder: `data_dir` is the
whole path of the photographs of that name, where the caller knows it, else PHOTOGRAPHS stands for
it (TEXTS for a folder of texts)."""

import os
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from results import schema
from results.settings import NONE, Setting

from report import sources, wording

_PROGRAM = "build/release/model_search_bench"
# Of each kind of input: its flag, the name that stands for a path, and what it stands for.
_FOLDERS = {
    "images": ("data_dir", "PHOTOGRAPHS", "folder of photographs"),
    "text": ("text_dir", "TEXTS", "folder of texts"),
}
# Axes that follow from the machine, and those that a command names in another way.
_LEFT_OUT = frozenset({"subject", "device", "tokenizer", "memory_limit", "threads"})
_FILES = ("jpeg", "text")  # What is read unless it was prepared beforehand.
_KEPT = ("items", "candidates")


def search(
    context: Mapping[str, Any], step: str, setting: Setting, subjects: Iterable[str], domain: str,
    data_dir: str = "", changed: Iterable[str] = (),
) -> str:  # fmt: skip
    """Of one setting: every axis of the step that is not at its default; the flags of `changed`
    axes come first, where a reader sees them."""
    first, flags = [], [f"--steps={step}"]
    for key, axis in schema.AXES.items():
        value = setting.get(key, NONE)
        usual = value in (NONE, schema.DEFAULTS.get(key), *_FILES)
        if axis.flag and step in axis.steps and key not in _LEFT_OUT and not usual:
            (first if key in set(changed) else flags).append(f"--{axis.flag}={value}")
    return _line(context, domain, data_dir, flags, subjects, first)


def of_steps(
    context: Mapping[str, Any], steps: Iterable[str], domain: str, data_dir: str = ""
) -> str:
    """That measured the rows of these steps: the options of the file that are not defaults."""
    steps = list(steps)
    flags = [f"--steps={','.join(steps)}"]
    for key, axis in schema.AXES.items():
        value = str(context.get(f"option_{axis.flag}") or "")
        usual = value in ("", schema.DEFAULTS.get(key), "default", "the device's")
        concerned = set(steps) & set(axis.steps)
        if axis.flag and concerned and key not in (_LEFT_OUT | {"data"}) and not usual:
            flags.append(f"--{axis.flag}={value}")
    subjects = str(context.get("option_architectures") or "").split(",")
    return _line(context, domain, data_dir, flags, [name for name in subjects if name])


def _line(
    context: Mapping[str, Any], domain: str, data_dir: str, flags: list[str],
    subjects: Iterable[str], first: Iterable[str] = (),
) -> str:  # fmt: skip
    words = [_PROGRAM, *first, *_folder(context, domain, data_dir)]
    for name in _KEPT:
        value = str(context.get(f"option_{name}") or "")
        if value not in ("", "all"):
            words.append(f"--{name}={value}")
    known = [name for name in subjects if name in schema.ARCHITECTURES]
    if known and not context.get("option_candidates"):
        words.append(f"--architectures={','.join(known)}")
    return " ".join(shlex.quote(word) for word in [*words, *flags])


def _folder(context: Mapping[str, Any], domain: str, data_dir: str) -> list[str]:
    if sources.generated(context, domain):
        return []
    flag, stand_in, _ = _FOLDERS.get(domain, _FOLDERS["images"])
    # The program follows links before it writes the name down.
    name = os.path.basename(os.path.realpath(data_dir)) if data_dir and flag == "data_dir" else ""
    known = name and name == sources.folder(context, domain)
    return [f"--{flag}={data_dir if known else stand_in}"]


def stand_ins(said: Iterable[str], contexts: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence on each name that stands for a path in some of the commands."""
    words = {word for command in said for word in command.split()}
    every = list(contexts)
    found = []
    for domain, (flag, stand_in, meaning) in _FOLDERS.items():
        if f"--{flag}={stand_in}" in words:
            folders = dict.fromkeys(filter(None, (sources.folder(one, domain) for one in every)))
            names = [f'"{name}"' for name in folders]
            here = f", here {wording.listed(names)}" if names else ""
            found.append(f"In commands {stand_in} stands for the path of your {meaning}{here}.")
    return found
