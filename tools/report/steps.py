# SPDX-License-Identifier: Apache-2.0
"""The one table of steps: order, titles, words and colours of every figure, table and sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A step of the search: `counter` in EndToEnd rows (seconds), `doing` in sentences."""

    counter: str
    title: str
    doing: str
    colour: str


# Colours: Okabe and Ito's palette, told apart under every common colour blindness.
STEPS = (
    Step("load_model", "Load model", "loading the model", "#E69F00"),
    Step("load_data", "Load data", "loading data", "#56B4E9"),
    Step("data_to_device", "Data to device", "copying data to the device", "#009E73"),
    Step("inference", "Inference", "inference", "#0072B2"),
    Step("score", "Score", "scoring", "#CC79A7"),
    Step("other", "Other", "everything else", "#999999"),
)
COUNTERS = tuple(step.counter for step in STEPS)

# Benchmark families in the order of the search.
FAMILIES = {
    "LoadModel": "Load model",
    "LoadData": "Load data",
    "DataToDevice": "Data to device",
    "Inference": "Inference",
    "WriteActivations": "Write activations",
    "Score": "Score",
    "EndToEnd": "End to end",
    "MaxBatchSize": "Largest batch size",
}

# In these modes the loader works ahead, so `load_data` is the time spent waiting for it.
WAITING_MODES = ("prefetch",)


def title(step: Step, mode: str | None) -> str:
    return "Load data (waiting)" if _waits(step, mode) else step.title


def doing(step: Step, mode: str | None) -> str:
    return "waiting for data" if _waits(step, mode) else step.doing


def _waits(step: Step, mode: str | None) -> bool:
    return step.counter == "load_data" and mode in WAITING_MODES
