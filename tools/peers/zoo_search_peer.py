# SPDX-License-Identifier: Apache-2.0
"""The plain search of a zoo in Python: each candidate is built, loaded, run over all photographs by
a new DataLoader, and scored by a linear probe.

Timed from the first candidate's build to the ranking. Imports, the CUDA context and a first batch
of every shape and architecture come before. With several probes each gets a result of its own: the
seconds of the others are taken out, since every step waits for the one before.
"""

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers import (
    dataloader_peer,
    end_to_end_peer,
    feature_files,
    linear_probe,
    seeded_split,
    zoo_result,
)
from peers.linear_probe import Scored
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult
from peers.zoo_setting import Candidate, ZooSetting

STEPS = ("load_model", "extract_seconds")


@dataclasses.dataclass
class _Search:
    """What a search has found so far; `seconds` are those of each step or probe."""

    seconds: dict[str, float]
    scores: dict[str, dict[str, Scored]]  # by the probe, then by the candidate
    features: dict[str, Any]
    labels: Any = None
    split: tuple[Any, Any] | None = None

    def timed(self, step: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        done = work()
        self.seconds[step] += time.perf_counter() - start
        return done


def measure(setting: ZooSetting) -> dict[str, PeerResult]:
    """The result of each probe."""
    import safetensors.torch  # noqa: F401  Imports are not a part of a search.
    import torch
    import torchvision  # noqa: F401

    from peers import precisions, program_weights  # noqa: F401  The latter imports too.

    threads = torch.get_num_threads()
    dtype = precisions.apply(setting.precision)
    loading = LoaderSetting(setting.folder, setting.workers, setting.batch, device=setting.device)
    _warm_up(setting, dtype)
    search = _Search(
        dict.fromkeys((*STEPS, *setting.probes), 0.0), {probe: {} for probe in setting.probes}, {}
    )
    start = time.perf_counter()
    for candidate in setting.candidates:
        _add(search, candidate, setting, loading, dtype, threads)
    rankings = {probe: zoo_result.ranking(search.scores[probe]) for probe in setting.probes}
    elapsed = time.perf_counter() - start
    if setting.features_dir:
        _write(search, setting)
    return {
        probe: _result(search, probe, names, elapsed, setting) for probe, names in rankings.items()
    }


def _add(
    search: _Search,
    candidate: Candidate,
    setting: ZooSetting,
    loading: LoaderSetting,
    dtype: Any,
    threads: int,
) -> None:
    from peers import program_weights

    def load() -> end_to_end_peer.Forward:
        network = program_weights.network(candidate.architecture, candidate.weights)
        forward = end_to_end_peer.ready(network, dtype, setting.device)
        end_to_end_peer.wait(setting.device)
        return forward

    def extract() -> tuple[Any, Any]:
        features, labels, _ = end_to_end_peer.features_of(forward, loading, threads)
        end_to_end_peer.wait(setting.device)
        return features, labels

    forward = search.timed("load_model", load)
    features, labels = search.timed("extract_seconds", extract)
    if search.split is None:
        search.labels, search.split = _placed_split(labels, setting)
    for probe in setting.probes:
        search.scores[probe][candidate.name] = search.timed(
            probe,
            lambda probe=probe: linear_probe.score(
                probe, features, search.labels, search.split, setting.seed
            ),
        )
    if setting.features_dir:
        search.features[candidate.name] = features


def _placed_split(labels: Any, setting: ZooSetting) -> tuple[Any, tuple[Any, Any]]:
    import torch

    parts = seeded_split.split(labels.tolist(), setting.seed)
    train, held_out = (torch.tensor(part, device=setting.device) for part in parts)
    return labels.to(setting.device), (train, held_out)


def _warm_up(setting: ZooSetting, dtype: Any) -> None:
    """Every shape of a batch in every architecture, and a probe of the same size."""
    import torch

    from peers import networks

    data = dataloader_peer.data_set(setting.folder)
    items = len(data)
    sizes = {min(setting.batch, items), items % setting.batch} - {0}
    for architecture in dict.fromkeys(each.architecture for each in setting.candidates):
        forward = end_to_end_peer.ready(networks.build(architecture), dtype, setting.device)
        with torch.inference_mode():
            widths = {forward(torch.zeros(size, 3, 224, 224)).shape[1] for size in sizes}
        labels, split = _placed_split(torch.tensor(data.targets), setting)
        features = torch.randn(items, *widths, device=setting.device)
        for probe in setting.probes:
            linear_probe.score(probe, features, labels, split, setting.seed)
    end_to_end_peer.wait(setting.device)


def _result(
    search: _Search, probe: str, names: list[str], elapsed: float, setting: ZooSetting
) -> PeerResult:
    others = sum(search.seconds[other] for other in setting.probes if other != probe)
    parts = {step: search.seconds[step] for step in STEPS} | {"score": search.seconds[probe]}
    items = len(search.labels)
    return zoo_result.result(setting, search.scores[probe], names, elapsed - others, parts, items)


def _write(search: _Search, setting: ZooSetting) -> None:
    root = Path(setting.folder) / "train"
    samples = dataloader_peer.data_set(setting.folder).samples
    items = [Path(path).relative_to(root).as_posix() for path, _ in samples]
    for name, features in search.features.items():
        feature_files.write(Path(setting.features_dir), name, features, search.labels, items)


def _serve(given: dict) -> dict:
    candidates = tuple(Candidate(**each) for each in given.pop("candidates"))
    probes = tuple(given.pop("probes"))
    found = measure(ZooSetting(candidates=candidates, probes=probes, **given))
    return {probe: dataclasses.asdict(result) for probe, result in found.items()}


if __name__ == "__main__":
    serve(_serve)
