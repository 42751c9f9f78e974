"""A GGUF model run by llama.cpp inside this process, behind its own local address."""

import secrets
from pathlib import Path

from rag.embedding.onnx import available_cores
from rag.errors import ConfigError, MissingExtra

CONTEXT_TOKENS = 8_192
ERRORS_ONLY = 1


class LlamaServer:
    """llama.cpp's OpenAI-compatible server on a free port of this machine, for this process alone.

    Raises ConfigError when there is no such file, or no model in it; MissingExtra.
    """

    model = "local"

    def __init__(self, path: str, threads: int = 0) -> None:
        file, setting = Path(path), f"generator (RAG_GENERATOR) is gguf:{path}"
        if not file.is_file():
            raise ConfigError(f"{setting}: there is no such file")
        try:
            import xllamacpp
        except ImportError as error:
            raise MissingExtra("xllamacpp", "local") from error
        self.key = secrets.token_hex()
        params = xllamacpp.CommonParams()
        params.model.path = str(file)
        params.hostnames, params.port, params.model_alias = ["127.0.0.1"], 0, {self.model}
        params.api_keys, params.endpoint_slots = [self.key], False
        params.n_ctx, params.n_parallel, params.n_gpu_layers = CONTEXT_TOKENS, 1, 0
        params.cpuparams.n_threads = threads or available_cores()
        params.verbosity = ERRORS_ONLY
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise ConfigError(f"{setting}: llama.cpp finds no whole model there") from error
        self.url = f"{self._server.listening_address}/v1"

    def close(self) -> None:
        """Let go of the model; its memory goes with the server."""
        self._server = None
