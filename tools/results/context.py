# SPDX-License-Identifier: Apache-2.0
"""The entries of a result file's context, and their kinds."""

import re
from typing import Any

from results import schema

# Kinds of entries that must be equal for a comparison, in the order in which messages list them.
KINDS = ("machine", "driver", "library", "build", "data", "option")
# Written by the tools next to the program's entries, and never compared.
_WRITTEN_BY_TOOLS = r"peer_.*|published_.*|source"
# The values of entries that files of older versions lack.
_IN_OLDER_FILES = {"allocator_settings": "default"}


def entry(context: dict[str, Any], name: str) -> Any:
    """The value of an entry; None where the file does not say it."""
    return context.get(name, _IN_OLDER_FILES.get(name))


def kind_of(name: str) -> str:
    """The kind of an entry, "" for one that is never compared. The first pattern of the schema that
    matches decides; an entry that nothing matches counts as an option."""
    if re.fullmatch(_WRITTEN_BY_TOOLS, name):
        return ""
    for entry in schema.CONTEXT:
        if re.fullmatch(entry.pattern, name):
            return entry.kind or ""
    return "option"
