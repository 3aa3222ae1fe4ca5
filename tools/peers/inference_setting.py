# SPDX-License-Identifier: Apache-2.0
"""What both sides of a comparison of inference run."""

from dataclasses import dataclass

from results import schema

from peers.rows import row_name

DEFAULT_MAX_LENGTH = int(schema.DEFAULTS["max_length"])


@dataclass(frozen=True)
class InferenceSetting:
    """`batches` includes the `warmup_batches`; every text is padded or cut to `max_length`
    tokens."""

    architectures: tuple[str, ...]
    batch_sizes: tuple[int, ...]
    device: str = "cpu"
    threads: int = 1
    precision: str = schema.DEFAULTS["precision"]
    batches: int = 25
    warmup_batches: int = 5
    max_length: int = DEFAULT_MAX_LENGTH
    layout: str = schema.DEFAULTS["layout"]
    execution: str = schema.DEFAULTS["execution"]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Every network at every batch size."""
        return [(name, batch) for name in self.architectures for batch in self.batch_sizes]

    @property
    def in_graph(self) -> bool:
        """Whether both sides replay CUDA graphs."""
        return self.execution.endswith("graph")

    def row_name(self, architecture: str, batch: int, peer: str = "") -> str:
        """The name of a peer's row, or of ours."""
        keys = {"precision": self.precision, "execution": self.execution}
        if peer:  # Python's networks are not fused.
            keys |= {"peer": peer, "execution": "cuda_graph" if self.in_graph else "eager"}
        if self.device == "cpu":
            keys["threads"] = str(self.threads)
        # A text has no memory layout, and an image has no length.
        if schema.architecture(architecture).input == "text":
            keys["max_length"] = str(self.max_length)
        else:
            keys["layout"] = self.layout
        return row_name(f"Inference/{architecture}/full/{self.device}", keys, batch)
