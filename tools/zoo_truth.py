#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare searches' rankings with a zoo's truth: zoo_truth.py RESULTS.json --truth=truth.json"""

import sys

import project_python

project_python.require("numpy", "scipy", "rich", "torch")

from zoo.truth_command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
