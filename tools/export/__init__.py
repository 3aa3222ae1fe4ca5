# SPDX-License-Identifier: Apache-2.0
"""From checkpoints of other libraries to safetensors files and zoo entries of the program.

Data flows one way: sources -> *_source (fetch, convert) -> expected (check) -> writing, zoo.
"""
