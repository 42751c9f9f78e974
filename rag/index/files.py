"""Versions on disk: immutable folders, each with a manifest, and one pointer to what serves."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import BackendUnavailable, IndexDamaged
from rag.types import VersionId

FORMAT = "3"
"""Changes when what an index holds of equal chunks changes, words and their analysis included."""

MANIFEST, POINTER, BUILDING = "manifest.json", "CURRENT", ".building-"
VERSION = re.compile(r"[0-9]{6,}-[0-9a-f]{8}")


def seal(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest of a finished folder: the facts, and every file's size and SHA-256."""
    with _disk(folder):
        files = {
            path.relative_to(folder).as_posix(): {
                "size": path.stat().st_size,
                "sha256": _hash(path),
            }
            for path in _contents(folder)
        }
        for path in _contents(folder):
            _sync(path)
        _write(folder / MANIFEST, json.dumps({**facts, "files": files}, indent=1, sort_keys=True))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a version; raises IndexDamaged when there is none to read."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        manifest["files"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be read: run `rag refresh` to build it anew") from error
    return dict(manifest)


def check(folder: Path) -> list[str]:
    """What differs from the manifest: files missing, added, cut short or altered."""
    try:
        files = read_manifest(folder)["files"]
    except IndexDamaged as error:
        return [str(error)]
    found = {path.relative_to(folder).as_posix() for path in _contents(folder)}
    return [
        *(f"{folder / name} is missing" for name in sorted(files.keys() - found)),
        *(f"{folder / name} does not belong" for name in sorted(found - files.keys() - {MANIFEST})),
        *(
            f"{folder / name} is not as it was written"
            for name in sorted(files.keys() & found)
            if _differs(folder / name, files[name])
        ),
    ]


def current(indexes: Path) -> VersionId | None:
    """The version that the pointer names, or None; raises IndexDamaged on a pointer to nothing."""
    try:
        name = (indexes / POINTER).read_text("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if not VERSION.fullmatch(name):
        raise IndexDamaged(
            f"{indexes / POINTER} names no version: `rag rollback VERSION` points it anew"
        )
    return name


def point_to(indexes: Path, version: VersionId) -> None:
    """Let a version serve, by one rename."""
    with _disk(indexes):
        _write(indexes / f"{POINTER}.new", version)
        (indexes / f"{POINTER}.new").replace(indexes / POINTER)
        _sync(indexes)


def building(indexes: Path, version: VersionId) -> Path:
    """A new, empty folder to build a version in, beside the versions."""
    folder = indexes / f"{BUILDING}{version}"
    with _disk(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    return folder


def adopt(folder: Path, version: VersionId) -> None:
    """Give a finished folder its version's name, by one rename."""
    with _disk(folder):
        folder.rename(folder.parent / version)
        _sync(folder.parent)


def sweep(indexes: Path, keep: Collection[VersionId]) -> None:
    """Remove what was being built when something broke off, and the versions not kept."""
    kept = {*keep, current(indexes)}
    for path in indexes.iterdir():
        left = path.name.startswith(BUILDING)
        if path.is_dir() and (left or (VERSION.fullmatch(path.name) and path.name not in kept)):
            shutil.rmtree(path, ignore_errors=True)


def _contents(folder: Path) -> list[Path]:
    """Tantivy's lock files are not content."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and not path.name.endswith(".lock")
    )


def _differs(path: Path, known: Mapping[str, Any]) -> bool:
    return path.stat().st_size != known.get("size") or _hash(path) != known.get("sha256")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackendUnavailable(
            f"{path}: {error.strerror or error}; nothing has changed, what served still serves"
        ) from error
