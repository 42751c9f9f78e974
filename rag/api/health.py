"""For what watches the service."""

from fastapi import APIRouter

from rag.api.deps import Served
from rag.api.problems import RESPONSES
from rag.types import Value, VersionId

router = APIRouter(tags=["health"])


class Healthy(Value):
    """The process answers."""

    status: str = "ok"


class Ready(Healthy):
    """Questions can be answered, from this version."""

    index_version: VersionId


@router.get("/healthz")
def healthz() -> Healthy:
    """Whether the process answers."""
    return Healthy()


@router.get("/readyz", responses={503: RESPONSES[503]})
def readyz(assistant: Served) -> Ready:
    """Whether questions can be answered."""
    return Ready(index_version=assistant.warm())
