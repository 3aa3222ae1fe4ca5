#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write a Markdown report with plots from result files: report.py RESULTS.json... -o DIR."""

import sys

from reporting.command import main

if __name__ == "__main__":
    sys.exit(main())
