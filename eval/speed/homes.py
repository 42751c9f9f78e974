"""Where a corpus that is measured lives with its index, apart from the user's own."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.corpus import load
from rag.settings import Settings

BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a corpus and what is built of it; `settings` lead there."""

    folder: Path
    settings: Settings

    @property
    def corpus(self) -> Path:
        """The summaries."""
        return self.settings.corpus

    @property
    def indexes(self) -> Path:
        """The index versions, with the database beside them."""
        return self.settings.indexes


def home(folder: Path, settings: Settings, corpus: Path | None = None) -> Home:
    """A home in a folder; models that are exported already are shared."""
    folder = folder.resolve()
    update = {
        "corpus": corpus or folder / "corpus",
        "indexes": folder / "indexes",
        "database": "",
        "models": settings.models_folder.resolve(),
    }
    return Home(folder, settings.model_copy(update=update))


def snapshot(corpus: Path, workspace: Path) -> tuple[Path, str]:
    """A copy of a corpus by its content, and its digest: what is measured does not change."""
    aside = workspace / ".copying"
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(corpus, aside / "corpus")
    digest = load(aside / "corpus").digest
    kept = workspace / f"corpus-{digest[:12]}"
    if not kept.exists():
        aside.rename(kept)
    shutil.rmtree(aside, ignore_errors=True)
    return kept, digest


def megabytes(paths: Iterable[Path]) -> float:
    """The size of files, and of all files below folders."""
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]))
    return round(sum(f.stat().st_size for f in files if f.is_file()) / BYTES_PER_MB, 2)
