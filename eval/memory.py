"""Whether a corpus fits into memory, asked before anything is read: a guess by its size."""

from pathlib import Path

from eval.records import Misused
from eval.speed import machine

MB = 1_000_000
BASE = 1_200 * MB
"""The process with its model while it embeds."""

PER_BYTE = 15
"""Of a source, for its text as guidelines, chunks and statements, and for its vectors."""

PER_CHUNK = 12_000
READ = frozenset((".jsonl", ".xml", ".nxml", ".md"))


def refuse_larger(source: Path) -> None:
    """Raise Misused when indexing a source would take more memory than is free."""
    files = source.rglob("*") if source.is_dir() else [source]
    size = sum(f.stat().st_size for f in files if f.suffix.lower() in READ and f.is_file())
    _refuse(f"{source} ({size / MB:,.0f} MB)", BASE + PER_BYTE * size)


def refuse_more(chunks: int) -> None:
    """Raise Misused when so many chunks would take more memory than is free."""
    _refuse(f"a corpus of {chunks:,} chunks", BASE + PER_CHUNK * chunks)


def _refuse(what: str, needed: float) -> None:
    free = machine.available()
    if free is not None and needed > free:
        raise Misused(
            f"{what} takes about {needed / MB:,.0f} MB of memory to index, and {free / MB:,.0f} MB "
            "are free: give a part of it, or a larger machine"
        )
