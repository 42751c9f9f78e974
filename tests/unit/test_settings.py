from pathlib import Path

import pytest

from rag.errors import ConfigError
from rag.settings import Settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_defaults_need_no_file_and_no_variable() -> None:
    settings = Settings.load()
    assert settings.embedder == "minilm"
    assert settings.database_url == "sqlite:///indexes/rag.db"
    assert settings.models_folder == Path("indexes/models")


def test_arguments_win_over_the_environment_and_that_over_the_file(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "rag.toml").write_text('top_k = 3\nport = 3\nhost = "::1"\n')
    monkeypatch.setenv("RAG_TOP_K", "4")
    monkeypatch.setenv("RAG_PORT", "4")
    settings = Settings.load(top_k=5)
    assert (settings.top_k, settings.port, settings.host) == (5, 4, "::1")


def test_a_misspelt_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_TOPK", "3")
    with pytest.raises(ConfigError, match=r"RAG_TOPK: no such setting; .*RAG_TOP_K"):
        Settings.load()


def test_a_misspelt_key_of_the_file_is_refused_by_name(empty_folder: Path) -> None:
    (empty_folder / "rag.toml").write_text("topk = 3\n")
    with pytest.raises(ConfigError, match=r"topk: no such setting in rag.toml"):
        Settings.load()


def test_a_value_out_of_range_names_setting_value_and_meaning() -> None:
    with pytest.raises(ConfigError, match=r"top_k \(RAG_TOP_K\) is 0: .*passages given"):
        Settings.load(top_k=0)


def test_a_file_that_is_not_toml_says_where(empty_folder: Path) -> None:
    (empty_folder / "rag.toml").write_text("top_k = \n")
    with pytest.raises(ConfigError, match=r"rag.toml: .*line 1"):
        Settings.load()


def test_two_corpora_have_a_database_each() -> None:
    a, b = Settings.load(indexes="a"), Settings.load(indexes="b")
    assert a.database_url != b.database_url
