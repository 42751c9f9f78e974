"""Another way into the body, and another interval."""

import re
from collections.abc import Iterator

from eval.mutating import Change, Said, replaced, rules

ROUTES = rules(
    (
        ("orally", "intravenously"),
        ("orally", "rectally"),
        ("by mouth", "intravenously"),
        ("by mouth", "by injection"),
        ("oral(?= (?:steroid|antiviral|vancomycin|metronidazole|penicillin|amoxicillin|antibiotic|"
         r"antimicrobial|ciprofloxacin|nifedipine|misoprostol|cephalexin|clindamycin|azithromycin|"
         r"colchicine|clarithromycin|cefadroxil|therapy|drug|preventive|corticosteroid))",
         "intravenous"),
        ("oral(?= (?:steroid|colchicine|corticosteroid))", "topical"),
        ("oral(?= (?:vancomycin|metronidazole|misoprostol))", "rectal"),
        ("intravenous(?! access| immune| immunoglobulin)", "oral"),
        ("intravenous(?! access| immune| immunoglobulin)", "intramuscular"),
        ("intravenously(?! or)", "orally"),
        ("intravenously(?! or)", "subcutaneously"),
        ("parenteral", "oral"),
        ("(?<!or )intramuscular(?! or)", "intravenous"),
        ("(?<!or )intramuscularly(?! or)", "intravenously"),
        ("(?<!or )intramuscularly(?! or)", "subcutaneously"),
        ("subcutaneously", "intravenously"),
        ("subcutaneous", "oral"),
        ("rectal(?= (?:vancomycin|diazepam|artesunate|dose))", "oral"),
        ("intranasal", "intramuscular"),
        ("buccal", "intravenous"),
        ("sublingual", "intravenous"),
        ("inhaled(?= (?:cortico|short))", "oral"),
        ("nebuli([sz])ed", "intravenous"),
        ("systemic(?= cortico)", "inhaled"),
        ("topical", "oral"),
        ("nasogastric(?: or orogastric)? tube", "intravenous line"),
        ("into the mid-outer thigh", "into the upper arm"),
        ("percutaneous", "open"),
        ("transthoracic", "transoesophageal"),
    )
)  # fmt: skip
INTERVALS = rules(
    (
        ("once daily", "twice daily"),
        ("once daily", "once weekly"),
        ("twice daily", "once daily"),
        ("twice daily", "three times daily"),
        ("three times daily", "twice daily"),
        ("three times daily", "once daily"),
        ("four times daily", "twice daily"),
        ("four times daily", "three times daily"),
        ("once a (day|week|month|year)", r"twice a \1"),
        ("once a week", "once a day"),
        ("once a month", "once a week"),
        ("once a year", "once a month"),
        ("twice a (week|year)", r"once a \1"),
        ("every other day", "every day"),
        ("every year", "every 2 years"),
        ("every day", "every week"),
        ("every month", "every year"),
        ("(?:(?<=mg )|(?<=kg ))per day", "per dose"),
        ("per day", "per week"),
        ("per hour", "per day"),
        ("per week", "per day"),
        ("per month", "per week"),
        ("per year", "per month"),
        ("at least daily", "at least weekly"),
        ("at least hourly", "at least daily"),
        ("(?<!once )(?<!twice )(?<!times )(?<!least )daily(?! life| activit)", "weekly"),
        ("weekly", "daily"),
        ("monthly", "weekly"),
        ("yearly", "monthly"),
        ("annual", "biennial"),
        ("annually", "every 2 years"),
        ("biennial", "annual"),
        ("single(?= (?:\\w+ )?(?:\\w+ )?dose)", "daily"),
        ("given once", "given twice"),
        ("repeated once", "repeated as often as needed"),
        ("continuous(?= infusion)", "intermittent"),
    )
)
EVERY = re.compile(
    r"\bevery (?P<n>\d+|two|three|four|six|ten)"
    r"(?= (?:hours|days|weeks|months|years|minutes))"
)
SPELT = {"two": 2, "three": 3, "four": 4, "six": 6, "ten": 10}


def route(said: Said) -> Iterator[Change]:
    """Every route as another one."""
    yield from replaced(said.text, ROUTES)


def interval(said: Said) -> Iterator[Change]:
    """Every interval longer and shorter."""
    yield from replaced(said.text, INTERVALS)
    for match in EVERY.finditer(said.text):
        count = SPELT.get(match["n"]) or int(match["n"])
        for other in {2 * count, max(count // 2, 2)} - {count}:
            yield Change(*match.span(), f"every {other}", "every N → every N")
