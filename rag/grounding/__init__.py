"""Does what a statement cites carry it?"""

from rag.grounding.gate import Evidence, Gate, Verdict

__all__ = ["Evidence", "Gate", "Verdict"]
