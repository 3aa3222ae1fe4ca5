# SPDX-License-Identifier: Apache-2.0
"""A state dict in a file, with torchvision's names or Hugging Face's for BERT and RoBERTa."""

import json
from functools import partial
from pathlib import Path

from export import architectures, hugging_face_source, state_dict, text_config
from export.checkpoint import Checkpoint, ExportError
from export.finding import ANYWHERE, Choice, Wanted


def load(architecture: str, file: str, choice: Choice = ANYWHERE) -> Checkpoint:
    """A text network's config.json and tokenizer come from the file's folder where it has them;
    without a config.json the network has the base sizes."""
    try:
        row = architectures.find(architecture)
    except KeyError as error:
        raise ExportError(error.args[0]) from None
    path = Path(file)
    source = f"state dict {path.name}"
    if row.domain == "images":
        kept, notes = state_dict.read(path, Wanted(architecture), choice)
        return Checkpoint(architecture, kept, source, notes=notes)
    folder = path.parent
    defaults = text_config.defaults(architecture)
    config = defaults
    if (folder / "config.json").is_file():
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ExportError(f"{folder / 'config.json'}: not JSON ({error})") from None
        if not isinstance(config, dict) or config.get("model_type") != defaults["model_type"]:
            raise ExportError(f"{folder / 'config.json'} is not that of a {architecture}")
        config = text_config.subset(config, source)
    tokenizer = hugging_face_source.tokenizer_files(
        lambda name: folder / name if (folder / name).is_file() else None
    )
    convert = partial(hugging_face_source.text_tensors, model_type=defaults["model_type"])
    kept, notes = state_dict.read(path, Wanted(architecture, config, convert), choice)
    notes += [] if tokenizer else ["its folder has no tokenizer; add one to its entry of the zoo"]
    return Checkpoint(architecture, kept, source, config, tokenizer, notes)
