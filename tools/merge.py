#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Join the results of shards; `merge.py --help` says how."""

import sys

from merge.command import main

if __name__ == "__main__":
    sys.exit(main())
