#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare two results; `compare.py --help` says how."""

import sys

import project_python

project_python.require("rich", "scipy")

from compare.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
