# SPDX-License-Identifier: Apache-2.0
"""Python's ways to run one network, prepared once and measured in several rounds.

The process stays, because compiling takes up to a minute for each way and batch size. Its first
request is the setting, and the answer says how each way was prepared: its seconds, and how far its
features are from strict float32's. Every further request is a round.
"""

import dataclasses
from pathlib import Path
from typing import Any

from peers import batch_seconds, feature_distance, forward, peer_process, precisions
from peers.compiled_setting import CompiledSetting
from peers.rows import PeerResult
from peers.torch_inference import DISTINCT_INPUTS, placed

Place = tuple[str, int]  # a way and a batch size


class Network:
    def __init__(self, setting: CompiledSetting) -> None:
        self._setting = setting
        self._inputs: dict[int, list[tuple]] = {}
        self._calls: dict[Place, Any] = {}
        self.prepared: dict[Place, PeerResult] = {}
        self._prepare()

    def _prepare(self) -> None:
        import torch

        from peers import program_weights

        setting = self._setting
        torch.set_num_threads(setting.threads)
        network = program_weights.network(setting.architecture, setting.weights).to(setting.device)
        drawn = {size: self._drawn(size) for size in setting.batch_sizes}
        reference = {
            size: feature_distance.strict(network, _moved(batches[0], setting.device))
            for size, batches in drawn.items()
        }
        network = network.to(precisions.apply(setting.precision))
        if setting.layout == "channels_last":
            network = network.to(memory_format=torch.channels_last)
        for size, batches in drawn.items():
            self._inputs[size] = [placed(batch, setting) for batch in batches]
            for peer in setting.peers:
                self.prepared[peer, size] = self._prepare_one(
                    network, (peer, size), reference[size]
                )

    def _drawn(self, size: int) -> list[tuple]:
        from peers import inputs

        setting = self._setting
        if setting.photographs and not setting.is_text:
            return inputs.photographs(Path(setting.photographs), size, DISTINCT_INPUTS)
        return inputs.batches(setting.architecture, size, setting.max_length, DISTINCT_INPUTS)

    def _prepare_one(self, network: Any, place: Place, reference: Any) -> PeerResult:
        import torch

        peer, size = place
        first, *_ = self._inputs[size]
        try:
            with torch.inference_mode():
                made = forward.prepare(network, peer, first)
                features = made.call(*first)[: feature_distance.CHECKED_ITEMS]
                counters = {"feature_distance": feature_distance.distance(features, reference)}
        # Whatever a compiler raises is the result of this way alone.
        except Exception as error:
            return PeerResult(error=_first_line(error))
        self._calls[place] = made.call
        return PeerResult(0.0, made.seconds | counters)

    def round(self) -> list[tuple[str, int, PeerResult]]:
        return [(*place, self._measured(place)) for place in self.prepared]

    def _measured(self, place: Place) -> PeerResult:
        import torch

        setting, prepared = self._setting, self.prepared[place]
        if prepared.error:
            return prepared
        try:
            with torch.inference_mode():
                seconds = batch_seconds.measure(
                    self._calls[place],
                    self._inputs[place[1]],
                    setting.batches,
                    setting.warmup_batches,
                    setting.warmup_seconds,
                )
        except torch.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            return PeerResult(error=_first_line(error))
        return batch_seconds.result(seconds, place[1], prepared.counters)


def _moved(batch: tuple, device: str) -> tuple:
    return tuple(tensor.to(device) for tensor in batch)


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0]}"


def _served():
    network = None

    def answer(given: dict) -> list:
        nonlocal network
        if network is None:
            lists = {name: tuple(given[name]) for name in ("batch_sizes", "peers")}
            network = Network(CompiledSetting(**given | lists))
            found = [(*place, result) for place, result in network.prepared.items()]
        else:
            found = network.round()
        return [(peer, size, dataclasses.asdict(result)) for peer, size, result in found]

    return answer


if __name__ == "__main__":
    peer_process.serve_all(_served())
