# SPDX-License-Identifier: Apache-2.0
"""Files of a Hugging Face repository or of a local folder with the same files."""

import re
from collections.abc import Callable
from pathlib import Path

from export.checkpoint import ExportError

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")

# Gives the path of a file, or None where the repository or folder does not have it.
Fetch = Callable[[str], Path | None]


def open_folder_or_repository(identity: str, how: str) -> Fetch:
    """`how` is the advice for users without a network. Raises ExportError where `identity` is
    neither a folder nor the name of a repository."""
    folder = Path(identity)
    if folder.is_dir():
        return lambda file: folder / file if (folder / file).is_file() else None
    return open_repository(identity, how)


def open_repository(identity: str, how: str) -> Fetch:
    if not _REPOSITORY.fullmatch(identity):
        raise ExportError(
            f"{identity}: no such folder, and not the name of a Hugging Face repository"
        )
    return lambda file: _download(identity, file, how)


def weights(fetch: Fetch, identity: str, how: str) -> Path:
    """The file with the tensors; the error contains `how` where it is missing."""
    for file in WEIGHTS:
        if path := fetch(file):
            return path
    if any(fetch(f"{file}.index.json") for file in WEIGHTS):
        raise ExportError(
            f"{identity}: its weights are split over several files; save them as one first "
            "(save_pretrained with a large max_shard_size)"
        )
    raise ExportError(f"{identity}: has neither {' nor '.join(WEIGHTS)}. {how}")


def _download(repository: str, file: str, how: str) -> Path | None:
    """The file's path; without a network the library reads its local cache."""
    import huggingface_hub
    from huggingface_hub import constants, errors

    try:
        return Path(huggingface_hub.hf_hub_download(repository, file))
    except errors.LocalEntryNotFoundError as error:
        known = huggingface_hub.try_to_load_from_cache(repository, "config.json")
        if constants.HF_HUB_OFFLINE and isinstance(known, str):
            return None  # Only the cache may be used, which has the repository but not this file.
        raise _refused(repository, error.__cause__ or error, how) from None
    except errors.EntryNotFoundError:
        return None
    except Exception as error:  # The client passes on exceptions of several HTTP libraries.
        raise _refused(repository, error, how) from None


def _refused(repository: str, error: BaseException, how: str) -> ExportError:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    address = f"https://huggingface.co/{repository}"
    return ExportError(f"cannot fetch from {address} ({reason}). {how}")
