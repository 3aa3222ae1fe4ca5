#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure how well scores order the candidates of trained zoos: score_quality.py ZOO..."""

import sys

import project_python

project_python.require("numpy", "scipy", "safetensors", "torchvision", "matplotlib")

from zoo.quality_command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
