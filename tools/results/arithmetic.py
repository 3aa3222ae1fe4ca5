# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of a network's rows, of which `peak_matrix_flops` is the rate on the device."""

from results import schema

_WORDS = {
    "fp32": "fp32 without tensor cores",
    "tf32": "TF32 on tensor cores",
    "bf16": "bf16 on tensor cores",
    "fp16": "fp16 on tensor cores",
}


def name(architecture: str, precision: str, device: str) -> str:
    """In words. With `precision=torch`, PyTorch's default, convolutions use TF32 and matrix
    products do not (as in benchmarks/steps/roofline.h)."""
    if device == "cpu":
        return "fp32"
    if precision == "torch":
        known = schema.ARCHITECTURES.get(architecture)
        products = architecture.startswith("vit_") or (known is not None and known.input == "text")
        precision = "fp32" if products else "tf32"
    return _WORDS.get(precision, precision)
