# SPDX-License-Identifier: Apache-2.0
"""What both sides of a comparison of inference run."""

from dataclasses import dataclass

from export import architectures

from peers.rows import row_name

DEFAULT_MAX_LENGTH = 512


@dataclass(frozen=True)
class InferenceSetting:
    """`batches` includes the `warmup_batches`; every text is padded or cut to `max_length`
    tokens."""

    architectures: tuple[str, ...]
    batch_sizes: tuple[int, ...]
    device: str = "cpu"
    threads: int = 1
    precision: str = "torch"
    batches: int = 25
    warmup_batches: int = 5
    max_length: int = DEFAULT_MAX_LENGTH
    layout: str = "contiguous"
    execution: str = "eager"

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Every network at every batch size."""
        return [(name, batch) for name in self.architectures for batch in self.batch_sizes]

    def row_name(self, architecture: str, batch: int, peer: str = "") -> str:
        """The name of a peer's row, or of ours."""
        is_text = architecture in architectures.names("text")
        keys = {"peer": peer} if peer else {}
        if self.precision != "torch":
            keys["precision"] = self.precision
        if self.layout != "contiguous" and not is_text:
            keys["layout"] = self.layout
        if self.execution != "eager":
            keys["execution"] = self.execution
        if self.device == "cpu":
            keys["threads"] = str(self.threads)
        if is_text and self.max_length != DEFAULT_MAX_LENGTH:
            keys["max_length"] = str(self.max_length)
        return row_name(f"Inference/{architecture}/full/{self.device}", keys, batch)
