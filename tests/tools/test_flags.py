# SPDX-License-Identifier: Apache-2.0
"""All long flags of the Python tools are written with `-`; older spellings with `_` still work."""

import argparse
import importlib
import re
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


class _Parsing(Exception):
    """Stops a tool where it parses its flags."""


def _modules() -> list[str]:
    """Every module of tools/ that makes a parser."""
    makes_one = re.compile(r"(argparse\.ArgumentParser|_?Parser)\($|(ArgumentParser|Parser)\(\S")
    return [
        ".".join(path.relative_to(TOOLS).with_suffix("").parts)
        for path in sorted(TOOLS.rglob("*.py"))
        if "def main(" in (text := path.read_text(encoding="utf-8"))
        and any(makes_one.search(line) for line in text.splitlines())
    ]


def _parser(module: str, monkeypatch: pytest.MonkeyPatch) -> argparse.ArgumentParser:
    """The parser that the tool's main() parses its flags with."""
    found: list[argparse.ArgumentParser] = []

    def stop(self: argparse.ArgumentParser, *_: object) -> None:
        found.append(self)
        raise _Parsing

    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", stop)
    monkeypatch.setattr(sys, "argv", [module])
    with pytest.raises(_Parsing):
        importlib.import_module(module).main()
    return found[0]


def test_the_walk_finds_the_tools() -> None:
    assert {
        "calibrate_comparison", "compare.command", "make_photographs", "medians_agree",
        "paired_run", "peers.inference_ratio", "peers.load_ratio", "peers.loader_ratio",
        "zoo.command",
    } <= set(_modules())  # fmt: skip


@pytest.mark.parametrize("module", _modules())
def test_long_flags_are_written_with_hyphens(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = _parser(module, monkeypatch)
    flags = [flag for flag in parser._option_string_actions if flag.startswith("--")]
    assert "--help" in flags
    assert [flag for flag in flags if not re.fullmatch(r"--[a-z0-9]+(-[a-z0-9]+)*", flag)] == []


@pytest.mark.parametrize(
    ("module", "required", "flag", "value"),
    [
        ("inference_ratio", [], "--batch_sizes", "4"),
        ("inference_ratio", [], "--warmup_batches", "3"),
        ("inference_ratio", [], "--max_length", "64"),
        ("load_ratio", [], "--weights_dir", "folder"),
        ("load_ratio", [], "--page_caches", "cold"),
        ("load_ratio", [], "--warmup_loads", "2"),
        ("loader_ratio", [], "--data_dir", "folder"),
        ("loader_ratio", ["--data-dir=folder"], "--warmup_batches", "2"),
    ],
)
def test_older_spellings_are_accepted_silently(
    module: str, required: list[str], flag: str, value: str, capsys
) -> None:
    parser = importlib.import_module(f"peers.{module}")._parser()
    now = flag.replace("_", "-")
    expected = parser.parse_args([*required, f"{now}={value}"])
    assert parser.parse_args([*required, f"{flag}={value}"]) == expected
    assert parser.parse_args([*required, flag, value]) == expected
    assert capsys.readouterr() == ("", "")
    assert flag not in parser.format_help()


def test_values_keep_their_underscores() -> None:
    parser = importlib.import_module("peers.load_ratio")._parser()
    options = parser.parse_args(["--ours=--batch_sizes=3", "--peers=torch_load"])
    assert options.ours == ["--batch_sizes=3"]
    assert options.peers == ("torch_load",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--min-ratio=nowhere=2"], "'nowhere' is not a peer; choices: dataloader, tuned_"),
        (["--min-ratio=dali=nan"], "'nan' is not a ratio"),
        (["--min-ratio=0"], "'0' is not a ratio"),
        (["--workers=1,x"], "'x' is not a positive whole number"),
        (["--workers=²"], "'²' is not a positive whole number"),
        (["--peers=dali,cupy"], "'cupy' is unknown; choices: dataloader, tuned_"),
        (["--no_such_flag"], "--no_such_flag"),
        (["--ours=--interleave"], "'--interleave' has no value; write --FLAG=VALUE"),
    ],
)
def test_bad_values_are_named(arguments: list[str], message: str, capsys) -> None:
    parser = importlib.import_module("peers.loader_ratio")._parser()
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(["--data-dir=folder", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_minimums_of_several_peers_are_collected() -> None:
    parser = importlib.import_module("peers.loader_ratio")._parser()
    flags = ["--data-dir=folder", "--min-ratio=dali=2", "--min-ratio=1.5"]
    assert parser.parse_args(flags).min_ratio == {"dali": 2.0, "": 1.5}
