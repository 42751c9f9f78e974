"""The answer that the README shows says what the corpus says."""

import re
from pathlib import Path

from rag import corpus
from rag.sentences import said

ROOT = Path(__file__).parents[2]


def shown() -> list[str]:
    """The statements of the README's answer, without their numbers."""
    quoted = re.findall(r"^> ?(.*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    answer = "\n".join(quoted).split("?**")[1].split("*References*")[0]
    lines = re.sub(r"\n *(?![\n*-]|\d+\.)", " ", answer.replace("**", "")).splitlines()
    return [m[1] for line in lines if (m := re.match(r" *(?:- |\d+\. )?(.+?) (?:\[\d+\])+$", line))]


def test_every_statement_of_the_readme_stands_in_the_corpus() -> None:
    guidelines = corpus.load(ROOT / "corpus").guidelines
    sentences = {sentence for guideline in guidelines for sentence in said(guideline.body)}
    assert len(shown()) > 8
    assert set(shown()) <= sentences
