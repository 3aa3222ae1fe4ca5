# SPDX-License-Identifier: Apache-2.0
"""Which machine measured a row of a merged file.

Where shards ran on several machines, each row says its own as `machine`, and the context describes
them as `merged_machine_<name>`: the name of the host, numbered where one host appears as several
machines (another GPU, other cores).
"""

import json
from typing import Any

from results.context import kind_of
from results.machine import MERGED

from merge.shards import Shard

_KINDS = ("machine", "driver")


class Machines:
    def __init__(self, shards: list[Shard]):
        self._described: dict[str, str] = {}  # The description by its name.
        for shard in shards:
            for name, value in shard.context.items():
                if name.startswith(MERGED):
                    self._described.setdefault(name.removeprefix(MERGED), str(value))
        self._names = {id(shard): self._name(shard.context) for shard in shards}

    def several(self) -> bool:
        return len(self._described) > 1

    def of(self, shard: Shard) -> str | None:
        """None for a file of several machines, whose rows say it themselves."""
        return self._names[id(shard)]

    def context(self) -> dict[str, str]:
        if not self.several():
            return {}
        return {MERGED + name: text for name, text in sorted(self._described.items())}

    def _name(self, context: dict[str, Any]) -> str | None:
        if any(name.startswith(MERGED) for name in context):
            return None
        entries = {key: value for key, value in context.items() if kind_of(key) in _KINDS}
        host = str(context.get("host_name", "unknown"))
        text = json.dumps({"host_name": host} | dict(sorted(entries.items())))
        for name, known in self._described.items():
            if known == text:
                return name
        name, number = host, 1
        while name in self._described:
            number += 1
            name = f"{host}#{number}"
        self._described[name] = text
        return name
