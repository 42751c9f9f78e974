"""Answers questions from guideline summaries; every statement leads to the words it stands on."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.errors import RagError
    from rag.settings import Settings
    from rag.types import Answer, Citation

__all__ = ["Answer", "Assistant", "Citation", "RagError", "Settings"]
__version__ = "0.1.0"

_HOMES = {
    "Answer": "rag.types",
    "Assistant": "rag.assistant",
    "Citation": "rag.types",
    "RagError": "rag.errors",
    "Settings": "rag.settings",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import rag` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
