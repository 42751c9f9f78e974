from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.api import create_app
from rag.assistant import Assistant
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

IMAGING = """# Imaging

## Recommendations

- Ultrasound of the abdomen comes first in a child with an abdominal mass.
  {ACR: Usually appropriate}
- Contrast-enhanced CT of the abdomen follows in a child with a calcified abdominal mass.

## Steps

1. Do ultrasound of the abdominal mass.
2. Refer the child with the abdominal mass.

## Dosing

| Drug | Dose |
| --- | --- |
| Sedation | 1 mg/kg |
"""
BIOPSY = """## Recommendations

- Biopsy of an abdominal mass in a child waits for imaging and a specialist team.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    write_summary(corpus, "acr/imaging", IMAGING, title="Imaging <b>first</b>", issuer="ACR")
    write_summary(corpus, "siop/biopsy", BIOPSY, title="Biopsy", issuer="SIOP", published="2017")
    write_summary(
        corpus,
        "siop/biopsy-2022",
        BIOPSY.replace("waits for", "comes after"),
        title="Biopsy again",
        issuer="SIOP",
        published="2022",
        more="supersedes: [siop/biopsy]\n",
    )
    return Settings(corpus=corpus, indexes=tmp_path / "indexes")


@pytest.fixture
def served(settings: Settings) -> Iterator[Assistant]:
    with Assistant(settings, HashEmbedder()) as assistant:
        assistant.refresh()
        yield assistant


@pytest.fixture
def client(settings: Settings, served: Assistant) -> Iterator[TestClient]:
    app = create_app(settings, served)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client
