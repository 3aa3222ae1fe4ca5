# SPDX-License-Identifier: Apache-2.0
"""The result files of a report: the data, date and revision of each, and what measured them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from results.table import Results

_EMBEDDED = "embedded default (generated)"
_HASH = re.compile(r"[0-9a-f]{16,}")
_SHOWN = 8  # Digits of a hash; the table of the whole context has all.
# Of each kind of input: its word, and the context's keys for name, identity and count.
_KINDS = {
    "images": ("images", "data", "data_identity", "data_images"),
    "text": ("texts", "text", "text_identity", "text_texts"),
}
_SOFTWARE = {
    "libtorch_version": "LibTorch",
    "cuda_runtime_version": "CUDA",
    "cudnn_version": "cuDNN",
}


@dataclass(frozen=True)
class Data:
    """`words` as `2,048 images in folder "photographs"`; `identity` names them exactly, "" where
    it is not known."""

    domain: str
    words: str
    identity: str
    generated: bool = False


@dataclass(frozen=True)
class Source:
    """A file: when it was measured (day and hour), with which revision of the program and with
    which libraries."""

    name: str
    data: tuple[Data, ...]
    date: str
    revision: str
    software: str


def of(results: Results) -> list[Source]:
    found = []
    for name, context in results.contexts.items():
        rows = results.rows[results.rows["source"] == name]
        domains = [domain for domain in results.domains if domain in set(rows["domain"])]
        every = (_data(context, domain) for domain in domains)
        found.append(
            Source(
                name,
                tuple(one for one in every if one),
                _hour(str(context.get("date") or "")),
                str(context.get("git_revision") or ""),
                _software(context),
            )
        )
    return found


def software(found: list[Source]) -> str:
    """What measured every file, "" where files differ."""
    every = {one.software for one in found}
    return every.pop() if len(every) == 1 else ""


def generated(context: Mapping[str, Any], domain: str) -> bool:
    """Whether the program made the input itself."""
    _, name, *_ = _KINDS.get(domain, _KINDS["images"])
    return context.get(name) == _EMBEDDED


def folder(context: Mapping[str, Any], domain: str) -> str:
    """The name of the folder that the input came from, without its path; "" if not known."""
    _, name, *_ = _KINDS.get(domain, _KINDS["images"])
    return "" if generated(context, domain) else str(context.get(name) or "")


def _data(context: Mapping[str, Any], domain: str) -> Data | None:
    unit, _, identity, count = _KINDS[domain]
    number, named = str(context.get(count) or ""), folder(context, domain)
    known = str(context.get(identity) or "")
    made = generated(context, domain)
    if not (number or named or known or made):
        return None
    words = [f"{int(number):,}" if number.isdigit() else number, "generated" if made else "", unit]
    text = " ".join(filter(None, words))
    text += f' in folder "{named}"' if named else ""
    items = str(context.get("option_items") or "")
    text += f", searches over {int(items):,} of them" if items.isdigit() else ""
    return Data(domain, text, known[:_SHOWN] if _HASH.fullmatch(known) else known, made)


def _hour(date: str) -> str:
    """`2026-11-29, 22 h UTC`; another text than a date stays as it is."""
    try:
        when = datetime.fromisoformat(date)
    except ValueError:
        return date
    zone = " UTC" if when.tzinfo else ""
    return f"{(when.astimezone(UTC) if when.tzinfo else when):%Y-%m-%d, %H h}{zone}"


def _software(context: Mapping[str, Any]) -> str:
    known = [(title, str(context.get(key) or "")) for key, title in _SOFTWARE.items()]
    return ", ".join(f"{title} {_version(title, text)}" for title, text in known if text)


def _version(title: str, text: str) -> str:
    """cuDNN gives one number: 91900 is 9.19.0, 8902 is 8.9.2."""
    if title != "cuDNN" or not text.isdigit():
        return text
    major, rest = divmod(int(text), 10_000 if len(text) > 4 else 1_000)
    return f"{major}.{rest // 100}.{rest % 100}"
