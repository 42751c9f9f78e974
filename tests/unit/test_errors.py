import re

import pytest

from rag import errors
from rag.errors import CorpusError, Fault, IndexMismatch, MissingExtra, RagError

TREE = re.findall(r"- (\w+) +(\d) +(\d{3})", errors.__doc__ or "")


def test_the_docstring_draws_every_class_of_the_tree() -> None:
    classes = [cls for cls in RagError.__subclasses__() if cls.__module__ == errors.__name__]
    assert {name for name, _, _ in TREE} == {cls.__name__ for cls in classes}


@pytest.mark.parametrize(("name", "exit_code", "status"), TREE)
def test_the_docstring_gives_the_exit_code_and_status_of(
    name: str, exit_code: str, status: str
) -> None:
    cls = getattr(errors, name)
    assert (cls.exit_code, cls.http_status) == (int(exit_code), int(status))


def test_a_corpus_error_lists_every_fault_on_a_line_of_its_own() -> None:
    error = CorpusError([Fault("corpus/a/b.md", 3, "no title"), Fault("corpus/a/c.md", 1, "tab")])
    assert str(error) == "corpus/a/b.md:3: no title\ncorpus/a/c.md:1: tab"


def test_a_missing_extra_says_what_to_type() -> None:
    assert "pip install -c constraints.txt -e '.[postgres]'" in str(
        MissingExtra("psycopg", "postgres")
    )


def test_a_mismatch_says_what_is_and_what_was_expected() -> None:
    assert re.search("built with old.* ask for new", str(IndexMismatch("new", "old")))
