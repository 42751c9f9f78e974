"""A GGUF model run by llama.cpp inside this process, behind its own local address."""

from pathlib import Path

from rag.embedding.onnx import available_cores
from rag.errors import ConfigError, MissingExtra

CONTEXT_TOKENS = 8_192


class LlamaServer:
    """llama.cpp's OpenAI-compatible server on a free port of this machine."""

    model = "local"

    def __init__(self, path: str, threads: int = 0) -> None:
        file = Path(path)
        if not file.is_file():
            raise ConfigError(f"generator (RAG_GENERATOR) is gguf:{path}: there is no such file")
        try:
            import xllamacpp
        except ImportError as error:
            raise MissingExtra("xllamacpp", "local") from error
        params = xllamacpp.CommonParams()
        params.model.path = str(file)
        params.hostname, params.port, params.model_alias = "127.0.0.1", 0, {self.model}
        params.n_ctx, params.n_parallel, params.n_gpu_layers = CONTEXT_TOKENS, 1, 0
        params.cpuparams.n_threads = threads or available_cores()
        self._server = xllamacpp.Server(params)
        self.url = f"{self._server.listening_address}/v1"

    def close(self) -> None:
        """Let go of the model; its memory goes with the server."""
        self._server = None
