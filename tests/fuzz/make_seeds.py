# SPDX-License-Identifier: Apache-2.0
"""Writes small inputs of every kind for the harnesses: make_seeds.py FOLDER."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


def pictures() -> dict[str, bytes]:
    """Pillow's formats, modes and encoders' options, 24 x 16 pixels each."""
    gradient = Image.linear_gradient("L").resize((24, 16))
    color = Image.merge("RGB", (gradient, gradient.rotate(90).resize((24, 16)), gradient))
    found = {}
    for name, mode, options in [
        ("baseline.jpeg", "RGB", {}),
        ("progressive.jpeg", "RGB", {"progressive": True}),
        ("optimized.jpeg", "RGB", {"optimize": True, "subsampling": 0}),
        ("restarts.jpeg", "RGB", {"restart_marker_blocks": 1}),
        ("gray.jpeg", "L", {}),
        ("cmyk.jpeg", "CMYK", {}),
        ("color.png", "RGB", {}),
        ("alpha.png", "RGBA", {}),
        ("palette.png", "P", {}),
        ("bits.png", "1", {}),
        ("deep.png", "I;16", {}),
        ("palette.gif", "P", {}),
        ("color.bmp", "RGB", {}),
        ("palette.bmp", "P", {}),
        ("color.ppm", "RGB", {}),
        ("gray.pgm", "L", {}),
        ("lossy.webp", "RGB", {}),
        ("lossless.webp", "RGBA", {"lossless": True}),
        ("deflate.tiff", "RGB", {"compression": "tiff_deflate"}),
        ("lzw.tiff", "L", {"compression": "tiff_lzw"}),
    ]:
        stream = io.BytesIO()
        image = gradient.convert("I").convert("I;16") if mode == "I;16" else color.convert(mode)
        image.save(stream, {"jpeg": "JPEG", "pgm": "PPM", "ppm": "PPM"}.get(
            name.split(".")[1], name.split(".")[1].upper()), **options)  # fmt: skip
        found[name] = stream.getvalue()
    return found


def tokenizers() -> dict[str, bytes]:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "ab", "##b", "##c", "!"]
    vocabulary = {word: i for i, word in enumerate(words)}
    special = [{"id": i, "content": word, "special": True, "normalized": False, "lstrip": False,
                "rstrip": False, "single_word": False}
               for i, word in enumerate(words[:5])]  # fmt: skip
    word_piece = {
        "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "lowercase": True,
                       "handle_chinese_chars": True, "strip_accents": None},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary,
                  "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
    }  # fmt: skip
    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "a", "b", "\u0120", "ab", "\u0120ab"]
    pairs = ["a b", "\u0120 ab"]
    byte_level = {
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0]},
        "model": {"type": "BPE", "vocab": {name: i for i, name in enumerate(names)},
                  "merges": pairs},
    }  # fmt: skip
    text = "AB abc!\u00e9 \u4e2d [MASK] <mask> a"
    config = json.dumps({"do_lower_case": True, "added_tokens_decoder": {"0": special[0]}})
    added = json.dumps({"<new>": 11})
    files = {
        "word_piece": ("\0", json.dumps(word_piece), ""),
        "byte_level": ("\0", json.dumps(byte_level), ""),
        "vocabulary": ("\1", "\n".join(words), config, added, "{}"),
        "merges": ("\2", json.dumps(byte_level["model"]["vocab"]),
                   "#version: 0.2\n" + "\n".join(pairs), "{}", added, "{}"),
    }  # fmt: skip
    return {
        name: (kind + "\0".join([*parts, text])).encode() for name, (kind, *parts) in files.items()
    }


def texts() -> dict[str, dict[str, bytes]]:
    tensors = {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
               "b": {"dtype": "BF16", "shape": [], "data_offsets": [24, 26]},
               "__metadata__": {"format": "pt"}}  # fmt: skip
    zoo = [{"name": "one", "architecture": "resnet18", "weights": "random:1"},
           {"name": "two", "architecture": "bert_base", "weights": "two.safetensors",
            "config": {"hidden_size": 64, "num_attention_heads": 4, "model_type": "bert"},
            "tokenizer": "vocab.txt"}]  # fmt: skip
    results = json.loads((ROOT / "reports/baselines/h200-max-batch-24gb.json").read_text())
    results["benchmarks"] = results["benchmarks"][:2]
    return {
        "safetensors": {"two": bytes([26, 0]) + json.dumps(tensors).encode()},
        "zoos": {"two": json.dumps(zoo).encode()},
        "results": {"rows": json.dumps(results).encode()},
    }


def main() -> None:
    folder = Path(sys.argv[1])
    images = pictures()
    seeds = {
        "images": images,
        "jpeg_headers": {name: data for name, data in images.items() if name.endswith("jpeg")},
        "tokenizers": tokenizers(),
    } | texts()
    for harness, files in seeds.items():
        (folder / harness).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / harness / name).write_bytes(data)


if __name__ == "__main__":
    main()
