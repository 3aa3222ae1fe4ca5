#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rank checkpoints by how well their features suit your photographs: search.py MY_PHOTOS"""

import sys

import project_python

project_python.require("numpy", "safetensors")

from search.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
