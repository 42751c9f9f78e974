# The service on embedded defaults: docker build -t guideline-rag:0.1.0 .
# To spare gigabytes of CUDA, name PyTorch's index of CPU builds (docs/operations.md):
#   docker build --build-arg TORCH_INDEX_URL=... -t guideline-rag:0.1.0 .

FROM python:3.11-slim-bookworm AS build
ARG TORCH_INDEX_URL=""
ENV PATH=/opt/venv/bin:$PATH \
    PIP_CONSTRAINT=/build/constraints.txt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY constraints.txt ./
RUN python -m venv /opt/venv \
    && torch=$(grep '^torch==' constraints.txt) \
    && { pip install ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} "$torch+cpu" \
        || pip install "$torch"; }
COPY pyproject.toml README.md LICENSE ./
COPY rag rag
COPY eval eval
RUN pip install ".[postgres]"
# The model is exported here, so that the running service never imports torch, and weights fitted to it.
RUN python -c "from pathlib import Path; from rag.embedding import open_embedder; \
from rag.grounding.recognising import Recogniser; models = Path('/opt/models'); \
Recogniser(open_embedder('minilm', models), models).open()"

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RAG_MODELS=/opt/models
RUN useradd --uid 10001 --create-home --home-dir /srv/rag rag \
    && install -d -o rag -g rag /srv/rag/indexes
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/models /opt/models
COPY corpus /srv/rag/corpus
WORKDIR /srv/rag
USER rag
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["rag", "serve", "--host", "0.0.0.0"]
