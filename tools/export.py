#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write results for github-action-benchmark; `export.py --help` says how."""

import sys

from track.export_command import main

if __name__ == "__main__":
    sys.exit(main())
