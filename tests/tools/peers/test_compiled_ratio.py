# SPDX-License-Identifier: Apache-2.0
"""The peers that compile: settings, the order of the sides, the table, and a real small run."""

import contextlib
import json
import threading
from pathlib import Path

import pytest
from peers import compiled_flags, compiled_peer, compiled_ratio, compiled_sides, program_weights
from peers.compiled_setting import CompiledSetting
from peers.peer_process import PeerError, Staying
from peers.rows import PeerResult
from results import schema
from safetensors.torch import save_file


def _ours(execution: str, seconds: float, batch: int = 8) -> dict:
    key = "" if execution == "eager" else f"execution={execution}/"
    name = f"Inference/resnet18/full/cuda/{key}layout=channels_last/batch:{batch}/manual_time"
    return {"name": name, "p50": seconds, "real_time": 1e3 * seconds, "time_unit": "ms",
            "feature_distance": 0.01}  # fmt: skip


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    (tmp_path / "program").touch()
    (tmp_path / "resnet18.safetensors").touch()
    return [f"--binary={tmp_path / 'program'}", f"--weights-dir={tmp_path}", "--device=cuda",
            "--architectures=resnet18", "--batch-sizes=8", "--precisions=torch", "--rounds=3",
            "--peers=eager,frozen_graph", f"--output={tmp_path / 'out.json'}"]  # fmt: skip


class _FakePeers:
    def __init__(self, setting: CompiledSetting, calls: list[str]) -> None:
        self.setting = setting
        self._calls = calls

    def round(self) -> dict:
        self._calls.append("peers")
        counters = {"p50": 2.0, "feature_distance": 0.02}
        return {
            ("eager", 8): PeerResult(2.0, counters),
            ("frozen_graph", 8): PeerResult(1.0, counters | {"p50": 1.0, "compile_seconds": 17.0}),
        }

    def end(self) -> None:
        self._calls.append("end")


def test_the_sides_take_turns_and_every_execution_has_a_ratio(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    calls: list[str] = []

    def ours(*_: object) -> tuple[list[dict], dict]:
        calls.append("ours")
        return [_ours("eager", 4.0), _ours("cuda_graph", 0.5)], {"gpu_name": "GPU"}

    def prepared(settings: list[CompiledSetting], *_: object) -> list[_FakePeers]:
        return [_FakePeers(setting, calls) for setting in settings]

    monkeypatch.setattr(compiled_sides, "ours", ours)
    monkeypatch.setattr(compiled_sides, "prepared", prepared)
    assert compiled_ratio.main(arguments) == 0
    assert compiled_ratio.main([*arguments, "--min-ratio=frozen_graph=0.98"]) == 1
    assert calls[:7] == ["ours", "peers", "peers", "ours", "ours", "peers", "end"]
    printed = capsys.readouterr().out
    for text in ("0.500", "0.250", "4.000", "2.000", "0.01 / 0.02", "17", "(below 0.98)"):
        assert text in printed
    rows = json.loads((tmp_path / "out.json").read_text())["benchmarks"]
    assert len(rows) == 3 * 4
    assert "Inference/resnet18/full/cuda/layout=channels_last/peer=frozen_graph/batch:8/" in str(
        [row["name"] for row in rows]
    )


def test_our_flags_ask_for_what_the_peers_run(arguments: list[str], tmp_path: Path) -> None:
    options = compiled_flags.parser("").parse_args(
        [*arguments, "--executions=eager,cuda_graph", f"--data-dir={tmp_path}"]
    )
    (tmp_path / "train").mkdir()
    compiled_flags.check(options)
    (setting,) = compiled_flags.settings(options)
    given = compiled_sides.our_flags(setting, options)
    assert given["executions"] == "eager,cuda_graph"
    assert (given["layouts"], given["precisions"]) == ("channels_last", "torch")
    assert (given["weights_dir"], given["data_dir"]) == (tmp_path, tmp_path)
    assert setting.weights == str(tmp_path / "resnet18.safetensors")


def test_executions_are_those_of_the_program() -> None:
    def executions(text: str) -> tuple[str, ...]:
        return compiled_flags.parser("").parse_args([f"--executions={text}"]).executions

    assert executions("all") == tuple(schema.AXES["execution"].values)
    graphs = executions("graphs")
    assert "cuda_graph" in graphs
    assert "eager" not in graphs
    assert executions("cuda_graph,eager") == ("cuda_graph", "eager")


@pytest.mark.parametrize(
    ("architecture", "layout"),
    [("efficientnet_v2_s", "channels_last"), ("vit_b_16", "contiguous"),
     ("bert_base", "contiguous")],
)  # fmt: skip
def test_convolutional_networks_have_channels_last(architecture: str, layout: str) -> None:
    setting = CompiledSetting(architecture, (1,), ("eager",), "file", precision="bf16")
    assert setting.layout == layout
    name = setting.row_name("compile", 1)
    assert name.startswith(f"Inference/{architecture}/full/cpu/")
    assert ("layout=channels_last" in name) == (layout == "channels_last")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--peers=eager_graph"], "a CPU has no CUDA graphs"),
        (["--precisions=bf16"], "--precision=bf16: on a CPU"),
        (["--batches=5"], "the 5 warm-up batches"),
        (["--peers=eager", "--min-ratio=compile=1"], "this peer is not measured"),
        (["--data-dir=/nowhere"], "--data-dir=/nowhere"),
        (["--binary=/nowhere/program"], "no such program"),
        (["--weights-dir=/nowhere"], "--weights-dir=/nowhere: it has no resnet18.safetensors"),
    ],
)
def test_bad_input_is_named(flags: list[str], message: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "program").touch()
    assert compiled_ratio.main([f"--binary={tmp_path / 'program'}", *flags]) == 2
    assert message in capsys.readouterr().err


def test_a_peer_that_fails_leaves_the_rows_of_others() -> None:
    setting = CompiledSetting("resnet18", (1, 2), ("eager",), "/nowhere.safetensors")
    with Staying("compiled_peer") as process:
        peers = compiled_sides.Peers(setting, process)
        peers.prepare()
        found = peers.round()
    assert set(found) == {("eager", 1), ("eager", 2)}
    assert all("/nowhere.safetensors" in result.error for result in found.values())


def test_an_interruption_does_not_wait_for_compilations(monkeypatch: pytest.MonkeyPatch) -> None:
    compiling, ended = threading.Event(), threading.Event()

    class Process(contextlib.nullcontext):
        def ask(self, setting: dict) -> list:
            if setting["architecture"] == "resnet18":
                compiling.wait(5)
                raise KeyboardInterrupt
            compiling.set()
            if ended.wait(5):
                raise PeerError("ended")
            return []

        def end(self) -> None:
            ended.set()

    def process(*_: object) -> Process:
        made = Process()
        made.enter_result = made
        return made

    monkeypatch.setattr(compiled_sides, "Staying", process)
    settings = [CompiledSetting(name, (1,), ("eager",), "") for name in ("resnet18", "resnet50")]
    with contextlib.ExitStack() as stack, pytest.raises(KeyboardInterrupt):
        compiled_sides.prepared(settings, 2, "folder", stack)
    assert ended.is_set()


def test_a_process_that_is_ended_answers_no_more() -> None:
    with Staying("compiled_peer") as process:
        process.end()
        with pytest.raises(PeerError, match="compiled_peer failed"):
            process.ask({})


def test_weights_that_lack_tensors_are_refused(tmp_path: Path) -> None:
    import torch
    from peers import networks

    save_file({"conv1.weight": torch.zeros(64, 3, 7, 7)}, tmp_path / "w.safetensors")
    with pytest.raises(PeerError, match=r"w\.safetensors lacks 99 tensors of resnet18, as bn1"):
        program_weights.load(networks.build("resnet18"), "resnet18", tmp_path / "w.safetensors")


def test_the_latest_version_of_random_weights_is_taken(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    for name in ("v2-seed0", "v10-seed0", "v11-seed3"):
        (tmp_path / "weights" / f"vit_b_16-random-{name}.safetensors").touch()
    found = program_weights.find(None, tmp_path, "vit_b_16")
    assert found.name == "vit_b_16-random-v10-seed0.safetensors"
    with pytest.raises(PeerError, match="no weights of resnet18"):
        program_weights.find(None, tmp_path, "resnet18")


def test_a_way_that_cannot_be_prepared_is_an_error_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import torch
    from peers import forward, networks

    def build(_: str) -> torch.nn.Module:
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten())

    def prepare(network, name: str, example) -> forward.Prepared:
        if name == "compile":
            raise RuntimeError("no compiler\nand more")
        return forward.Prepared(lambda batch: 1.5 * network(batch), {})

    monkeypatch.setattr(networks, "build", build)
    monkeypatch.setattr(forward, "prepare", prepare)
    save_file({}, tmp_path / "w.safetensors")
    weights = str(tmp_path / "w.safetensors")
    setting = CompiledSetting(
        "resnet18", (2,), ("eager", "compile"), weights, batches=3, warmup_batches=1
    )
    network = compiled_peer.Network(setting)
    (_, _, eager), (_, _, compiled) = network.round()
    assert eager.counters["feature_distance"] == pytest.approx(0.5)
    assert eager.counters["batches"] == 2
    assert compiled.error == "RuntimeError: no compiler"


def test_both_sides_measure_the_same_network(tmp_path: Path, program_binary: Path) -> None:
    out = tmp_path / "out.json"
    code = compiled_ratio.main(
        [f"--binary={program_binary}", "--architectures=resnet18", "--batch-sizes=1", "--threads=1",
         "--batches=3", "--warmup-batches=1", "--rounds=1", "--peers=eager", f"--output={out}"]
    )  # fmt: skip
    assert code == 0
    ours, eager = json.loads(out.read_text())["benchmarks"]
    setting = CompiledSetting("resnet18", (1,), ("eager",), "", threads=1)
    assert eager["name"] == setting.row_name("eager", 1)
    assert ours["name"] == eager["name"].replace("/peer=eager", "")
    assert eager["feature_distance"] < 1e-5
