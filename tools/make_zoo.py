#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a zoo of fine-tuned children: make_zoo.py --architecture=NAME -o FOLDER"""

import sys

import project_python

project_python.require("numpy", "PIL", "torch", "torchvision", "transformers", "safetensors")

from zoo.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
