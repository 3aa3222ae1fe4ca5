# SPDX-License-Identifier: Apache-2.0
"""Measured rows as plain values. Rows of one machine never explain those of another."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from results import domains, machine, schema, settings, uncertainty
from results.settings import Setting
from results.table import Results

# What else the numbers depend on: a caveat names it where two rows differ in it.
_CONDITIONS = {
    "gpu_uuid": "on another card of the same kind",
    "libtorch_version": "with another LibTorch",
    "git_revision": "by another revision",
}
_DATA = {"images": "data_identity", "text": "text_identity"}
_GPU_DECODERS = frozenset({"nvjpeg", "hybrid"})


@dataclass(frozen=True)
class Measurement:
    """A measured row; `values` are its finite numbers (seconds, per second, counts)."""

    source: str
    name: str
    step: str
    subject: str
    device: str
    domain: str
    setting: Setting
    label: str
    values: dict[str, float]
    context: dict[str, Any] = field(repr=False)
    engine_decoders: frozenset[str] = frozenset()  # those that its GPU has hardware for

    def get(self, counter: str) -> float | None:
        return self.values.get(counter)

    @property
    def of_candidate(self) -> bool:
        """Whether the subject is a candidate: neither a kind of input nor a zoo."""
        known = schema.STEPS.get(self.step)
        return self.subject not in domains.TITLES and (known is None or known.per_network)

    @property
    def mode(self) -> str:
        return self.setting.get("mode", "serial")

    @property
    def gpu_decoders(self) -> frozenset[str]:
        return gpu_decoders(self.context)

    @property
    def batch(self) -> int:
        return int(self.setting.get("batch", "0"))

    @property
    def seconds_per_item(self) -> float | None:
        """Seconds per item of a step with batches: from the mean, since totals are sums; from the
        median where a row has no mean."""
        if (rate := self.get("items_per_second")) is not None and rate > 0:
            return 1 / rate
        seconds = self.get("p50") or self.get("seconds")
        return seconds / self.batch if seconds and self.batch else None

    @property
    def standard_error(self) -> float:
        """Of the logarithm of the row's seconds."""
        return uncertainty.standard_error(self.values, self.step)

    @property
    def identity(self) -> tuple[str, str]:
        return self.source, self.name


def gpu_decoders(context: dict[str, Any]) -> frozenset[str]:
    """Decoders that leave batches on a GPU."""
    named = {key.removeprefix("decoder_") for key, value in context.items()
             if key.startswith("decoder_") and str(value).startswith("cuda")}  # fmt: skip
    return _GPU_DECODERS | named


def collect(results: Results) -> list[Measurement]:
    """Every row that was measured, in the order of the results."""
    found = []
    for row in results.measured.to_dict("records"):
        context = results.contexts[row["source"]]
        setting = settings.of(row, gpu_decoders(context))
        if row["step"] == "EndToEnd" and row["domain"] == "text":
            kind = str(
                context.get(f"tokenizer_{row['subject']}") or schema.DEFAULTS["tokenizer"]
            ).split()[0]
            setting["tokenizer"] = kind
        values = {
            key: float(value)
            for key, value in row.items()
            if isinstance(value, float) and math.isfinite(value)
        }
        identity = (row["source"], row["name"], row["step"], row["subject"], row["device"])
        found.append(Measurement(*identity, row["domain"], setting, row["label"], values, context))
    return _with_engines(found)


def _with_engines(rows: list[Measurement]) -> list[Measurement]:
    """Loading names what decoded ("hardware 6400, cpu 0"): all rows of its machine know it."""
    engines: dict[Any, set[str]] = {}
    for row in rows:
        if row.step == "LoadData" and row.label.startswith("hardware ") and row.device != "cpu":
            kind = machine.same_kind(row.context, row.source)
            engines.setdefault(kind, set()).add(row.setting.get("decoder", ""))
    kinds = {row.source: machine.same_kind(row.context, row.source) for row in rows}
    return [
        replace(row, engine_decoders=frozenset(engines.get(kinds[row.source], ()))) for row in rows
    ]


def with_typical_noise(rows: list[Measurement]) -> list[Measurement]:
    """The rows of several processes at least as uncertain as the typical one of their step."""
    typical = uncertainty.typical(((row.source, row.step), row.values) for row in rows)
    name = "ci95_processes_rel"
    return [
        replace(row, values=row.values | {name: max(half, typical[row.source, row.step])})
        if (half := row.get(name)) is not None and (row.source, row.step) in typical
        else row
        for row in rows
    ]


def same_machine(one: Measurement, other: Measurement) -> bool:
    """Two cards of one kind count as the same machine."""
    return machine.same_kind(one.context, one.source) == machine.same_kind(
        other.context, other.source
    )


def differences(one: Measurement, other: Measurement) -> list[str]:
    """What else may make two rows of one machine differ, in words."""
    found = [text for key, text in _CONDITIONS.items()
             if one.context.get(key) != other.context.get(key)]  # fmt: skip
    return found + (["over other data"] if not same_data(one, other) else [])


def same_data(one: Measurement, other: Measurement) -> bool:
    key = _DATA[one.domain]
    return one.context.get(key) == other.context.get(key)
