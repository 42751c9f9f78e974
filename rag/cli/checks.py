"""What `rag doctor` looks at; each check writes nothing and needs no other to pass."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from rag.cli.terminal import counted
from rag.corpus import load
from rag.embedding.exporting import is_whole
from rag.embedding.minilm import WEIGHTS_SHA256, check_weights, model_folder
from rag.embedding.onnx import available_cores
from rag.errors import CorpusError, RagError
from rag.index import files
from rag.settings import Settings

ROOM, LEAST_ROOM = 2 * 1024**3, 200 * 1024**2
"""Bytes: enough for an export and some versions; too few for one version."""


class Check(NamedTuple):
    """What was found on one point, and what to do about it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    advice: str = ""


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which faults are best mended."""
    return [_survive(check, settings) for check in CHECKS]


def _survive(check: Callable[[Settings], Check], settings: Settings) -> Check:
    """A check that meets an error of ours has failed; the message says what to do."""
    try:
        return check(settings)
    except RagError as error:
        return Check(check.__name__, "fail", str(error))


def python(settings: Settings) -> Check:
    """Which Python runs; an older one than can be used does not come this far."""
    return Check("python", "ok", ".".join(map(str, sys.version_info[:3])))


def packages(settings: Settings) -> Check:
    """Whether everything the package needs is installed."""
    try:
        required = metadata.requires("guideline-rag") or []
    except metadata.PackageNotFoundError:
        return Check("packages", "warn", "guideline-rag is not installed", "run scripts/install")
    return judge_packages([line for line in required if "extra ==" not in line])


def judge_packages(required: Sequence[str]) -> Check:
    """Whether each requirement, as `numpy>=2.0`, is there in some version."""
    names = [re.split(r"[^\w.-]", line)[0] for line in required]
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        return Check("packages", "fail", f"missing {', '.join(missing)}", "run scripts/install")
    return Check("packages", "ok", f"all {len(names)} are installed")


def weights(settings: Settings) -> Check:
    """Whether the packaged model is the published one."""
    if settings.embedder != "minilm":
        return Check("weights", "ok", f"{settings.embedder} is not the packaged model")
    check_weights(model_folder())
    return Check("weights", "ok", f"SHA-256 {WEIGHTS_SHA256[:16]}… as published")


def export(settings: Settings) -> Check:
    """Whether the model is exported, so that answering needs no torch."""
    if settings.embedder != "minilm":
        return Check("export", "ok", "only the packaged model is exported")
    exports = settings.models_folder.glob(f"{WEIGHTS_SHA256[:16]}-*.onnx")
    whole = next(filter(is_whole, exports), None)
    if whole is None:
        advice = "`rag refresh` makes it, in about 20 s"
        return Check("export", "warn", f"none in {settings.models_folder}", advice)
    return Check("export", "ok", str(whole))


def threads(settings: Settings) -> Check:
    """Whether embedding uses the cores there are."""
    cores = available_cores()
    if settings.threads > cores:
        found = f"{settings.threads} threads on {cores} cores"
        return Check("threads", "warn", found, "set RAG_THREADS to 0, for one per core")
    return Check("threads", "ok", f"{settings.threads or cores} on {cores} cores")


def offline(settings: Settings) -> Check:
    """Whether a library could try to reach a model hub."""
    if settings.embedder == "minilm" or os.environ.get("HF_HUB_OFFLINE") == "1":
        return Check("offline", "ok", "no model is fetched")
    return Check("offline", "warn", "HF_HUB_OFFLINE is not set", "set HF_HUB_OFFLINE=1")


def disk(settings: Settings) -> Check:
    """Whether there is room for another version."""
    here = settings.indexes.absolute()
    folder = next(path for path in (here, *here.parents) if path.exists())
    return judge_room(folder, shutil.disk_usage(folder).free)


def judge_room(folder: Path, free: int) -> Check:
    """Whether so many free bytes are enough."""
    found = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < LEAST_ROOM:
        return Check("disk", "fail", found, "make room, or set RAG_INDEXES to another disk")
    if free < ROOM:
        return Check("disk", "warn", found, "make room soon, or lower RAG_KEEP_VERSIONS")
    return Check("disk", "ok", found)


def corpus(settings: Settings) -> Check:
    """Whether every summary can be read."""
    try:
        found = load(settings.corpus)
    except CorpusError as error:
        problems = f"{counted(len(error.faults), 'fault')}, the first: {error.faults[0]}"
        return Check("corpus", "fail", problems, "`rag lint` lists them all")
    return Check(
        "corpus", "ok", f"{counted(len(found.guidelines), 'guideline')} in {settings.corpus}"
    )


def database(settings: Settings) -> Check:
    """Whether the database opens and is whole."""
    from rag.database import open_database

    path = settings.database_url.removeprefix("sqlite:///")
    if path != settings.database_url and not Path(path).is_file():
        return Check("database", "warn", "there is none yet", "run `rag refresh`")
    opened = open_database(settings.database_url)
    try:
        problems = opened.check()
    finally:
        opened.close()
    if problems:
        return Check("database", "fail", problems[0], "restore it from a copy")
    return Check("database", "ok", f"{opened.dialect} opens and is whole")


def index(settings: Settings) -> Check:
    """Whether the files of the version that serves are what was written."""
    version = files.current(settings.indexes)
    if version is None:
        return Check("index", "warn", "there is none yet", "run `rag refresh`")
    problems = files.check(settings.indexes / version)
    if problems:
        return Check("index", "fail", problems[0], "run `rag refresh`, or `rag rollback`")
    return Check("index", "ok", f"version {version} is whole; `rag verify` looks closer")


CHECKS = (
    python, packages, weights, export, threads, offline, disk, corpus, database, index,
)  # fmt: skip


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
