"""One way of writing where clinical text has several, before two texts are compared; pure."""

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import digit

NUMBER = r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"

Change = str | Callable[[re.Match[str]], str]


def _millions(match: re.Match[str]) -> str:
    return f"{match[1]}{(match[2] or '').ljust(6, '0')}"


def _power(match: re.Match[str]) -> str:
    return "1" + "0" * digit(match[1])


def _range(match: re.Match[str]) -> str:
    is_next = int(match[2]) == int(match[1]) + 1
    return f"{match[1]} to {match[2]}" if is_next else match[0]


def _operated(match: re.Match[str]) -> str:
    return f"{'before' if match[1].lower() == 'pre' else 'after'} surgery"


CHANGES: tuple[tuple[re.Pattern[str], Change], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"[\s\u00a0\u202f]+", " "),
        (r"[‐‑]", "-"),
        (r"\bmm3\b|\bcubic millimet(?:er|re)s?\b", "mm³"),
        (r"\bm2\b|\bsquare met(?:er|re)s?\b", "m²"),
        (rf"\b({NUMBER})-? ?(to|or)[- ](?=(?:{NUMBER})-)", r"\1 \2 "),
        (r"\b(\d+)-(and|or)-(?=over|above|older|up|under|below|younger)", r"\1 \2 "),
        (r"(?<=\d)( ?(?!and|or)[a-z/]+)? up to (?=\d+(?! times))", r"\1 to "),
        (
            r"(?<=\d)( ?(?:g|mg|mL|L|µg|grams?|units?)) (?:in|per) (?:any |each )?24 hours\b",
            r"\1 per day",
        ),
        (r"(?<=\d)( ?(?:g|mg|mL|µg|units?)) (?:for )?(?:each|every) (?=kg|kilo)", r"\1 per "),
        (r"\binside (?=\d)|\bin the space of (?=\d)", "within "),
        (rf"\bin ({NUMBER}) daily doses\b", r"\1 times daily"),
        ("α", "alpha"),
        ("β", "beta"),
        (r"\bhealthcare\b", "health care"),
        (r"\b(pre|post)-?op(?:erativ)?e?(?:ly)?\b", _operated),
        (r"\bcontralateral\b", "other"),
        (r"\basymptomatic(?: patients)?\b", "without symptoms"),
        (r"\bnon-?pregnant\b", "not pregnant"),
        (r"\bafebrile\b", "without fever"),
        (r"\buncomplicated\b", "without complications"),
        (r"\bnon-?contrast\b|\b(?:un|non-?)enhanced\b", "without contrast"),
        (r"\bnon-?severe\b", "not severe"),
        (
            r"\b((?:titrat|increas|rais|escalat|step)\w*(?: [a-z]+){0,2}?)(?: up)? to\b",
            r"\1 to",
        ),
        (r"\bpre-?(?=treatment\b|menopaus|procedur|transfus|admission|discharge)", "before "),
        (
            r"\bpre-(?=[a-z]{6}|(?-i:[A-Z]{2}))(?!eclam|exist|spec|term|matur|exposure|medic)",
            "before ",
        ),
        (
            r"\b(\w*(?:mammo|cardio|angio|radio|sono|veno|tomo))gra(?:m|ms|ph|phs|phic)\b",
            r"\1graphy",
        ),
        (r"n['’]t\b", " not"),
        (r"\be\.g\.", "for example"),
        (r"\bi\.e\.", "that is"),
        (
            r"\b(for|over|within|of|about|after|least|most|than|nearly|almost|up to|in) an? "
            r"(minute|hour|day|week|month|year)\b",
            r"\1 1 \2",
        ),
        (r"\b(\d+)(?:-| years?)? (to|and) (\d+)-year-olds?\b", r"\1 \2 \3 years old"),
        (r"\b(\d+)-year-olds?\b", r"\1 years old"),
        (r"\b(\d+)(?:\.(\d))? million\b(?! cells)", _millions),
        (
            r"(?<=\d) ?(g|mg|mL|µg|units?) of ([a-z]+) (?:per|for each|for every) "
            r"(kg|kilogram|day|dose|hour)\b",
            r" \1 per \3 \2",
        ),
        (
            r"\b(?:(?:over|in|during|within|for) the |(?<=['’]s )(?=first))"
            r"(?:following|next|first|subsequent|past|last|previous|preceding) "
            r"(?=\w+(?:\.\d+)?(?: to \w+)? (?:minutes|hours|days|weeks|months|years)\b(?! or))",
            "within ",
        ),
        (
            r"\b(?:over|in|during|within) the first (?=(?:minute|hour|day|week|month|year)\b)",
            "within 1 ",
        ),
        (r"\binject\w* (once )?(?:in|into) (?:a |the )?muscle\b", r"injected intramuscularly \1"),
        (r"\b(as soon) as (?:it )?(?:can be|possible)\b", r"\1"),
        (
            r"\bfrom (?:the )?age (?:of )?(\d+)(?! ?(?:to|–|-|until))(?: years?)?"
            r"(?: on| onwards?| upwards?| up)?",
            r"at least \1 years",
        ),
        (r"\bfrom (\d+) up to\b", r"\1 to"),
        (r"\bfrom (\d+) years(?: of age| old)?(?! ?(?:to|–|-|until)\b)", r"at least \1 years"),
        (r"\bfrom (\d+)(?=, )", r"at least \1"),
        (
            r"\bfrom ((?:\w+ ){0,3}(?:stage|grade|category|class) )(\d\w*) "
            r"(?:on|onwards?|upwards?|up)\b",
            r"\1at least \2",
        ),
        (r"\bbetween (?:the )?ages (?:of )?(?=\d)", "between "),
        (r"\b(\d)0s\b", r"\g<1>0 to \g<1>9 years"),
        (r"(?<![\d.])(\d{2,3}) over (\d{2,3})\b(?! ?(?:min|h|d|s|w))", r"\1/\2"),
        (r"\b(\d|two|three|four|six) (?:equal(?:ly)? )?divided doses\b", r"\1 doses"),
        (
            r"(\d ?[\w%µ/]+) or (more|less|higher|lower) (?:an?|per|each|every) "
            r"(minute|hour|day|week|month|year)\b",
            r"\1 per \3 or \2",
        ),
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
            r"\b((?:suggest|recommend|prefer|favou?r|choos)\w*\b(?:(?!\. )[^;])*?)"
            r"(?<! and)(?<! or) over "
            r"(?!\d|about|around|some|the (?:age|first|next|last|course)|one |two |several )",
            r"\1 rather than ",
        ),
        (r"\bneither ((?:(?!\. |;).){1,80}?) nor ", r"neither \1 or "),
        (r"^Should (?=[a-z][^.]*?, )", "If "),
        (r"\binto (?:a |the )?(?:muscle)\b", "intramuscularly"),
        (r"\binto (?:a |the )?vein\b", "intravenously"),
        (r"\binto (?:a |the )?joint\b", "intraarticularly"),
        (r"(?<![\d.])\b(\d) or (\d)\b(?![.\d])", _range),
        (
            r"\b(one(?= or two\b)|two(?= or three\b)|three(?= or four\b)|four(?= or five\b)) or ",
            r"\1 to ",
        ),
        (r"\bat (?:the )?(?:very )?latest\b", "at most"),
        (r"\bat (?:the )?(?:very )?earliest\b", "at least"),
        (r"\b(?:is|are|be) prefer(?:red|able) to\b", "preferred rather than"),
        (r"\bwithout (?:\w+ )?delay\b", "promptly"),
        (r"\bmay or may not be\b", "with or without"),
        (r"\bfrom (\d[\d.]*(?: ?\w+)?) (?:upwards?|onwards?|on|up(?! to))\b", r"at least \1"),
        (
            r"\buntil (?=\d+(?:\.\d+)? (?:hours|minutes|days)\b"
            r"(?! (?:before|after|prior|have|has|had|of|past)\b))",
            "up to ",
        ),
        (r"\b(hours|h|days|weeks) (?:of life|after birth)\b", r"\1 of age"),
        (r"\bup to (?=[\w.]+ (?:hours|minutes|days|weeks) before)", "until "),
        (
            r"(?<!once )(?<!twice )(?<!times )\ban? (hour|day|week|month|year) "
            r"(?=after|later|before|apart|earlier)",
            r"1 \1 ",
        ),
        (r"\b(\d+)(?:\+|-plus)(?=[ ,.)]|$)", r"at least \1"),
        (r"\b(over|under)[- ](\d+)s\b", r"people \1 \2 years"),
        (
            r"\b(\d+|two|three|four|six|eight|twelve)-(hour|dai|week|month|year)ly\b",
            lambda found: f"every {found[1]} {found[2].replace('dai', 'day')}s",
        ),
        (r"\bat (\d+|\w+)-(hour|day|week|month|year)(?:ly)? intervals\b", r"every \1 \2s"),
        (r"\bat intervals of (?=\d)|\bonce (?:in )?every (?=\d)|\bonce in (?=\d)", "every "),
        (r"\bquarterly\b", "every 3 months"),
        (r"\b(?:half|twice)[- ]yearly\b|\bbiannual(?:ly)?\b", "every 6 months"),
        (r"\b(?:a|one) decade\b", "10 years"),
        (r"\bprior (?!to\b)", "previous "),
        (r"\b(?:bring|brings|bringing|brought) ((?:(?!\. ).){1,40}? )?down\b", r"lower \1"),
        (r"\b(?:high|raised|elevated) (?:blood )?(?:glucose|sugar)\b", "hyperglycemia"),
        (r"\blow (?:blood )?(?:glucose|sugar)\b", "hypoglycemia"),
        (r"\b(?:high|raised|elevated) (?:serum )?potassium\b", "hyperkalemia"),
        (r"\blow (?:serum )?potassium\b", "hypokalemia"),
        (r"\b(?:high|raised|elevated) (?:serum )?calcium\b", "hypercalcemia"),
        (r"\blow (?:serum )?sodium\b", "hyponatremia"),
        (r"\baveraging\b", "mean"),
        (r"\bmore than half\b", "over 50%"),
        (r"\bdouble the\b", "twice the"),
        (r"\bup-?titrat(?:e[sd]?|ing|ion)\b", "raised"),
        (r"\bnurs(?:e[sd]?|ing) (?=(?:their|the|her|a) (?:newborn|baby|infant))", "breastfeeding "),
        (r"\bCYP(?=\d)", "cytochrome P450 "),
        (r"\bin place of\b|(?<=suggested )ahead of\b|(?<=recommended )ahead of\b", "rather than"),
        (r"\b(\w+)-free\b", r"without \1"),
        (r"\bzero\b", "0"),
        (r"\bfortnightly\b", "every 2 weeks"),
        (r"\bin preference to\b|\binstead of\b", "rather than"),
        (r"\b10([³⁴⁵⁶])", _power),
        (r"\bweigh(?:s|ing)? too much\b", "overweight"),
        (r"\bcut(?:s|ting)? (?:down|back)(?: on)?\b", "less"),
        (r"\bone time\b(?! (?:a|per|each|every))", "once"),
        (r"\btwo times\b(?! (?:a|per|each|every))", "twice"),
        (r"['’]s?(?= |$)", ""),
        (r"\bevery (?:other|second) (day|week|month|year)\b", r"every 2 \1s"),
        (r"\b(?:a )?fortnight\b", "2 weeks"),
        (r"\bpotentially\b|\bideally\b", ""),
        (r"\bwhether or not (?:there is |there are |they have )?", "with or without "),
    )
)


OWN = re.compile(r"((?:[^\W_][\w'’:/-]* ){1,8})\((\w*[A-Z][A-Z]+\w*)\)")
"""What stands before a bracket, and an abbreviation in it."""


def without_own(text: str) -> str:
    """The text without the abbreviations in brackets that it introduces itself."""
    return OWN.sub(lambda found: found[1] if _abbreviates(found[2], found[1]) else found[0], text)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of an abbreviation follow one another in a text, the first a word's."""
    letters = "[^()]*".join(map(re.escape, short.removesuffix("s").lower()))
    return re.search(rf"\b{letters}", long.lower()) is not None


@lru_cache(maxsize=64)
def normalised(text: str) -> str:
    """The text with its numbers, negations and usual abbreviations written one way."""
    for pattern, plain in CHANGES:
        text = pattern.sub(plain, text)
    return text
