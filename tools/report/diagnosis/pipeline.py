# SPDX-License-Identifier: Apache-2.0
"""How long a search takes, from the seconds that each of its steps takes alone.

- `serial`: the sum of the steps.
- `prefetch`: the loader works ahead of a device that copies and computes in turn.
- `overlapped`: loading, copies and inference each work ahead of the next.

A GPU that decodes with kernels does not work ahead of itself: decoding and inference share the
device in both pipelines. A GPU with hardware for it does (an H200 with nvJPEG: extraction took 0.97
to 1.09 times the slower of the two for four networks, and 0.57 to 0.94 times their sum).

A pipeline of n batches whose stages take t_1, t_2, ... for all of them ends after
sum(t_i) / n + max(t_i) (n - 1) / n: the first batch passes every stage, the slowest stage sets the
pace of the rest. On a CPU the loader's workers and the network share the cores, so that no pipeline
is faster than the work of both over all cores.
"""

from dataclasses import dataclass, replace

PIPELINE = ("data", "transfer", "inference")


@dataclass(frozen=True)
class Steps:
    """Seconds of each step over all items, alone; `batches` is the pipeline's n."""

    load_model: float
    data: float
    transfer: float
    inference: float
    score: float
    other: float
    batches: int

    def with_step(self, step: str, seconds: float) -> "Steps":
        return replace(self, **{step: seconds})

    @property
    def fixed(self) -> float:
        """The seconds before and after the pipeline."""
        return self.load_model + self.score + self.other


@dataclass(frozen=True)
class Pipeline:
    """How the steps follow each other; `cores` > 0 where loading and network share them.
    `decoding_engine`: the device decodes with hardware of its own, next to its kernels."""

    mode: str
    decodes_on_device: bool = False
    workers: int = 1
    threads: int = 1
    cores: int = 0
    decoding_engine: bool = False

    def stages(self, steps: Steps) -> dict[str, float]:
        """Seconds of what can work at the same time, by its longest step."""
        alone = {step: getattr(steps, step) for step in PIPELINE}
        shared = self.decodes_on_device and not self.decoding_engine
        if self.mode == "serial" or shared:
            return {max(alone, key=lambda step: alone[step]): sum(alone.values())}
        if self.mode == "overlapped":
            return alone
        on_device = max("transfer", "inference", key=lambda step: alone[step])
        return {"data": alone["data"], on_device: alone["transfer"] + alone["inference"]}

    def extract_seconds(self, steps: Steps) -> float:
        stages = self.stages(steps)
        count = max(1, steps.batches)
        first = sum(stages.values()) / count
        return max(first + max(stages.values()) * (count - 1) / count, self._shared(steps))

    def limit(self, steps: Steps) -> str:
        """The step that takes most, of a pipeline the one that sets its pace."""
        stages = self.stages(steps)
        if self.mode == "serial":
            seconds = {step: getattr(steps, step) for step in PIPELINE}
        else:
            pace = max(stages, key=lambda step: stages[step])
            seconds = {pace: self.extract_seconds(steps)}
        seconds |= {step: getattr(steps, step) for step in ("load_model", "score", "other")}
        return max(seconds, key=lambda step: seconds[step])

    def _shared(self, steps: Steps) -> float:
        """Work of a CPU's loader and network over its cores."""
        if self.cores <= 0 or self.mode == "serial":
            return 0.0
        loading = steps.data * min(self.workers, self.cores)
        computing = steps.inference * min(self.threads, self.cores)
        return (loading + computing) / self.cores
