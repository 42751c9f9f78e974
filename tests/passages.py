"""Passages to write and to judge from."""

from rag.types import Chunk, Currency, Grade, Guideline, Kind, Passage, Role, Scores

ABOVE = "\n## Recommendations\n\n"


def passage(
    chunk_id: str,
    text: str,
    *,
    title: str = "Imaging",
    issuer: str = "ACR",
    role: Role = Role.RECOMMENDATIONS,
    grade: Grade | None = None,
    heading: str = "Recommendations",
) -> Passage:
    """A passage whose guideline says nothing else."""
    body = f"{ABOVE}{text}\n"
    guideline = Guideline(
        id=f"acr/{chunk_id}",
        title=title,
        issuer=issuer,
        kind=Kind.GUIDELINE,
        published=2024,
        specialty="radiology",
        path=f"acr/{chunk_id}.md",
        body=body,
        digest=f"digest of {chunk_id}",
    )
    chunk = Chunk(
        id=chunk_id,
        guideline_id=guideline.id,
        heading=(heading,),
        text=text,
        context=f"{title}\n{heading}",
        start=len(ABOVE),
        end=len(ABOVE) + len(text),
        role=role,
        grade=grade,
    )
    return Passage(
        rank=1,
        chunk=chunk,
        guideline=guideline,
        currency=Currency.CURRENT,
        scores=Scores(fused=1),
    )
