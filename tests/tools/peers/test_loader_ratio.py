# SPDX-License-Identifier: Apache-2.0
"""The peers of the data path: arithmetic, verdict, the shape of the JSON, and real small runs."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from peers import dali_peer, dataloader_peer, loader_ratio, loader_rounds
from peers.loader_setting import LoaderSetting, Measured
from PIL import Image

ROOT = Path(__file__).parents[3]
_OURS = "LoadData/images/cpu/decoder=turbojpeg/workers=2/batch:8/manual_time"


def _rounds(*pairs: tuple[float, float], error: str | None = None) -> loader_rounds.Rounds:
    rounds = loader_rounds.Rounds()
    setting = LoaderSetting("photographs", workers=2, batch=8)
    for index, (ours, theirs) in enumerate(pairs):
        row = {"name": _OURS, "items_per_second": ours, "real_time": 1.0, "time_unit": "ms"}
        rounds.add_ours(index, "LoadData", [row], {"cpu_model": "CPU"})
        rounds.add_peer(index, setting, Measured("dali", 2, theirs, 1.0, 0.5, error=error))
    return rounds


def test_a_ratio_is_the_median_of_each_rounds() -> None:
    (ratio,) = loader_rounds.ratios(_rounds((100, 50), (300, 100), (90, 90)))
    assert ratio.rounds == (2.0, 3.0, 1.0)
    assert ratio.median == 2.0
    assert (ratio.ours, ratio.theirs) == (100, 90)


@pytest.mark.parametrize(
    ("bars", "code"), [({}, 0), ({"dali": 2.0}, 0), ({"dali": 2.01}, 1), ({"dataloader": 9}, 0)]
)
def test_the_exit_code_tells_whether_the_bars_are_reached(bars: dict, code: int) -> None:
    assert loader_rounds.exit_code(loader_rounds.ratios(_rounds((100, 50))), bars) == code


def test_a_peer_that_failed_has_no_ratio_and_loses_no_row() -> None:
    rounds = _rounds((100, 0), error="dali_peer failed: no module")
    (ratio,) = loader_rounds.ratios(rounds)
    assert ratio.error == "dali_peer failed: no module"
    assert loader_rounds.exit_code([ratio], {}) == 2
    rows = loader_rounds.document(rounds, 8)["benchmarks"]
    assert rows[0]["items_per_second"] == 100
    assert rows[1]["error_occurred"]


def test_the_json_has_the_shape_of_the_programs() -> None:
    document = loader_rounds.document(_rounds((100, 50), (110, 60)), 8)
    names = [row["name"] for row in document["benchmarks"]]
    assert names.count("LoadData/images/cpu/peer=dali/workers=2/batch:8/manual_time") == 2
    assert names.count(_OURS) == 2
    for row in document["benchmarks"]:
        assert row["repetitions"] == 2
    peer = document["benchmarks"][-1]
    assert peer["real_time"] == pytest.approx(1e3 * 8 / 60)
    assert "peer_torchvision" in document["context"]


def test_the_context_tells_of_all_runs() -> None:
    """Loading and searches are runs of their own, and so is each number of workers."""
    rounds = loader_rounds.Rounds()
    for workers in ("1", "2"):
        for step in ("LoadData", "EndToEnd"):
            context = {"option_steps": step, "option_workers": workers, "cpu_model": "CPU"}
            rounds.add_ours(0, step, [], context)
    context = loader_rounds.document(rounds, 8)["context"]
    assert context["option_steps"] == "LoadData,EndToEnd"
    assert context["option_workers"] == "1,2"
    assert context["cpu_model"] == "CPU"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--data_dir=/nowhere"], "--data_dir=/nowhere"),
        (["--data_dir={data}", "--batches=3", "--warmup_batches=3"], "--batches=3"),
        (["--data_dir={data}", "--peers=end_to_end"], "--architecture"),
        (["--data_dir={data}", "--min-ratio=libjpeg_turbo=2"], "libjpeg_turbo"),
        (["--data_dir={data}", "--binary=/nowhere/bench"], "/nowhere/bench"),
    ],
)
def test_bad_input_is_named(flags, message, photographs, capsys) -> None:
    assert loader_ratio.main([flag.format(data=photographs) for flag in flags]) == 2
    assert message in capsys.readouterr().err


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photographs")
    command = [ROOT / "tools/make_photographs.py", "--train=20", "--val=20", f"--output={folder}"]
    subprocess.run([sys.executable, *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    return folder


def test_the_peers_give_preprocessed_photographs(photographs: Path) -> None:
    setting = LoaderSetting(str(photographs), workers=1, batch=4)
    images, labels = next(iter(dataloader_peer.loader(setting)))
    first = sorted((photographs / "train").glob("*/*"))[0]
    expected = dataloader_peer.transform()(Image.open(first).convert("RGB"))
    assert images[0].equal(expected)
    assert labels.tolist()[0] == 0
    pytest.importorskip("nvidia.dali")
    batch, _ = dali_peer.pipeline(setting).run()
    dali = np.asarray(batch.as_array())
    assert dali.shape == (4, 3, 224, 224)
    # Another resize, with other rounding of the crop: near, not equal.
    assert 0 < np.abs(dali[0] - expected.numpy()).mean() < 0.2 * expected.std()


def test_all_sides_run_and_are_written(
    photographs: Path, tmp_path: Path, program_binary: Path
) -> None:
    out = tmp_path / "ratios.json"
    code = loader_ratio.main(
        [f"--data_dir={photographs}", f"--binary={program_binary}", "--workers=1", "--rounds=1",
         "--batch=4", "--batches=4", "--warmup_batches=1", f"--output={out}",
         "--peers=dataloader,dali,libjpeg_turbo"]
    )  # fmt: skip
    assert code == 0
    rows = json.loads(out.read_text())["benchmarks"]
    sides = {row["name"].partition("peer=")[2].split("/")[0] for row in rows}
    assert sides == {"", "dataloader", "dali", "libjpeg_turbo"}
    assert all(row["items_per_second"] > 0 for row in rows)


def test_a_setting_survives_the_way_to_a_peer() -> None:
    setting = LoaderSetting("folder", workers=3, architecture="resnet18", precision="bf16")
    assert LoaderSetting(**json.loads(json.dumps(dataclasses.asdict(setting)))) == setting
