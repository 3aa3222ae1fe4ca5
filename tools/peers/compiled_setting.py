# SPDX-License-Identifier: Apache-2.0
"""What both sides of a comparison of inference with compiled networks run."""

from dataclasses import dataclass

from results import schema

from peers.inference_setting import DEFAULT_MAX_LENGTH
from peers.rows import row_name


@dataclass(frozen=True)
class CompiledSetting:
    """One network in one precision. Python's side takes the tensors of `weights` and, where
    `photographs` is given, photographs below it as images, noise otherwise. `batches` includes the
    `warmup_batches`; a GPU's warm-up takes `warmup_seconds` at least."""

    architecture: str
    batch_sizes: tuple[int, ...]
    peers: tuple[str, ...]
    weights: str
    photographs: str = ""
    device: str = "cpu"
    threads: int = 1
    precision: str = schema.DEFAULTS["precision"]
    batches: int = 50
    warmup_batches: int = 5
    warmup_seconds: float = 1.0
    max_length: int = DEFAULT_MAX_LENGTH

    @property
    def is_text(self) -> bool:
        return schema.architecture(self.architecture).input == "text"

    @property
    def layout(self) -> str:
        """Convolutional networks are fastest with channels last; a transformer has no channels."""
        convolutional = not self.is_text and not self.architecture.startswith("vit")
        return "channels_last" if convolutional else schema.DEFAULTS["layout"]

    def group(self, batch: int) -> tuple[str, str, int]:
        """Rows of equal work."""
        return self.architecture, self.precision, batch

    def row_name(self, peer: str, batch: int) -> str:
        keys = {"peer": peer, "precision": self.precision, "layout": self.layout}
        if self.device == "cpu":
            keys["threads"] = str(self.threads)
        if self.is_text:
            keys["max_length"] = str(self.max_length)
        return row_name(f"Inference/{self.architecture}/full/{self.device}", keys, batch)
