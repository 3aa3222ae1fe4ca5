# SPDX-License-Identifier: Apache-2.0
"""The precisions of Python's networks, with the meaning that our program gives to their names."""

# TF32 in cuDNN, TF32 in matrix products, type of weights and images
PRECISIONS = {
    "torch": (True, False, "float32"),
    "fp32": (False, False, "float32"),
    "tf32": (True, True, "float32"),
    "bf16": (True, False, "bfloat16"),
    "fp16": (True, False, "float16"),
}


def apply(precision: str):
    """Sets this process's TF32 switches; the torch.dtype of weights and images."""
    import torch

    cudnn, products, name = PRECISIONS[precision]
    torch.backends.cudnn.allow_tf32 = cudnn
    torch.backends.cuda.matmul.allow_tf32 = products
    return getattr(torch, name)
