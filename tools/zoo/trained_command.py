# SPDX-License-Identifier: Apache-2.0
"""What the flags of make_zoo.py --trained make."""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from export.checkpoint import ExportError
from peers.flags import require_program

from zoo import recipes, trained_flags

_FINE_TUNING_EPOCHS = 4
_RATE = 1e-3  # of AdamW, for parents
_FINE_TUNING_RATE = 3e-4


def make(options: argparse.Namespace) -> None:
    """Raises ExportError and PeerError before anything is written."""
    # Import late: PyTorch takes seconds, and wrong flags are reported first.
    from zoo import digits, folder, parents, trained, training
    from zoo.trained_zoo import TrainedZoo

    device = _device(options.device or "auto")
    size = trained_flags.SIZES[device]
    fine_tunings = size.fine_tunings if options.fine_tunings is None else options.fine_tunings
    training.use_reproducible_operations()
    scans = digits.load(options.digits)
    if options.parent:
        origin = parents.given(options.architecture, options.parent[0])
    else:
        (origin,) = parents.random_ones(options.architecture, [options.seed], options.cache_dir)
    epochs = options.epochs or trained_flags.EPOCHS
    of_parents = recipes.parents_epochs(options.parents or trained_flags.PARENTS, epochs)
    candidates = options.candidates or size.candidates
    if len(of_parents) > candidates:
        raise ExportError(f"--candidates={candidates}: {len(of_parents)} parents are candidates")
    if len(set(of_parents)) < len(of_parents):
        raise ExportError(
            f"--parents={len(of_parents)}: {epochs} --epochs give fewer different ones"
        )
    zoo = TrainedZoo(
        architecture=options.architecture,
        origin=origin,
        recipes=recipes.draw(of_parents, candidates, epochs, origin.layout.blocks, options.seed),
        device=device,
        scans=scans,
        source_images=options.source_images or size.source_images,
        target_images=options.target_images or size.target_images,
        seed=options.seed,
        epochs=epochs,
        rate=_RATE,
        batch=size.batch,
        fine_tunings=[
            training.Schedule(
                _FINE_TUNING_EPOCHS, _FINE_TUNING_RATE, options.seed + index, size.batch
            )
            for index in range(fine_tunings)
        ],
    )
    _require_images(zoo)
    settings = zoo.settings()
    print(_plan(zoo), flush=True)
    if options.output:
        folder.require_own(options.output, settings)
        folder.require_room(options.output, zoo.missing_bytes(options.output))
    if options.dry_run:
        return
    if not options.parent:
        require_program(options.binary)
        parents.make_random(options.architecture, [options.seed], options.binary, options.cache_dir)
    settings["parents_sha256"] = [origin.digest()]
    folder.require_own(options.output, settings)
    written = trained.write(zoo, settings, options.output, _progress())
    truth = f"; {options.output / 'truth.json'}: their accuracy" if fine_tunings else ""
    print(f"{written}: {candidates} candidates{truth}")


def _require_images(zoo: Any) -> None:
    """Every digit has an image to train on; the search's, which are of different scans, have two in
    each half, one of them for the probe's own split."""
    least = 2 * len(recipes.SOURCE_DIGITS)
    if zoo.source_images < least:
        raise ExportError(f"--source-images={zoo.source_images}: at least {least}")
    most = zoo.scans.count(recipes.TARGET_DIGITS)
    if not 2 * least <= zoo.target_images <= most:
        raise ExportError(f"--target-images={zoo.target_images}: from {2 * least} to {most}")


def _plan(zoo: Any) -> str:
    lines = [
        f"{zoo.architecture} on {zoo.device}: {zoo.source_images} photographs to train on, "
        f"{zoo.target_images} of other digits for the search; fine-tunings of "
        f"each candidate: {len(zoo.fine_tunings)}"
    ]
    for recipe in zoo.recipes:
        what = f"{recipe.parent_epochs} epochs"
        if recipe.trained_blocks:
            digits = "".join(map(str, recipe.digits))
            what += (
                f", then {recipe.epochs} of the last {recipe.trained_blocks} blocks on digits "
                f"{digits} at {recipe.rate} of the rate"
            )
        lines.append(f"{zoo.name(recipe)}: {what}")
    return "\n".join(lines)


def _progress() -> Callable[[str, int, int], None]:
    begin = time.monotonic()

    def show(what: str, done: int, total: int) -> None:
        seconds = time.monotonic() - begin
        print(f"{done} of {total}: {what} ({seconds:.0f} s)", file=sys.stderr, flush=True)

    return show


def _device(name: str) -> str:
    import torch

    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise ExportError("--device=cuda: PyTorch finds no CUDA device; choices: auto, cpu")
    return ("cuda" if there else "cpu") if name == "auto" else name
