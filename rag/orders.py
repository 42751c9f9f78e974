"""Words that are meant for a model and not for a reader, and what readers cannot see; pure.

No guideline speaks to a model, so a sentence that does is neither quoted nor evidence. This knows
the usual forms of such orders and no others: a false statement in plain words remains one.
"""

import re

_MARKUP = r"<\|[^|<>]{1,40}\|?>|\[/?INST\]|<</?SYS>>|</?s>|</?(?:start|end)_of_turn>"
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}"
    r"\b(?:above|previous|prior|earlier|preceding|instructions?|prompts?)\b"
    r"|^\W*(?:system|assistant|user|human|developer)\s*:"
    r"|\byou are (?:now |an? |the )*(?:assistant|ai|language model|chatbot)\b"
    r"|(?:^|[:,;]\s*|\b(?:and|then|instead|now|always)\s+)"
    r"(?:say|answer|reply|respond|output) (?:only |always )?(?:that|with|nothing but)\b"
    rf"|{_MARKUP}",
    re.IGNORECASE,
)
TURNS = re.compile(_MARKUP, re.IGNORECASE)
"""Marks of the turns of a conversation, as models were trained on them."""

HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
"""Characters without width, that turn the direction of writing, or that tag other text."""


def gives_orders(text: str) -> bool:
    """Whether a sentence speaks to a model."""
    return bool(ORDERS.search(HIDDEN.sub("", text)))


def visible(text: str) -> str:
    """The text as a reader sees it."""
    return HIDDEN.sub("", text)
