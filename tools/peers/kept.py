# SPDX-License-Identifier: Apache-2.0
"""Rounds of a comparison that stay when a later one fails or is cut off."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from whole_text import write_text

from peers.sample import PeerError

_Rounds = TypeVar("_Rounds")


def all_rounds(
    rounds: Iterator[_Rounds], document: Callable[[_Rounds], dict[str, Any]], output: Path | None
) -> _Rounds:
    """The last item of `rounds`, each of which holds all rounds so far. After each one, `output` is
    its `document` as JSON, whole at any moment. PeerError after an interruption: it says what
    is kept."""
    complete = 0
    try:
        for so_far in rounds:
            complete += 1
            if output:
                write_text(json.dumps(document(so_far), indent=1) + "\n", output)
    except KeyboardInterrupt:
        plural = "s" if complete > 1 else ""
        held = f"; {output} holds {complete} complete round{plural}" if output and complete else ""
        raise PeerError(f"interrupted in round {complete + 1}{held}") from None
    return so_far
