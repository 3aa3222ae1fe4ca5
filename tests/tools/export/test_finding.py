# SPDX-License-Identifier: Apache-2.0
"""Networks in what training scripts save: odd objects, dicts in dicts, prefixes, other tensors."""

import argparse
import collections
import datetime
import pathlib
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from export import state_dict, text_config
from export.checkpoint import ExportError
from export.command import main
from safetensors.torch import load_file, save_file

Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def resnet18() -> Tensors:
    torch.manual_seed(1)
    tensors = torchvision.models.resnet18().state_dict()
    return {name: tensor for name, tensor in tensors.items() if not name.startswith("fc.")}


def _export(folder: Path, content: Any, *flags: str, architecture: str = "resnet18") -> int:
    file = folder / "saved.pth"
    torch.save(content, file)
    return main([str(folder / "out"), f"state_dict:{architecture}:{file}", *flags])


def _exported(folder: Path) -> Tensors:
    return load_file(folder / "out" / "saved.safetensors")


def _assert_equal(found: Tensors, wanted: Tensors) -> None:
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def _below(prefix: str, tensors: Tensors) -> Tensors:
    return {prefix + name: tensor for name, tensor in tensors.items()}


def _other(tensors: Tensors) -> Tensors:
    return {name: tensor + 1 for name, tensor in tensors.items()}


HARMLESS = {
    "args": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("runs") / "a"),
    "simple": types.SimpleNamespace(epochs=3),
    "scalars": [np.float64(0.5), np.float32(1), np.int64(3), np.bool_(True), np.str_("a")],
    "array": np.arange(3.0),
    "dtype": np.dtype("float16"),
    "random_state": np.random.RandomState(0).get_state(),
    "history": collections.defaultdict(list, {"loss": [1.0, 2.0]}),
    "counts": collections.Counter("aab"),
    "ordered": collections.OrderedDict(a=1),
    "last": collections.deque([1, 2], maxlen=2),
    "path": Path("runs/a"),
    "windows": pathlib.PureWindowsPath("C:/runs"),
    "time": [datetime.datetime(2026, 1, 2), datetime.timedelta(1), datetime.UTC],
    "sets": [{1, 2}, frozenset({3}), slice(1, 2), range(3)],
}


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("zipped", [True, False])
def test_what_scripts_save_next_to_tensors_is_loaded(
    name: str, zipped: bool, resnet18: Tensors, tmp_path: Path
) -> None:
    file = tmp_path / "saved.pth"
    content = {"state_dict": resnet18, name: HARMLESS[name]}
    torch.save(content, file, _use_new_zipfile_serialization=zipped)
    _assert_equal(state_dict.load(file)["state_dict"], resnet18)


class Trainer:
    """An object that is not known to be harmless."""


class Attack:
    def __reduce__(self):
        return pathlib.Path.touch, (Path("attacked"),)


@pytest.mark.parametrize(("content", "named"), [(Trainer(), "Trainer"), (Attack(), "Path.touch")])
def test_other_objects_are_named_and_not_made(
    content: object, named: str, resnet18: Tensors, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _export(tmp_path, {"state_dict": resnet18, "trainer": content}) == 1
    message = capsys.readouterr().err
    assert "saved.pth: holds Python objects" in message
    assert named in message or "getattr" in message
    assert "save the state_dict() alone" in message
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize(
    ("keys", "prefix"),
    [
        ([], "module."), ([], "module.encoder_q."), ([], "backbone."), (["net"], ""),
        (["model"], "_orig_mod."), (["ema_state_dict"], "module."), (["teacher"], "backbone."),
        (["checkpoint", "generator"], "body."), (["state_dict"], "student.net."),
    ],
)  # fmt: skip
def test_the_network_is_found_by_its_names(
    keys: list[str], prefix: str, resnet18: Tensors, tmp_path: Path, capsys
) -> None:
    others = {"module.queue": torch.zeros(4, 8), "predictor.0.weight": torch.zeros(3, 3)}
    content: dict = _below(prefix, resnet18) | others
    for key in reversed(keys):
        content = {"epoch": 3, key: content, "optimizer": {"state": {0: {"m": torch.zeros(9)}}}}
    assert _export(tmp_path, content) == 0
    _assert_equal(_exported(tmp_path), resnet18)
    output = capsys.readouterr().out
    assert ("'" + ".".join(keys) + "'" in output) == bool(keys)
    below = prefix.replace("_orig_mod.", "")
    assert (f"below '{below}'" in output) == bool(below)
    assert "2 tensors that its features do not need are left out: " in output
    assert "module.queue" in output


def test_several_networks_are_named_and_chosen(resnet18: Tensors, tmp_path: Path, capsys) -> None:
    content = {
        "student": _below("backbone.", resnet18),
        "teacher": _below("backbone.", _other(resnet18)),
    }
    assert _export(tmp_path, content) == 1
    message = capsys.readouterr().err
    assert "several networks of resnet18" in message
    assert "--key='student' --prefix='backbone.'" in message
    assert "--key='teacher' --prefix='backbone.'" in message
    assert _export(tmp_path, content, "--key=teacher") == 0
    _assert_equal(_exported(tmp_path), _other(resnet18))
    assert _export(tmp_path, content, "--key=nobody") == 1
    assert "choices: 'student', 'teacher'" in capsys.readouterr().err

    content = _below("encoder_q.", resnet18) | _below("encoder_k.", _other(resnet18))
    assert _export(tmp_path, content) == 1
    assert "--prefix='encoder_k.'" in capsys.readouterr().err
    for prefix in ("encoder_q.", "encoder_q"):
        assert _export(tmp_path, content, f"--prefix={prefix}") == 0
        _assert_equal(_exported(tmp_path), resnet18)


def test_one_network_under_two_keys_is_no_choice(resnet18: Tensors, tmp_path: Path) -> None:
    assert _export(tmp_path, {"model": resnet18, "state_dict": resnet18}) == 0
    _assert_equal(_exported(tmp_path), resnet18)


def test_the_network_whose_shapes_fit_is_taken(resnet18: Tensors, tmp_path: Path) -> None:
    larger = {name: torch.zeros(7) for name in resnet18}
    assert _export(tmp_path, {"student": resnet18, "teacher": larger}) == 0
    _assert_equal(_exported(tmp_path), resnet18)


def test_wrappers_within_a_network_are_taken_off(resnet18: Tensors, tmp_path: Path) -> None:
    wrapped = {n.replace("layer1.0.", "layer1.0._orig_mod."): t for n, t in resnet18.items()}
    assert _export(tmp_path, wrapped) == 0
    _assert_equal(_exported(tmp_path), resnet18)


def test_tensors_that_are_not_needed_never_refuse(resnet18: Tensors, tmp_path: Path) -> None:
    others = {
        "fc.0.weight": torch.zeros(2, 2), "head.weight": torch.zeros(3), "step": torch.tensor(3),
        "scale": torch.zeros(4).to(torch.float8_e4m3fn), "ids": torch.zeros(2, dtype=torch.uint16),
    }  # fmt: skip
    save_file(resnet18 | others, tmp_path / "saved.safetensors")
    source = f"state_dict:resnet18:{tmp_path / 'saved.safetensors'}"
    assert main([str(tmp_path / "out"), source]) == 0
    _assert_equal(_exported(tmp_path), resnet18)


def test_a_deeper_network_is_not_cut_short(tmp_path: Path, capsys) -> None:
    assert _export(tmp_path, torchvision.models.resnet34().state_dict()) == 1
    assert "unexpected: layer1.2.conv1.weight" in capsys.readouterr().err


def test_what_is_missing_is_listed(resnet18: Tensors, tmp_path: Path, capsys) -> None:
    content = _below("module.", resnet18)
    del content["module.bn1.bias"]
    assert _export(tmp_path, {"model": content}) == 1
    assert "1 missing: bn1.bias" in capsys.readouterr().err
    assert _export(tmp_path, {"model": {"a.weight": torch.zeros(2)}}) == 1
    assert "no state dict of a resnet18 (the first names: a.weight)" in capsys.readouterr().err


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="not a regular file"):
        state_dict.load(Path("/dev/zero"))


def test_a_pooler_of_another_shape_is_left_out(tmp_path: Path) -> None:
    tensors = text_config.build("bert_base").state_dict()
    tensors |= {"pooler.dense.weight": torch.zeros(2, 2), "pooler.dense.bias": torch.zeros(2)}
    assert _export(tmp_path, tensors, architecture="bert_base") == 0
    assert not [name for name in _exported(tmp_path) if name.startswith("pooler.")]


@pytest.mark.parametrize("content", [3, [torch.zeros(1)], {"epoch": 3}])
def test_files_without_a_state_dict_say_so(content: Any, tmp_path: Path, capsys) -> None:
    assert _export(tmp_path, content) == 1
    assert "holds no state dict" in capsys.readouterr().err
