# SPDX-License-Identifier: Apache-2.0
"""Writes the reference of tokenizers' settings: folders of files, and the ids of AutoTokenizer.

FOLDER gets a folder for each combination of settings with the files that transformers reads there,
and `cases.json` as export_tokens.py writes it.
"""

import argparse
import base64
import json
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

from export_tokens import TEXTS, random_texts
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [chr(c) for low, high in ((0x21, 0x250), (0x300, 0x370), (0x4E00, 0x4E20))
           for c in range(low, high) if not chr(c).isspace()]  # fmt: skip
WORDS = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), "new", "town", "the"]
BYTES = [*pre_tokenizers.ByteLevel.alphabet()]
MERGES = [("n", "e"), ("ne", "w"), ("\u0120", "new"), ("a", "\u0120"), ("\u0120", "a")]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", *sorted(BYTES), *("".join(m) for m in MERGES), "<mask>"]
STRANGE = [
    "NEW new New xNEWx NEW. a NEW  b", "New Town  NEW TOWN new\ttown newtown", " NEW NEW  NEW ",
    "[NEW][new]_[NEW] [New]9 é[NEW]é \u0301[NEW]\u0301", "a#b # c#_ #中# \u200d#", "[mask] [MASK] ",
    "ÉTÉ été e\u0301te\u0301 中文NEW中 İNEW", "<extra>  <mask>  </s><s> <new> <NEW>x",
    "\u00a0NEW\u3000",
    "NEWNEWNEW NEWER", "[CLS] [cls] [SEP]", "", " ", "new " * 200,
]  # fmt: skip


def token(content: str, **keys: bool) -> dict:
    return {"content": content, **keys}


def added(content: str, **keys: bool) -> dict:
    return {"__type": "AddedToken", "content": content, **keys}


def bert_json(**normalizer: bool | None) -> dict:
    """A tokenizer.json of BERT's kind."""
    ids = {word: index for index, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(**normalizer)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.add_special_tokens(SPECIAL)
    return json.loads(tokenizer.to_str())


def roberta_json(prefix: bool) -> dict:
    """A tokenizer.json of RoBERTa's kind."""
    ids = {piece: index for index, piece in enumerate(PIECES)}
    tokenizer = Tokenizer(models.BPE(ids, MERGES))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    return json.loads(tokenizer.to_str())


def with_tokens(document: dict, *tokens: AddedToken) -> dict:
    tokenizer = Tokenizer.from_str(json.dumps(document))
    tokenizer.add_tokens(list(tokens))
    return json.loads(tokenizer.to_str())


CONFIG, MAP, ADDED = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"
JSON, WHOLE = "tokenizer.json", {"tokenizer_class": "PreTrainedTokenizerFast"}
NEW, TOWN = len(WORDS), len(WORDS) + 1
DECODER = {str(i): token(t, special=True, normalized=False) for i, t in enumerate(SPECIAL)}
RULES = [
    {}, {"normalized": True}, {"normalized": False}, {"single_word": True}, {"lstrip": True},
    {"rstrip": True}, {"lstrip": True, "rstrip": True, "single_word": True},
    {"special": True}, {"special": True, "normalized": True, "single_word": True},
]  # fmt: skip
# Names of files by combination; what every folder has is added below.
BERT: dict[str, dict] = {
    "plain": {},
    "cased": {CONFIG: {"do_lower_case": False}},
    "cased_strips": {CONFIG: {"do_lower_case": False, "strip_accents": True}},
    "lower_keeps_accents": {CONFIG: {"strip_accents": False}},
    "no_ideographs": {CONFIG: {"tokenize_chinese_chars": False}},
    "without_effect": {CONFIG: {
        "tokenizer_class": "BertTokenizerFast", "never_split": ["NEW"], "do_basic_tokenize": False,
        "model_max_length": 5, "clean_up_tokenization_spaces": True, "strip_accents": None,
        "truncation_side": "right", "padding_side": "right", "chat_template": "x", "errors": "x"}},
    "electra": {CONFIG: {"tokenizer_class": "ElectraTokenizer"}},
    "names": {CONFIG: {"cls_token": "new", "sep_token": "town", "pad_token": "the",
                       "unk_token": "a", "mask_token": None}},
    "objects": {CONFIG: {"mask_token": added("[MASK]", lstrip=True, rstrip=True)}},
    "normalized_object": {CONFIG: {"mask_token": added("[MASK]", normalized=True)}},
    "bos": {CONFIG: {"bos_token": "[BOS]", "eos_token": "new"}},
    "extra": {CONFIG: {"additional_special_tokens": ["[NEW]", "new"]}},
    "extra_objects": {CONFIG: {"extra_special_tokens": [added("[NEW]", lstrip=True)]}},
    "added": {ADDED: {"NEW": NEW, "New Town": TOWN}},
    "added_wrong_ids": {ADDED: {"NEW": NEW + 9, "New Town": NEW + 4}},
    "added_known": {ADDED: {"new": 7, "[MASK]": 4}},
    "added_special": {ADDED: {"NEW": NEW, "[MASK]": 4}, MAP: {"mask_token": "[MASK]"}},
    "map": {MAP: {"cls_token": "[SEP]", "mask_token": token("[MASK]", lstrip=True)}},
    "map_over_config": {MAP: {"cls_token": "[SEP]"}, CONFIG: {"cls_token": "new"}},
    "map_extra": {MAP: {"additional_special_tokens": ["NEW", "[new]"]}},
    "map_extra_and_config": {CONFIG: {"extra_special_tokens": ["the"]},
                             MAP: {"extra_special_tokens": ["[new]", token("NEW", lstrip=True)]}},
    "map_additional_and_config": {CONFIG: {"additional_special_tokens": ["the"]},
                                  MAP: {"additional_special_tokens": ["[new]"]}},
    "map_additional_added": {MAP: {"additional_special_tokens": ["New"]}, ADDED: {"New": NEW}},
    "map_extra_added": {MAP: {"extra_special_tokens": ["New"]}, ADDED: {"New": NEW}},
    "decoder_over_all": {CONFIG: {"added_tokens_decoder": DECODER | {str(NEW): token("NEW")}},
                         MAP: {"cls_token": "new"}, ADDED: {"town": TOWN}},
    "decoder_gap": {CONFIG: {"added_tokens_decoder": DECODER | {"99999": token("NEW")}}},
    "json_plain": {JSON: bert_json(lowercase=True), CONFIG: {}},
    "json_cased": {JSON: bert_json(lowercase=False), CONFIG: {"do_lower_case": False}},
    "json_stated": {JSON: bert_json(lowercase=False), CONFIG: {"do_lower_case": True}},
    "json_whole": {JSON: bert_json(lowercase=False, clean_text=False), CONFIG: WHOLE},
    "json_whole_added": {JSON: bert_json(lowercase=False), CONFIG: WHOLE,
                         ADDED: {"NEW": NEW}, MAP: {"mask_token": token("[MASK]", rstrip=True)}},
    "json_whole_backend": {JSON: bert_json(strip_accents=False),
                           CONFIG: {"tokenizer_class": "TokenizersBackend"}},
    "json_decoder": {JSON: with_tokens(bert_json(), AddedToken("town")),
                     CONFIG: {"added_tokens_decoder": DECODER | {str(NEW): token("NEW")}}},
    "json_whole_decoder": {
        JSON: with_tokens(bert_json(), AddedToken("NEW", lstrip=True, normalized=False)),
        CONFIG: WHOLE | {"added_tokens_decoder": {str(NEW): token("NEW", rstrip=True)}}},
    "json_tokens": {JSON: with_tokens(bert_json(), AddedToken("NEW"), AddedToken("New Town")),
                    CONFIG: {}},
    "json_added_json": {JSON: with_tokens(bert_json(), AddedToken("NEW")), ADDED: {"town": TOWN}},
    "json_alone": {JSON: with_tokens(bert_json(lowercase=False), AddedToken("#", single_word=True)),
                   "config.json": None},
    "repeated_lines": {"vocab.txt": "\n".join([*WORDS, "new", "", "", "a ", "é\u3000", "x"])},
    "windows_lines": {"vocab.txt": "\r\n".join(WORDS) + "\r\n"},
    "byte_order_mark": {"vocab.txt": "\ufeff" + "\n".join(["town", *WORDS])},
    "no_mask": {"vocab.txt": "\n".join(word for word in WORDS if word != "[MASK]")},
} | {
    f"rule_{index}": {CONFIG: {"added_tokens_decoder": DECODER | {
        str(NEW + i): token(t, **rule)
        for i, t in enumerate(("NEW", "[NEW]", "New Town", "#", "É", "中"))}}}
    for index, rule in enumerate(RULES)
}  # fmt: skip
ROBERTA: dict[str, dict] = {
    "plain": {},
    "prefix": {CONFIG: {"add_prefix_space": True, "trim_offsets": False}},
    "names": {CONFIG: {"tokenizer_class": "RobertaTokenizer", "cls_token": "new", "sep_token": "a",
                       "mask_token": added("<mask>", lstrip=True)}},
    "added": {ADDED: {"<NEW>": len(PIECES), "New Town": len(PIECES) + 1}},
    "decoder": {CONFIG: {"added_tokens_decoder": {
        "260": token("<extra>", lstrip=True), "3": token("<unk>", special=True),
        "9999": token("NEW", single_word=True, rstrip=True)}}},
    "json_plain": {JSON: roberta_json(False), CONFIG: {}},
    "json_prefix": {JSON: roberta_json(True), CONFIG: {"add_prefix_space": True}},
    "json_stated": {JSON: roberta_json(True), CONFIG: {"add_prefix_space": False}},
    "json_whole": {JSON: with_tokens(roberta_json(True), AddedToken("NEW"), AddedToken("<new>")),
                   CONFIG: WHOLE},
}  # fmt: skip


def write(folder: Path, family: str, files: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written: dict = {"config.json": {"model_type": family}}
    if JSON not in files and family == "bert":
        written["vocab.txt"] = "\n".join(WORDS) + "\n"
    if JSON not in files and family == "roberta":
        written["vocab.json"] = {piece: index for index, piece in enumerate(PIECES)}
        merges = "\n".join(" ".join(pair) for pair in MERGES)
        written["merges.txt"] = f"#version: 0.2\n{merges}\n"
    for name, content in (written | files).items():
        if content is not None:
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / name).write_bytes(text.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    texts = STRANGE + [text for text in TEXTS if len(text) < 500] + random_texts(60)
    cases = []
    for family, combinations in (("bert", BERT), ("roberta", ROBERTA)):
        for name, files in combinations.items():
            write(folder / f"{family}_{name}", family, files)
            tokenizer = AutoTokenizer.from_pretrained(folder / f"{family}_{name}")
            for text in texts:
                for max_length in (512, 8):
                    ids = tokenizer(text, truncation=True, max_length=max_length)["input_ids"]
                    data = base64.b64encode(text.encode()).decode()
                    cases.append({"tokenizer": f"{family}_{name}", "max_length": max_length,
                                  "text": data, "ids": ids})  # fmt: skip
    (folder / "cases.json").write_text(json.dumps(cases))
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
