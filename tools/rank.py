#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Score features that anyone extracted, and rank the candidates: rank.py FEATURES_DIR"""

import sys

import project_python

project_python.require("numpy", "safetensors", "rich")

from scores.rank_command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
