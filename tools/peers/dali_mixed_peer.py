# SPDX-License-Identifier: Apache-2.0
"""NVIDIA DALI's mixed pipeline: the CPU's threads parse JPEGs, and a GPU decodes (nvJPEG), resizes,
crops and normalizes them."""

import dataclasses

from peers import dali_peer
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult


def measure(setting: LoaderSetting) -> PeerResult:
    return dali_peer.measure(setting, "mixed")


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
