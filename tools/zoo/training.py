# SPDX-License-Identifier: Apache-2.0
"""Training of a network on images that lie in the device's memory, and its accuracy."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from export import architectures
from peers import networks
from torch import Tensor, nn

_AT_ONCE = 64  # images of which the accuracy is computed
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Images:
    """Pixels [N, 3, 224, 224], uint8, and labels [N] from 0, both on the device."""

    pixels: Tensor
    labels: Tensor

    def of(self, labels: list[int]) -> "Images":
        """The images of some labels, which are numbered from 0 in their order."""
        chosen = torch.isin(self.labels, torch.tensor(labels, device=self.labels.device))
        renamed = torch.full((int(self.labels.max()) + 1,), -1, device=self.labels.device)
        for new, old in enumerate(labels):
            renamed[old] = new
        return Images(self.pixels[chosen], renamed[self.labels[chosen]])


@dataclass(frozen=True)
class Schedule:
    """AdamW at a constant rate; the order of images and the new classifier follow from the seed."""

    epochs: int
    rate: float
    seed: int
    batch: int


def use_reproducible_operations() -> None:
    """Equal seeds give equal weights on a CPU with as many threads, and on a GPU as far as its
    operations have a deterministic version."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False


class Network:
    """A network up to its features with a classifier behind it that is new in each training.
    Initializing a large one takes seconds, so that one takes the tensors of all candidates."""

    def __init__(self, architecture: str, device: str) -> None:
        self._device = device
        self._classifier_name = architectures.find(architecture).classifier
        self._features = networks.build(architecture)
        self._features.to(device, memory_format=torch.channels_last)
        self._classifier: nn.Module | None = None

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """BatchNorm's counters, which tensors may lack, start from 0."""
        for name, buffer in self._features.named_buffers():
            if name.endswith(".num_batches_tracked"):
                buffer.zero_()
        self._features.load_state_dict(tensors, strict=False)

    def tensors(self) -> dict[str, Tensor]:
        """With the classifier of the last training, as torchvision names it."""
        state = dict(self._features.state_dict())
        if self._classifier is not None and self._classifier_name is not None:
            for name, tensor in self._classifier.state_dict().items():
                state[f"{self._classifier_name}.{name}"] = tensor
        return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}

    def fit(
        self,
        images: Images,
        schedule: Schedule,
        is_trained: Callable[[str], bool],
        after_epoch: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Trains the tensors that `is_trained` names and a new classifier; all others stay, the
        statistics of their BatchNorm layers too. Calls `after_epoch` with 0 before the first."""
        torch.manual_seed(schedule.seed)
        order = torch.Generator().manual_seed(schedule.seed)
        self._features.eval()
        with torch.no_grad():
            width = self._forward(images.pixels[:1]).shape[1]
        self._classifier = nn.Linear(width, int(images.labels.max()) + 1).to(self._device)
        self._set_trained(is_trained)
        trained = [p for p in self._features.parameters() if p.requires_grad]
        trained += self._classifier.parameters()
        optimizer = torch.optim.AdamW(trained, schedule.rate)
        after_epoch(0)
        for epoch in range(schedule.epochs):
            places = torch.randperm(len(images.labels), generator=order).to(self._device)
            # A last batch of one image would have no statistics for BatchNorm.
            for batch in places.split(schedule.batch):
                if len(batch) > 1:
                    self._step(images, batch, optimizer)
            after_epoch(epoch + 1)

    def accuracy(self, images: Images) -> float:
        """The share of images whose label the classifier of the last training gives."""
        self._features.eval()
        right = 0
        with torch.no_grad():
            for pixels, labels in zip(
                images.pixels.split(_AT_ONCE), images.labels.split(_AT_ONCE), strict=True
            ):
                right += int((self._logits(pixels).argmax(1) == labels).sum())
        return right / len(images.labels)

    def _step(self, images: Images, batch: Tensor, optimizer: torch.optim.Optimizer) -> None:
        logits = self._logits(images.pixels[batch])
        optimizer.zero_grad()
        nn.functional.cross_entropy(logits.float(), images.labels[batch]).backward()
        optimizer.step()

    def _logits(self, pixels: Tensor) -> Tensor:
        with torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda"):
            return self._classifier(self._forward(pixels))

    def _forward(self, pixels: Tensor) -> Tensor:
        mean, std = (torch.tensor(v, device=self._device)[:, None, None] for v in (_MEAN, _STD))
        values = (pixels / 255 - mean) / std
        with torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda"):
            return self._features(values.contiguous(memory_format=torch.channels_last))

    def _set_trained(self, is_trained: Callable[[str], bool]) -> None:
        state = self._features.state_dict()
        for name, parameter in self._features.named_parameters():
            parameter.requires_grad_(is_trained(name))
        self._features.eval()
        # What is trained as a whole also draws (stochastic depth) and counts (BatchNorm).
        for prefix, module in self._features.named_modules():
            below = [name for name in state if name.startswith(f"{prefix}." if prefix else "")]
            if below and all(map(is_trained, below)):
                module.train()
