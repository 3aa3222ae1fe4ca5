# SPDX-License-Identifier: Apache-2.0
"""Results -> index.html, one page that needs no other file."""
