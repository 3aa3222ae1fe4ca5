# SPDX-License-Identifier: Apache-2.0
"""Settings of rows with their defaults, and which of them a step depends on."""

import pytest
from results import schema, settings
from results.benchmark_name import parse

_GPU = frozenset({"nvjpeg"})


def _of(name: str, domain: str = "images") -> settings.Setting:
    parsed = parse(name)
    row = {"keys": parsed.keys, "configuration": parsed.configuration, "batch": parsed.batch}
    return settings.of(row | {"domain": domain}, _GPU)


def test_defaults_are_written_out() -> None:
    setting = _of("Inference/resnet18/last_3/cuda/precision=bf16/batch:128/manual_time")
    assert setting["layout"] == schema.DEFAULTS["layout"]
    assert (setting["precision"], setting["batch"]) == ("bf16", "128")
    assert (setting["configuration"], setting["data"]) == ("last_3", "jpeg")
    assert _of("LoadData/text/cpu/workers=2/batch:8", "text")["data"] == "text"


def test_what_other_settings_make_meaningless_is_none() -> None:
    decoded = _of("EndToEnd/resnet18/full/cuda/decoder=nvjpeg/mode=serial/batch:8")
    assert [decoded[key] for key in ("input", "transfer", "storage")] == ["-", "-", "-"]
    tail = _of("EndToEnd/resnet18/last_1/cuda/decoder=stb/mode=serial/storage=float16/batch:8")
    assert (tail["input"], tail["storage"]) == ("-", "float16")


def test_a_load_from_pinned_memory_is_not_a_copy_of_batches() -> None:
    old = _of("LoadModel/resnet18/full/cuda/transfer=pinned/manual_time")
    new = _of("LoadModel/resnet18/full/cuda/weight_transfer=pinned/manual_time")
    assert old == new
    plain = _of("LoadModel/resnet18/full/cuda/manual_time")
    assert settings.projection("LoadModel", old) != settings.projection("LoadModel", plain)


_DEPENDS = [
    ("LoadModel", "configuration heads max_length padding pooling read weight_transfer"),
    ("LoadData", "batch data decoder input max_length padding page_cache storage tokenizer "
     "workers"),
    ("DataToDevice", "batch input max_length padding tokenizer transfer"),
    ("Inference", "batch configuration execution heads layout max_length padding pooling "
     "precision threads"),
    ("Score", "classes max_length padding pooling precision probe threads"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "keys"), _DEPENDS)
def test_what_a_step_depends_on(step: str, keys: str) -> None:
    # Exactly these of the axes that this test names; a new axis is not one of them.
    # A step has exactly these of the axes named here; a new axis is not one of them.
    named = {key for _, known in _DEPENDS for key in known.split()}
    assert set(settings.depends(step)) & named == set(keys.split())


def test_plain_rows() -> None:
    cold = _of("LoadModel/resnet18/full/cpu/page_cache=cold/manual_time")
    assert not settings.plain("LoadModel", cold)
    peer = _of("Inference/resnet18/full/cuda/peer=python/batch:8/manual_time")
    assert not settings.plain("Inference", peer)
    assert settings.plain("Inference", _of("Inference/resnet18/full/cuda/batch:8/manual_time"))
