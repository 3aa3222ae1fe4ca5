# SPDX-License-Identifier: Apache-2.0
"""A state dict in a file, with torchvision's names or Hugging Face's for BERT and RoBERTa."""

import json
from pathlib import Path

from export import architectures, hugging_face_source, state_dict, text_config
from export.checkpoint import Checkpoint, ExportError


def load(architecture: str, file: str) -> Checkpoint:
    """The classifier is left out. A text network's config.json and tokenizer come from the
    file's folder where it has them; without a config.json the network has the base sizes."""
    try:
        row = architectures.find(architecture)
    except KeyError as error:
        raise ExportError(error.args[0]) from None
    path = Path(file)
    source = f"state dict {path.name}"
    tensors = state_dict.read(path)
    if row.domain == "images":
        kept = {name: t for name, t in tensors.items() if not name.startswith(row.head)}
        return Checkpoint(architecture, kept, source)
    folder = path.parent
    defaults = text_config.defaults(architecture)
    config = defaults
    if (folder / "config.json").is_file():
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except ValueError as error:
            raise ExportError(f"{folder / 'config.json'}: not JSON ({error})") from None
        if not isinstance(config, dict) or config.get("model_type") != defaults["model_type"]:
            raise ExportError(f"{folder / 'config.json'} is not that of a {architecture}")
        config = text_config.subset(config, source)
    tokenizer = hugging_face_source.tokenizer_files(
        lambda name: folder / name if (folder / name).is_file() else None
    )
    kept = hugging_face_source.text_tensors(tensors, defaults["model_type"])
    notes = [] if tokenizer else ["its folder has no tokenizer; add one to its entry of the zoo"]
    return Checkpoint(architecture, kept, source, config, tokenizer, notes)
