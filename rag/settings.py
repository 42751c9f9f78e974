"""The only reader of the environment and of `rag.toml`."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError
from rag.types import Audience


class Settings(BaseSettings):
    """All settings, flat and frozen: arguments over `RAG_*` variables over `rag.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", toml_file="rag.toml", frozen=True, extra="forbid"
    )

    corpus: Path = Field(Path("corpus"), description="folder of guideline summaries")
    indexes: Path = Field(Path("indexes"), description="folder that `rag refresh` writes to")
    models: Path | None = Field(None, description="exported models; default `INDEXES/models`")
    database: str = Field(
        "", description="SQLAlchemy URL; default `sqlite:///INDEXES/rag.db`, or postgresql+psycopg"
    )
    embedder: str = Field("minilm", description="`minilm`, or a sentence-transformers name or path")
    entailment: str = Field(
        "lexical-vector",
        description="what scores whether cited words carry a statement: `lexical-vector`, or a "
        "cross-encoder's name or path",
    )
    index: str = Field("local", description="where vectors and words are searched: `local`")
    generator: str = Field(
        "extractive",
        description="who writes the answer: `extractive`, or a chat model as PROVIDER:MODEL, with "
        "`gguf:PATH` for a file that llama.cpp runs",
    )
    chat_url: str = Field("", description="address of an OpenAI-compatible server, ending in /v1")
    chat_timeout_s: float = Field(60, gt=0, description="seconds that a chat model may take")
    chat_retries: int = Field(2, ge=0, le=10, description="tries again before its first word")
    chat_concurrency: int = Field(4, ge=1, description="answers that a chat model writes at once")
    chat_input_price: float = Field(0, ge=0, description="price of a million tokens that are read")
    chat_output_price: float = Field(
        0, ge=0, description="price of a million tokens that are written; answers tell their cost"
    )
    audiences: str = Field(
        "clinician,trainee",
        pattern=r"^(clinician|trainee|patient)(,(clinician|trainee|patient))*$",
        description="who is offered answers in their own words: clinician, trainee, patient; "
        "the first is the default",
    )
    top_k: int = Field(12, ge=1, le=100, description="passages given to the generator")
    enough: float = Field(
        0.40,
        ge=0,
        le=1,
        description="how far passages must meet a question to be answered from, 0 to 1; chosen on "
        "the shipped corpus, and `rag-eval run abstention` chooses it on another",
    )
    keep_versions: int = Field(5, ge=1, description="index versions kept for rollback")
    threads: int = Field(0, ge=0, description="threads for embedding; 0 means one per core")
    host: str = Field("127.0.0.1", description="address that `rag serve` binds")
    port: int = Field(8000, ge=0, le=65535, description="port that `rag serve` binds")
    hosts: str = Field(
        "",
        description="host names that requests may ask for, with commas; default: this machine's "
        "own while `host` is, else any",
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `rag.toml` in the working directory."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **arguments: Any) -> Self:
        """Read all sources; raise ConfigError naming the setting, its value, what is allowed."""
        _refuse_unknown(os.environ, set(cls.model_fields))
        try:
            return cls(**arguments)
        except ValidationError as error:
            raise ConfigError("\n".join(_explain(cls, dict(e)) for e in error.errors())) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"rag.toml: {error}") from error

    @property
    def database_url(self) -> str:
        """The database's URL, by default a SQLite file beside the index versions."""
        return self.database or f"sqlite:///{self.indexes / 'rag.db'}"

    @property
    def offered(self) -> tuple[Audience, ...]:
        """Who is offered answers in their own words, the default first."""
        return tuple(Audience(name) for name in dict.fromkeys(self.audiences.split(",")))

    @property
    def models_folder(self) -> Path:
        """Where exported models are kept."""
        return self.models or self.indexes / "models"


def _refuse_unknown(environment: Mapping[str, str], fields: set[str]) -> None:
    """`extra="forbid"` rejects a typo in the file but not in the environment."""
    names = {name for name in environment if name.upper().startswith("RAG_")}
    unknown = sorted(name for name in names if name[4:].lower() not in fields)
    if unknown:
        known = ", ".join(f"RAG_{field.upper()}" for field in sorted(fields))
        raise ConfigError(f"{', '.join(unknown)}: no such setting; known are {known}")


def _explain(cls: type[Settings], error: Mapping[str, Any]) -> str:
    """One line for one fault pydantic found: setting, value, problem, what it is for."""
    name = str(error["loc"][0])
    if name not in cls.model_fields:
        return f"{name}: no such setting in rag.toml"
    allowed = cls.model_fields[name].description
    return f"{name} (RAG_{name.upper()}) is {error['input']!r}: {error['msg']}; it is the {allowed}"
