#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write a Markdown report with plots from result files: report.py RESULTS.json... -o DIR."""

import sys

import project_python

project_python.require("matplotlib", "pandas", "jinja2")

from report.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
