# SPDX-License-Identifier: Apache-2.0
"""Everything that the tools know about result files: the schema, one reader with three views on its
rows, the settings of a row, and what follows from several rows. report/, compare/, track/ and
peers/ use it."""
