# SPDX-License-Identifier: Apache-2.0
"""The sides of a comparison of zoo searches: ours in two processes, Python's in one for each
precision."""

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from peers import our_search, peer_process
from peers.peer_process import PeerError
from peers.rounds import Rounds
from peers.rows import PeerResult
from peers.zoo_setting import ZooSetting


class Sides:
    """`folder` takes the features that the first round's Python and a search of ours write."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._ours = {
            "ours, plain plans": our_search.plain_flags(options),
            "ours, shared": our_search.shared_flags(options),
        }
        self._python = {f"python, {each}": each for each in options.precisions}

    def names(self) -> list[str]:
        return [name for name, given in self._ours.items() if given] + list(self._python)

    def run(self, name: str, index: int, rounds: Rounds) -> None:
        """Adds the rows of one round, by their probe. Raises PeerError where ours wrote none."""
        if name in self._ours:
            rows, context = our_search.run(self._options.binary, self._ours[name])
            rounds.add_ours(index, self._options.zoo, rows, context)
            return
        precision = self._python[name]
        setting = self.setting(precision, self.python_features(precision) if index == 0 else None)
        for probe, result in python(setting).items():
            rounds.add_peer(index, self._options.zoo, precision, setting.row_name(probe), result)

    def setting(self, precision: str, features: Path | None = None) -> ZooSetting:
        options = self._options
        return ZooSetting(
            zoo=options.zoo,
            candidates=tuple(options.entries[: options.peer_candidates]),
            total=options.total,
            folder=str(options.data_dir.resolve()),
            probes=options.probes,
            workers=options.workers,
            batch=options.batch,
            device=options.device,
            precision=precision,
            features_dir=str(features or ""),
        )

    def python_features(self, precision: str) -> Path:
        return self._folder / f"python-{precision}"

    def our_features(self, precision: str) -> Path:
        """Runs one more search of ours, which is not timed. Raises PeerError."""
        folder = self._folder / f"ours-{precision}"
        given = our_search.features_flags(self._options, precision, folder)
        rows, _ = our_search.run(self._options.binary, given)
        for row in rows:
            our_search.read(row)
        return folder


def python(setting: ZooSetting) -> dict[str, PeerResult]:
    """The result of each probe, in a fresh process; one that fails fails all of them."""
    given: dict[str, Any] = dataclasses.asdict(setting)
    try:
        found = peer_process.run("zoo_search_peer", given)
    except PeerError as error:
        return dict.fromkeys(setting.probes, PeerResult(error=str(error)))
    return {probe: PeerResult(**result) for probe, result in found.items()}
