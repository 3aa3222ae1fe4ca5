# SPDX-License-Identifier: Apache-2.0
"""The two sides of compiled_ratio.py: our program's rows, and the processes of the peers."""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import os
import threading
from typing import Any

from peers import flags, our_program, program_weights
from peers.compiled_setting import CompiledSetting
from peers.inference_setting import DEFAULT_MAX_LENGTH
from peers.peer_process import PeerError, Staying
from peers.rows import PeerResult

Results = dict[tuple[str, int], PeerResult]  # by the way and the batch size


def our_flags(setting: CompiledSetting, options: argparse.Namespace) -> dict[str, Any]:
    given = program_weights.flags(options.weights_dir, options.cache_dir) | {
        "steps": "Inference",
        "architectures": setting.architecture,
        "configurations": "full",
        "devices": setting.device,
        "batch_sizes": ",".join(map(str, setting.batch_sizes)),
        "precisions": setting.precision,
        "layouts": setting.layout,
        "executions": ",".join(options.executions),
        "batches": setting.batches,
        "warmup_batches": setting.warmup_batches,
        "warmup_seconds": setting.warmup_seconds,
    }
    if setting.device == "cpu":
        given["threads"] = setting.threads
    if options.data_dir:
        given["data_dir"] = options.data_dir
    if setting.max_length != DEFAULT_MAX_LENGTH:
        given["max_lengths"] = setting.max_length
    return given | flags.program_flags(options.ours)


def ours(setting: CompiledSetting, options: argparse.Namespace) -> tuple[list[dict], dict]:
    """Rows of a fresh process, failed ones included, and the context."""
    document = our_program.document(options.binary, our_flags(setting, options))
    rows = [row for row in document["benchmarks"] if row.get("run_type") != "aggregate"]
    return rows, document["context"]


class Peers:
    """All ways of one network, in a process that stays. A process that fails gives results with an
    error, so that the rows of other networks are kept."""

    def __init__(self, setting: CompiledSetting, process: Staying) -> None:
        self.setting = setting
        self._process = process
        self._error: str | None = None

    def prepare(self) -> None:
        self._ask(dataclasses.asdict(self.setting))

    def round(self) -> Results:
        return self._ask({})

    def end(self) -> None:
        """Frees the memory of its device; its last round is over."""
        self._process.end()

    def _ask(self, request: dict[str, Any]) -> Results:
        if not self._error:
            try:
                answer = self._process.ask(request)
            except PeerError as error:
                self._error = str(error)
            else:
                return {(peer, batch): PeerResult(**result) for peer, batch, result in answer}
        setting = self.setting
        failed = PeerResult(error=self._error)
        return {(peer, batch): failed for peer in setting.peers for batch in setting.batch_sizes}


def prepared(
    settings: list[CompiledSetting], jobs: int, folder: str, stack: contextlib.ExitStack
) -> list[Peers]:
    """The peers of all settings, `jobs` of them prepared at once. Inductor's cache lies in
    `folder`, so that compiling begins from nothing, unless the user's environment names another."""
    # Twice as many as there are cores: the networks are not done at the same time.
    threads = max(1, 2 * len(os.sched_getaffinity(0)) // jobs)
    environment = {
        "TORCHINDUCTOR_CACHE_DIR": os.environ.get("TORCHINDUCTOR_CACHE_DIR", folder),
        "TORCHINDUCTOR_COMPILE_THREADS": str(threads),
    }

    started: list[Peers] = []
    starting = threading.Lock()
    interrupted = False

    def start(setting: CompiledSetting) -> Peers:
        with starting:
            if interrupted:
                raise PeerError("interrupted before it was prepared")
            process = stack.enter_context(Staying("compiled_peer", environment))
            peers = Peers(setting, process)
            started.append(peers)
        peers.prepare()
        return peers

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            return list(pool.map(start, settings))
        except BaseException:
            # The pool waits for its threads, and they for networks that are being compiled.
            with starting:
                interrupted = True
                for peers in started:
                    peers.end()
            raise
