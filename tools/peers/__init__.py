# SPDX-License-Identifier: Apache-2.0
"""Side-by-side runs of this program and of what people would use in its place."""
