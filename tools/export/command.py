# SPDX-License-Identifier: Apache-2.0
"""Write checkpoints and a zoo that model_search_bench reads.

A source is one of
  torchvision:ARCHITECTURE[:WEIGHTS]  torchvision's checkpoint, by default IMAGENET1K_V1
  timm:NAME[.TAG][:FILE]              timm's checkpoint, or FILE, which holds it
  hf:REPOSITORY or hf:FOLDER          transformers' BERT, RoBERTa, ViT or ResNet
  state_dict:ARCHITECTURE:FILE        a .pth, .pt or .safetensors file with torchvision's names, or
                                      Hugging Face's for bert_base and roberta_base; config.json
                                      and the tokenizer are taken from its folder
In a file that a training script saved, the network is found by its tensors' names and shapes, in
whatever dict (model, state_dict, net, ...) and below whatever prefix (module., backbone., ...);
where there are several, as a student and a teacher, --key and --prefix choose one. Tensors that the
features do not need are left out with a note, but for the classifier of images, which some scores
read. Objects such as an argparse.Namespace or numpy's scalars are skipped; others are refused by
name, and no code of a checkpoint is run.

Each becomes OUT_DIR/<name>.safetensors and, for text, OUT_DIR/<name>.tokenizer/. Every tensor's
name and shape is checked; its type is kept. --zoo=FILE adds an entry for each, in place of an entry
of the same name: model_search_bench --candidates=FILE runs them.

--all exports the public checkpoints of all architectures, named by their architecture, so that
--weights_dir=OUT_DIR finds them too: torchvision's IMAGENET1K_V1, google-bert/bert-base-uncased and
FacebookAI/roberta-base. Authors evaluate efficientnet_v2_s and _l at 384 and 480 pixels; the
program runs them at 224, as the study did. Other weights, such as IMAGENET1K_V2, by their name.

The error of a source says why it failed and, where the network is the cause, which file to fetch
and how to pass it; the other sources are still exported. Exit codes: 0 all exported, 1 a source
failed, 2 bad usage, nothing exported."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from results.printable import printable

from export import sources, writing, zoo
from export.checkpoint import ExportError
from export.sources import Source


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="export_weights.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--all", action="store_true", help="the public checkpoints")
    parser.add_argument("--name", help="of a single source, in place of the source's own")
    parser.add_argument("--key", help="of the dict with the network in a checkpoint's dicts")
    parser.add_argument("--prefix", help="of the network's names in that dict, such as module.")
    parser.add_argument("--zoo", type=Path, metavar="FILE", help="add entries to this zoo file")
    options = parser.parse_args(arguments)
    try:
        chosen = _chosen(options)
        if options.zoo:
            zoo.read(options.zoo)  # Report an unusable file before an hour of downloads.
        options.out_dir.mkdir(parents=True, exist_ok=True)
    except (ExportError, OSError) as error:
        print(f"export_weights.py: {error}", file=sys.stderr)
        return 2
    failed = 0
    for source in chosen:
        try:
            print(_export(source, options), flush=True)
        except (ExportError, OSError) as error:
            print(printable(f"{source.text}: {error}"), file=sys.stderr, flush=True)
            failed += 1
    if failed:
        print(f"{failed} of {len(chosen)} sources were not exported", file=sys.stderr)
    return 1 if failed else 0


def _chosen(options: argparse.Namespace) -> list[Source]:
    if options.name and (len(options.sources) != 1 or options.all):
        raise ExportError("--name is for a single source")
    chosen = [sources.parse(text, options.name) for text in options.sources]
    chosen += sources.public() if options.all else []
    if not chosen:
        raise ExportError("name a source or --all")
    names = [source.name for source in chosen]
    for name in names:
        if names.count(name) > 1:
            raise ExportError(
                f"two sources have the name '{name}'; export one separately with --name"
            )
    return chosen


def _export(source: Source, options: argparse.Namespace) -> str:
    """Write one source; the text for the terminal."""
    # Import late: PyTorch takes seconds, and a wrong word is reported first.
    from export import expected, finding

    checkpoint = source.load(finding.Choice(options.key, options.prefix))
    folder, zoo_file = options.out_dir, options.zoo
    expected.check(checkpoint)
    weights = folder / f"{source.name}.safetensors"
    size = writing.write_weights(checkpoint, weights)
    tokenizer = folder / f"{source.name}.tokenizer" if checkpoint.tokenizer else None
    if tokenizer:
        writing.write_tokenizer(checkpoint.tokenizer, tokenizer)
    if zoo_file:
        zoo.write(zoo_file, [zoo.entry(source.name, checkpoint, weights, tokenizer, zoo_file)])
    count = len(checkpoint.tensors)
    lines = [f"{weights}: {checkpoint.architecture}, {count} tensors, {size / 1e6:.0f} MB"]
    return "\n".join([*lines, *(f"  note: {printable(note)}" for note in checkpoint.notes)])
