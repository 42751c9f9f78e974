"""British and American spelling as one; pure."""

import re

SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"aem(?=i)", "em"),
        (r"haem", "hem"),
        (r"paed", "ped"),
        (r"oed(?=em)", "ed"),
        (r"oesoph", "esoph"),
        (r"oestr", "estr"),
        (r"anaesth", "anesth"),
        (r"orthopaed", "orthoped"),
        (r"foet", "fet"),
        (r"gynaec", "gynec"),
        (r"leuk(?:a|o)?em", "leukem"),
        (r"rrhoe", "rrhe"),
        (r"pnoe", "pne"),
        (r"faec", "fec"),
        (r"coel(?=i)", "cel"),
        (r"tumour", "tumor"),
        (r"colour", "color"),
        (r"behaviour", "behavior"),
        (r"labour", "labor"),
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations)$)", "iz"),
        (r"(?<=[a-z])ys(?=(?:e|ed|es|ing)$)", "yz"),
        (r"(?<=[a-z]{2}[bt])re(?=s?$)", "er"),
        (r"sulph", "sulf"),
        (r"programme", "program"),
    )
)


def fold_spelling(word: str) -> str:
    """The American spelling of a lower-case word in its systematic differences."""
    for pattern, american in SPELLINGS:
        word = pattern.sub(american, word)
    return word
