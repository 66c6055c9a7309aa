"""Engines' arrays and words as bytes: an NPZ file with one JSON entry. Nothing in it runs when it is read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION = 1


def packed(kind: str, said: Mapping[str, Any], arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """One compressed NPZ file."""
    head = json.dumps({"kind": kind, "version": VERSION, **said}, ensure_ascii=False).encode()
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, said=np.frombuffer(head, np.uint8), **arrays)
    return out.getvalue()


def unpacked(kind: str, data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What `packed` put in. ValueError with a sentence where the bytes are something else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as read:
            arrays = {name: read[name] for name in read.files}
        said = json.loads(arrays.pop("said").tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        raise ValueError(f"These bytes are not a stored {kind}.") from problem
    if said.get("kind") != kind or said.get("version") != VERSION:
        raise ValueError(f"These bytes are not a {kind} of version {VERSION}.")
    return said, arrays
