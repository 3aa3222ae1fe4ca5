# SPDX-License-Identifier: Apache-2.0
"""Which machines the results come from, and whether they were mixed."""

from results.machine import merged_machines, same_card, same_kind
from results.table import Results


def names(results: Results) -> list[str]:
    """The devices that the rows of each file ran on, each once."""
    return list(dict.fromkeys(name for name in by_source(results).values() if name))


def by_source(results: Results) -> dict[str, str]:
    """The name of each file's device, "" where the context does not say it."""
    found = {}
    for source, context in results.contexts.items():
        devices = set(results.rows[results.rows["source"] == source]["device"])
        name = context.get("gpu_name") if devices != {"cpu"} else None
        found[source] = str(name or context.get("cpu_model") or context.get("gpu_name") or "")
    return found


def title(results: Results) -> str:
    return " and ".join(names(results)) or "an unnamed machine"


def mixed(results: Results) -> str:
    """A warning that names the machines where the files come from several, else ""."""
    by_machine: dict[tuple[str, ...], list[str]] = {}
    for source, context in results.contexts.items():
        by_machine.setdefault(same_card(context), []).append(source)
    if len(by_machine) < 2:
        return _merged(results)
    devices = by_source(results)
    parts = []
    for sources in by_machine.values():
        allowed = results.contexts[sources[0]].get("cores_allowed")
        cores = f" with {allowed} cores" if allowed else ""
        name = devices[sources[0]] or "an unnamed machine"
        parts.append(f"{name}{cores} ({', '.join(sources)})")
    return (
        f"These results come from {len(by_machine)} machines: {'; '.join(parts)}. "
        "Tables and figures show times of different machines next to each other; compare rows of "
        "one file only, or see --against."
    )


def _merged(results: Results) -> str:
    """The warning where one file was merged from shards on machines of several kinds."""
    for source, context in results.contexts.items():
        kinds: dict[tuple, list[str]] = {}
        for name, entries in merged_machines(context).items():
            kinds.setdefault(same_kind(entries, name), []).append(name)
        if len(kinds) > 1:
            groups = "; ".join(", ".join(names) for names in kinds.values())
            return (
                f"{source} was merged from shards on machines of {len(kinds)} kinds: {groups}. "
                "Tables and figures show their times next to each other; each row of the file "
                "names its machine."
            )
    return ""


def described(results: Results) -> list[str]:
    """Each machine in a line: its GPU where rows ran on one, its processor, cores, driver."""
    lines = []
    for source, context in results.contexts.items():
        gpu = ""
        if set(results.rows[results.rows["source"] == source]["device"]) != {"cpu"}:
            memory = str(context.get("gpu_memory_bytes") or "")
            size = f" ({int(memory) / 1e9:.0f} GB)" if memory.isdigit() else ""
            driver = context.get("driver_version")
            name = str(context.get("gpu_name") or "")
            gpu = f"{name}{size}{f', driver {driver}' if driver else ''}" if name else ""
        cores = context.get("cores_allowed")
        words = [str(context.get("cpu_model") or ""), f"{cores} cores allowed" if cores else ""]
        lines.append("; ".join(filter(None, [gpu, ", ".join(filter(None, words))])))
    return list(dict.fromkeys(filter(None, lines)))
