"""One way of writing where clinical text has several, before two texts are compared; pure."""

import re

CHANGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"[\s\u00a0\u202f]+", " "),
        (r"[‐‑]", "-"),
        (r"\basymptomatic(?: patients)?\b", "without symptoms"),
        (r"\bnon-?pregnant\b", "not pregnant"),
        (r"\bafebrile\b", "without fever"),
        (r"\buncomplicated\b", "without complications"),
        (r"\bnon-?contrast\b|\b(?:un|non-?)enhanced\b", "without contrast"),
        (r"\bnon-?severe\b", "not severe"),
        (r"\b(titrated|increased|raised|escalated)(?: up)? to\b", r"\1 to"),
        (
            r"\b(\w*(?:mammo|cardio|angio|radio|sono|veno|tomo))gra(?:m|ms|ph|phs|phic)\b",
            r"\1graphy",
        ),
        (r"n['’]t\b", " not"),
        (r"\be\.g\.", "for example"),
        (r"\bi\.e\.", "that is"),
        (r"\b(for|over|within|of) an? (day|week|month|year)\b", r"\1 1 \2"),
        (r"\bwith the exception of\b|\bthe exception (?:is|being)\b", "except"),
        (r"\bx-?rays?\b|\bradiographs?\b", "radiography"),
        (r"\bb\.?i\.?d\.?(?!\w)", "twice daily"),
        (r"\bt\.?i\.?d\.?(?!\w)", "three times daily"),
        (r"\bq\.?i\.?d\.?(?!\w)", "four times daily"),
        (r"\bq(\d{1,2}) ?h(?:ours)?\b", r"every \1 hours"),
        (r"\bper os\b|\bp\.?o\.?(?!\w)", "orally"),
        (r"\bat or (?:beyond|above|after|over) (?=\d)", "at least "),
        (r"\bat or (?:below|under|before) (?=\d)", "at most "),
        (r"\bhalf an? (hour|day|year)\b", r"0.5 \1"),
        (r"\b(\d{1,2}) ([0-6])/7\b", r"\1.\2"),
        (
            r"\b((?:suggest|recommend|prefer|favou?r|choos)\w*\b(?:(?!\. )[^;])*?) over "
            r"(?!\d|about|around|some|the (?:age|first|next|last|course)|one |two |several )",
            r"\1 rather than ",
        ),
        (r"\b(?:is|are|be) prefer(?:red|able) to\b", "preferred rather than"),
        (r"\bwithout (?:\w+ )?delay\b", "promptly"),
        (r"\bmay or may not be\b", "with or without"),
        (r"\bfrom (\d[\d.]*(?: ?\w+)?) (?:upwards?|onwards?|on|up)\b", r"at least \1"),
        (r"\buntil (?=\d+(?:\.\d+)? (?:hours|minutes|days)\b)", "up to "),
        (r"\bin place of\b|(?<=suggested )ahead of\b|(?<=recommended )ahead of\b", "rather than"),
        (r"\b(\w+)-free\b", r"without \1"),
        (r"\bzero\b", "0"),
        (r"\bfortnightly\b", "every 2 weeks"),
        (r"\bin preference to\b|\binstead of\b", "rather than"),
        (r"\bone time\b(?! (?:a|per|each|every))", "once"),
        (r"\btwo times\b(?! (?:a|per|each|every))", "twice"),
        (r"['’]s?(?= |$)", ""),
        (r"\bevery (?:other|second) (day|week|month|year)\b", r"every 2 \1s"),
        (r"\b(?:a )?fortnight\b", "2 weeks"),
        (r"\bpotentially\b|\bideally\b", ""),
        (r"\bwhether or not (?:there is |there are |they have )?", "with or without "),
    )
)


def normalised(text: str) -> str:
    """The text with its numbers, negations and usual abbreviations written one way."""
    for pattern, plain in CHANGES:
        text = pattern.sub(plain, text)
    return text
