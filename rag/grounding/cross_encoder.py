"""Any cross-encoder that is on this machine as Entailment, run by torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.embedding.on_disk import load_model
from rag.errors import ConfigError
from rag.grounding.entailment import Pair

CARRIES = ("entail", "support")
"""How the label begins that says so, in the models that tell several relations apart."""


class CrossEncoderEntailment:
    """A model by name or path; its weights must be on disk, nothing is fetched.

    A model with several labels gives the probability of the one called entailment or supported, a
    model with a single one the sigmoid of its score. Text comes first and claim second, as in the
    sets that such models learn from; of text beyond the model's length it knows nothing.
    """

    least = 0.5

    def __init__(self, spec: str, threads: int = 0) -> None:
        self._model = load_model("CrossEncoder", spec, threads, "entailment")
        self._label = _label(self._model.config.id2label, spec)
        self.name = Path(spec).name

    def support(self, pairs: Sequence[Pair]) -> Sequence[float]:
        """See Entailment."""
        import torch

        several = self._label is not None
        scores = self._model.predict(
            [(text, claim) for claim, text in pairs],
            activation_fn=torch.nn.Softmax(dim=-1) if several else torch.nn.Sigmoid(),
            show_progress_bar=False,
        )
        return [float(score[self._label] if several else score) for score in scores]


def _label(labels: Mapping[int, str], spec: str) -> int | None:
    """Which of the labels says that the text carries the claim; None where there is but one."""
    if len(labels) == 1:
        return None
    found = [i for i, name in labels.items() if name.casefold().startswith(CARRIES)]
    if len(found) == 1:
        return found[0]
    raise ConfigError(
        f"entailment (RAG_ENTAILMENT) is {spec!r}: of its labels ({', '.join(labels.values())}) "
        "not exactly one is called entailment or supported; give a model that has one"
    )
