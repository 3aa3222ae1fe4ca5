#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write checkpoints and a zoo for model_search_bench: export_weights.py OUT_DIR SOURCE..."""

import sys

import project_python

project_python.require("torch", "torchvision", "transformers", "timm", "safetensors")

from export.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
