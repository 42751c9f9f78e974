"""Values to pages: the templates, and what every page of them is handed."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.api.box import AUDIENCES, Box
from rag.grounding.sufficiency import DOUBT
from rag.identity import PATTERNS
from rag.sentences import plain
from rag.types import Grade
from rag.wording import DISCLAIMERS, REASONS, REVIEWS, USE, link

WEB = Path(__file__).parent.parent / "web"


def static_path(folder: Path) -> str:
    """An address that changes with the files, so that browsers may keep them."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


STATIC = static_path(WEB / "static")


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A template as a response; text in `context` stays text."""
    settings = request.app.state.assistant.settings
    shown = {
        "box": Box(),
        "choices": None,
        "refused": None,
        "audiences": settings.offered,
        "models": settings.generator != "extractive",
    }
    return _templates.TemplateResponse(request, template, shown | context, status_code=status)


def day(moment: datetime) -> str:
    """A date as it is read: 3 March 2026."""
    return f"{moment.day} {moment:%B %Y}"


def grade_words(grade: Grade) -> str:
    """The words of a grade without the system they belong to."""
    return grade.text[:1].upper() + grade.text[1:]


def slashes(text: str) -> Markup:
    """Text that may break after a slash: titles join the names of a dozen societies with them."""
    return Markup("/<wbr>").join(text.split("/"))


_environment = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    static=STATIC,
    link=link,
    REVIEWS=REVIEWS,
    REASONS=REASONS,
    DISCLAIMERS=DISCLAIMERS,
    USE=USE,
    DOUBT=DOUBT,
    AUDIENCES=AUDIENCES,
    PATTERNS=json.dumps([pattern._asdict() for pattern in PATTERNS], ensure_ascii=False),
)
_environment.filters.update(day=day, plain=plain, grade_words=grade_words, slashes=slashes)
_templates = Jinja2Templates(env=_environment)
