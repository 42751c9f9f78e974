"""The same words as they are spelt across the Atlantic, and the drugs as they are called there."""

import re
from collections.abc import Iterator

from eval.mutating.rewording import Told

AMERICAN_BRITISH = tuple(
    tuple(pair.split("/"))
    for pair in (
        "hemorrhag/haemorrhag hemoglobin/haemoglobin hemodynamic/haemodynamic "
        "hematolog/haematolog hematuria/haematuria hemolytic/haemolytic hemolysis/haemolysis "
        "hemostasis/haemostasis hemostatic/haemostatic anemia/anaemia ischemi/ischaemi "
        "glycemi/glycaemi kalemia/kalaemia bilirubinemia/bilirubinaemia lipidemia/lipidaemia "
        "hypoxemia/hypoxaemia natremia/natraemia cholesterolemia/cholesterolaemia "
        "bacteremia/bacteraemia leukemia/leukaemia tumor/tumour pediatric/paediatric "
        "edema/oedema diarrhea/diarrhoea esophag/oesophag gonorrhea/gonorrhoea center/centre "
        "anesthe/anaesthe cesarean/caesarean labor/labour behavior/behaviour "
        "counseling/counselling randomized/randomised hospitalized/hospitalised minimiz/minimis "
        "summarized/summarised recognized/recognised optimiz/optimis stabiliz/stabilis "
        "apnea/apnoea dyspnea/dyspnoea tachypnea/tachypnoea celiac/coeliac "
        "preeclampsia/pre-eclampsia orthopedic/orthopaedic fecal/faecal nebulized/nebulised "
        "generalized/generalised nonpregnant/non-pregnant nonsevere/non-severe "
        "localized/localised"
    ).split(" ")
)
NEITHER = re.compile(r"(\b(?:laborat|gastroesophag|angioedem|person-cent)\w+)", re.I)
"""What is spelt alike in both, or not by the letters that tell the others apart."""

PROPER = re.compile(r"Labor|Center|Diseases? Control|Anesthesi")
NAMES = (
    ("epinephrine", "adrenaline"),
    ("norepinephrine", "noradrenaline"),
    ("acetaminophen", "paracetamol"),
    ("albuterol", "salbutamol"),
    ("acyclovir", "aciclovir"),
    ("rifampicin", "rifampin"),
    ("furosemide", "frusemide"),
    ("chlorthalidone", "chlortalidone"),
)


def spelling(told: Told) -> Iterator[str]:
    """All words in British spelling, all in American spelling."""
    if PROPER.search(told.text):
        return
    for ours, theirs in ((0, 1), (1, 0)):
        parts = NEITHER.split(told.text)
        for pair in AMERICAN_BRITISH:
            parts[::2] = [_respelt(part, pair[ours], pair[theirs]) for part in parts[::2]]
        text = "".join(parts)
        if text != told.text:
            yield text


def drug_name(told: Told) -> Iterator[str]:
    """A drug by the name that it has in the other country."""
    for pair in NAMES:
        if all(name in told.text.lower() for name in pair):
            continue
        for old, new in (pair, pair[::-1]):
            text = _respelt(told.text, old, new, whole=True)
            if text != told.text:
                yield text


def _respelt(text: str, old: str, new: str, whole: bool = False) -> str:
    if old in new and re.search(new, text, re.I):
        return text
    bounds = (r"\b", r"\b") if whole else ("", "")
    text = re.sub(f"{bounds[0]}{old}{bounds[1]}", new, text)
    return re.sub(f"{bounds[0]}{old.capitalize()}{bounds[1]}", new.capitalize(), text)
