# SPDX-License-Identifier: Apache-2.0
"""The commits between two points of a series, where the repository knows both revisions."""

import re
import subprocess
from pathlib import Path

_REVISION = re.compile(r"([0-9a-f]{7,40})(-dirty)?")
_MOST = 30


def between(repository: Path, before: str, after: str) -> list[str]:
    """`git log --oneline before..after`, the newest first; else one line with both revisions."""
    both = f"{before or 'no revision'} .. {after or 'no revision'}"
    old, new = _REVISION.fullmatch(before), _REVISION.fullmatch(after)
    if not old or not new:
        return [both]
    lines = _log(repository, f"{old[1]}..{new[1]}")
    if lines is None:
        return [f"{both} (not known in this repository)"]
    if old[2] or new[2]:
        lines.append(f"{both}: built with changes that were not committed")
    if not lines:
        return [f"{both}: no commit between"]
    more = len(lines) - _MOST
    return lines if more <= 0 else [*lines[:_MOST], f"and {more} more"]


def _log(repository: Path, span: str) -> list[str] | None:
    command = ["git", "-C", str(repository), "log", "--oneline", "--no-decorate", span, "--"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError:
        return None
    return done.stdout.splitlines() if done.returncode == 0 else None
