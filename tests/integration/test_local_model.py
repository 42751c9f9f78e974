"""A GGUF model in this process; skipped by name without llama.cpp, or without a model to run."""

import os
from pathlib import Path

import httpx
import pytest

from rag.errors import ConfigError
from rag.generation import Ledger
from rag.generation.model import open_model
from rag.settings import Settings

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install '.[local]'")
MODEL = os.environ.get("TEST_GGUF", "")


@pytest.mark.parametrize("content", [b"", b"no model at all", b"GGUF\x03\x00\x00\x00"])
def test_a_file_that_holds_no_model_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"RAG_GENERATOR\) is gguf:.*model\.gguf.*whole model"):
        open_model(Settings(generator=f"gguf:{file}"))


@pytest.mark.skipif(not MODEL, reason="TEST_GGUF names no model to run")
def test_a_model_answers_until_it_is_closed_and_nobody_else() -> None:
    from rag.generation.llama import LlamaServer

    server = LlamaServer(MODEL, threads=1)
    assert server.url.startswith("http://127.0.0.1:")
    asked = {"model": server.model, "messages": [{"role": "user", "content": "Say yes."}]}
    assert httpx.post(f"{server.url}/chat/completions", json=asked).status_code == 401
    assert httpx.get(f"{server.url.removesuffix('/v1')}/slots").status_code != 200
    server.close()
    server.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/models")


@pytest.mark.skipif(not MODEL, reason="TEST_GGUF names no model to run")
def test_what_a_model_says_is_heard_and_counted() -> None:
    ledger = Ledger()
    model = open_model(Settings(generator=f"gguf:{MODEL}", threads=1, chat_timeout_s=300))
    try:
        assert model.ask([("human", "Say yes and nothing else.")], ledger).strip()
    finally:
        model.close()
    assert ledger.usage
    assert ledger.usage.input_tokens > 0
    assert ledger.usage.output_tokens > 0
