"""The advice given to others than it is for."""

from collections.abc import Iterator

from eval.mutating import Change, Said, replaced, rules

WHO = "(patients|adults|children|women|people|infants|persons|those|adolescents|newborns|men)"
OTHERS = rules(
    (
        ("adults(?! aged)", "children"),
        ("an adult", "a child"),
        ("(?<!an )adult", "child"),
        ("children", "adults"),
        ("a child(?!'|’)", "an adult"),
        ("(?<!a )child(?!'|’)", "adult"),
        ("infants", "adolescents"),
        ("infant(?!'|’)", "adult"),
        ("newborns", "toddlers"),
        ("newborn(?!'|’| care)", "toddler"),
        ("nonpregnant", "pregnant"),
        ("pregnant women", "women who are not pregnant"),
        ("pregnant (patients?)", r"nonpregnant \1"),
        ("in pregnancy", "outside pregnancy"),
        ("during pregnancy", "after pregnancy"),
        ("pregnant(?! women| patient| person)", "postpartum"),
        ("breastfed", "formula-fed"),
        ("formula-fed", "breastfed"),
        ("breastfeeding women", "women who do not breastfeed"),
        ("premenopausal", "postmenopausal"),
        ("postmenopausal", "premenopausal"),
        ("(?<!pregnant )(?<!every )women", "men"),
        ("(?<!every )(?<!pregnant )woman", "man"),
        ("(?<!wo)men", "women"),
        ("outpatient adults", "inpatient adults"),
        ("inpatient adults", "outpatient adults"),
        ("outpatients", "inpatients"),
        ("hospitali([sz])ed", "ambulatory"),
        ("healthy (?=patients|infants|adults|people|women)", "ill "),
        ("nonvalvular", "valvular"),
        ("asymptomatic", "symptomatic"),
        ("(?<!a)symptomatic", "asymptomatic"),
        ("hemodynamically stable", "hemodynamically unstable"),
        ("well-appearing", "ill-appearing"),
        ("non-severe", "severe"),
        ("nonsevere", "severe"),
        ("(?<!non-)severe(?= (?:\\w+ )*(?:infection|malaria|pneumonia|depression|pain|exacerbation|"
         "acute|aortic|hypertension|pre))", "mild"),
        ("mild or moderate", "severe"),
        ("uncomplicated", "complicated"),
        ("low-risk", "high-risk"),
        ("high-risk", "low-risk"),
        ("(?<!very )high risk", "low risk"),
        ("low risk", "high risk"),
        ("average[- ]risk", "high-risk"),
        ("at average risk", "at high risk"),
        ("unprovoked", "provoked"),
        ("unilateral", "bilateral"),
        ("bilateral", "unilateral"),
        ("primary prevention", "secondary prevention"),
        ("secondary prevention", "primary prevention"),
        ("initial episode", "recurrent episode"),
        ("first recurrence", "third recurrence"),
        ("newly diagnosed", "long-standing"),
        ("treatment-naive", "treatment-experienced"),
        ("compensated", "decompensated"),
        ("acute(?= (?:heart|gout|otitis|venous|isolated|migraine|stroke|ischemic|proximal|severe))",
         "chronic"),
        ("chronic(?= (?:kidney|heart|hypertension|migraine|hepatitis))", "acute"),
        ("older(?= (?:patients|people|residents|adults|women|persons|children))", "younger"),
        ("younger(?= (?:patients|people|adults|women|children|outpatients))", "older"),
        ("inpatients", "outpatients"),
        ("immunocompromised", "immunocompetent"),
        ("first trimester", "third trimester"),
        ("second trimester", "first trimester"),
        ("treatment-resistant", "newly diagnosed"),
        (WHO + " with(?! or without| a | whom| CT| MRI)", r"\1 without"),
        (WHO + r" who have(?= (?:been|had|taken|\w+ed)\b)", r"\1 who have not"),
        (WHO + r" who have(?! been| had| taken| no | sex| \w+ed\b)", r"\1 who do not have"),
        (WHO + " without", r"\1 with"),
        ("with(?= (?:pre-existing|poor prognostic|hemodynamic compromise|ventricular pre|"
         "a mechanical|hypertrophic|severe features|hypotension|diabetes|heart failure|"
         "chronic kidney|penicillin allergy|HIV|cancer|cirrhosis|ascites|pregnancy))", "without"),
        ("without(?= (?:pre-existing|poor prognostic|hemodynamic compromise|severe features|"
         "hypotension|diabetes|heart failure|chronic kidney|penicillin allergy|HIV|cancer|"
         "comorbidity|proteinuria))", "with"),
        ("kidney function", "liver function"),
    )
)  # fmt: skip
AGES = rules(
    (
        (r"aged (\d+) to (\d+) years", r"aged \2 years or older"),
        (r"aged (\d+) to (\d+) years", r"younger than \1 years"),
        (r"aged (\d+) years or older", r"of any age"),
        (r"aged (\d+) years or older", r"younger than \1 years"),
        (r"(?<!than )(\d+) months or older(?! than)", r"younger than \1 months"),
        (r"younger than (\d+) years", r"older than \1 years"),
        (r"(\d+) to (\d+) days old", r"older than \2 days"),
        (r"(\d+) through (\d+) months old", r"older than \2 months"),
        (r"weighing below (\d+) kg", r"weighing over \1 kg"),
    )
)


def population(said: Said) -> Iterator[Change]:
    """Every group of people as another one."""
    yield from replaced(said.text, OTHERS)
    yield from replaced(said.text, AGES)
