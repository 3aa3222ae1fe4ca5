# SPDX-License-Identifier: Apache-2.0
"""The sources as written on the command line: `kind:what` and what they are called in a zoo."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from export import architectures
from export.checkpoint import Checkpoint, ExportError

if TYPE_CHECKING:
    from export.finding import Choice

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Source:
    """`detail` is torchvision's name of weights or a file; `name` is that of the zoo's entry."""

    kind: str
    what: str
    detail: str | None
    name: str

    @property
    def text(self) -> str:
        return ":".join(part for part in (self.kind, self.what, self.detail) if part)

    def load(self, choice: "Choice") -> Checkpoint:
        """Fetch and convert; raises ExportError."""
        # Import late: transformers and timm take seconds, and a wrong word is reported first.
        if self.kind == "torchvision":
            from export import torchvision_source

            return torchvision_source.load(self.what, self.detail)
        if self.kind == "timm":
            from export import timm_source

            return timm_source.load(self.what, self.detail, choice)
        if self.kind == "hf":
            from export import hugging_face_source

            return hugging_face_source.load(self.what, choice)
        from export import state_dict_source

        return state_dict_source.load(self.what, self.detail or "", choice)


def parse(text: str, name: str | None = None) -> Source:
    """Raises ExportError for text that is not a source or for a name that a zoo may not have."""
    kind, _, rest = text.partition(":")
    what, _, detail = rest.partition(":") if kind != "hf" else (rest, "", "")
    if kind not in ("torchvision", "timm", "hf", "state_dict") or not what:
        raise ExportError(
            f"'{text}' is not a source; write torchvision:ARCHITECTURE[:WEIGHTS], "
            "timm:NAME[:FILE], "
            "hf:REPOSITORY, hf:FOLDER or state_dict:ARCHITECTURE:FILE"
        )
    if kind == "state_dict" and not detail:
        raise ExportError(f"'{text}' does not name a file: write state_dict:ARCHITECTURE:FILE")
    return Source(kind, what, detail or None, checked(name or _default(kind, what, detail)))


def public() -> list[Source]:
    """The study's checkpoints, each named by its architecture."""
    return [parse(architectures.find(name).public, name) for name in architectures.names()]


def checked(name: str) -> str:
    if not _NAME.fullmatch(name) or set(name) == {"."}:
        raise ExportError(f"'{name}' is not a name: letters, digits, '.', '_' and '-' are allowed")
    return name


def _default(kind: str, what: str, detail: str) -> str:
    if kind == "hf":
        folder = Path(what)
        last = folder.resolve().name if folder.is_dir() else what.rsplit("/", 1)[-1]
    elif kind == "torchvision":
        last = f"{what}.{detail}" if detail else what
    else:
        last = Path(detail).stem if kind == "state_dict" else what
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-") or "model"
