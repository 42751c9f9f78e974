"""Yes for no and no for yes; up for down; what may be done, as what must be."""

import re
from collections.abc import Iterator

from eval.mutating import Change, Said, replaced, rules

NOT = rules(
    (
        ("should not be", "should be"),
        ("should not", "should"),
        ("must not be", "must be"),
        ("need not be", "must be"),
        ("(is|are|was|were) not recommended", r"\1 recommended"),
        (
            "(is|are|was|were) not (used|given|needed|required|covered|combined|added|taken)",
            r"\1 \2",
        ),
        ("(is|are|was|were) not (?!recommended|only|in|part|to)", r"\1 "),
        ("(was|were) not to be", r"\1 to be"),
        ("cannot be", "can be"),
        ("cannot", "can"),
        ("(?<=[a-z] )do not", "do"),
        ("may choose not to", "should choose to"),
        ("are (conditionally )?advised against", r"are \1advised"),
        ("is (conditionally )?advised against", r"is \1advised"),
        ("recommends against", "recommends"),
        ("advises against", "advises"),
        ("does not recommend", "recommends"),
        ("does not replace", "replaces"),
        ("does not cover", "covers"),
        ("does not exclude", "excludes"),
        ("do not exclude", "exclude"),
        ("does not apply", "applies"),
        ("do not apply", "apply"),
        ("do not affect", "affect"),
        ("does not prevent", "prevents"),
        ("did not prevent", "prevented"),
        ("does not", "does"),
        ("has no (?=[aeiou])", "has an "),
        ("has no (?![aeiou])", "has a "),
        ("no longer", "still"),
        ("(?<!or )without", "with"),
        ("be avoided", "be used"),
        ("(is|are) avoided", r"\1 used"),
        ("(is|are) contraindicated", r"\1 indicated"),
        ("withhold", "give"),
        ("(is|are) withheld", r"\1 given"),
        ("(is|are) harmful", r"\1 beneficial"),
        ("ineffective", "effective"),
        ("insufficient", "sufficient"),
        ("unlikely", "likely"),
        ("never", "always"),
        ("whether or not", "only if"),
    )
)
YES = rules(
    (
        ("should be", "should not be"),
        ("should (?!be|not)", "should not "),
        ("must be", "need not be"),
        (
            "(is|are|was|were) (recommended|indicated|suggested|preferred|required|needed)",
            r"\1 not \2",
        ),
        ("(is|are|was|were) (reasonable|useful|beneficial|effective|appropriate)", r"\1 not \2"),
        ("(is|are) (given|measured|treated|checked|continued|offered|repeated)", r"\1 not \2"),
        ("may be (used|given|offered|considered)", r"should not be \1"),
        ("can be (used|given|offered|considered|beneficial)", r"cannot be \1"),
        ("recommends", "does not recommend"),
        ("suggests", "does not suggest"),
        ("(covers|applies to)", r"excludes"),
        ("excludes", "does not exclude"),
        ("with or without", "with"),
        ("contraindication to", "indication for"),
    )
)
COMMAND = re.compile(
    r"^(?:Use|Give|Offer|Start|Treat|Perform|Test|Screen|Measure|Add|Prefer|Continue|Admit|Repeat|"
    r"Prescribe|Advise|Obtain|Choose|Take|Consider|Refer|Place|Switch|Extend)\b"
)
FORBIDDEN = re.compile(r"^(?:Do not|Never) (?P<verb>\w)")
AVOID = re.compile(r"^Avoid (?:routine use of |routine |repeated or prolonged courses of )?", re.I)


def negation(said: Said) -> Iterator[Change]:
    """Every denial taken away, every advice denied."""
    text = said.text
    yield from replaced(text, NOT)
    yield from replaced(text, YES)
    if match := FORBIDDEN.match(text):
        yield Change(0, match.end(), match["verb"].upper(), "do not X → X")
    if match := AVOID.match(text):
        yield Change(*match.span(), "Use ", "avoid → use")
    if match := COMMAND.match(text):
        words = f"Do not {match.group().lower()}"
        yield Change(*match.span(), words, "X → do not X")
        if match.group() in ("Use", "Prefer", "Perform"):
            yield Change(*match.span(), "Avoid", f"{match.group().lower()} → avoid")


CONSIDERED = (
    r"(?<!disorder )(?<!infection )(?<!pneumonia )(?<!syndrome )(?<!asthma )(?<!neuroblastoma )"
    r"(?<!failure )should be considered"
)
"""Of a treatment or a test; a diagnosis that is considered is not given."""

SHOWN = (
    r"(?<!\d )(?<!\) )(?<!guideline )(?<!KDIGO )suggest(s?)"
    r"(?= (?:a|that|viral|the|bacterial|group))"
)
"""Of findings."""

BODY = r"(?:(?<=\d )|(?<=guideline )|(?<=KDIGO )|(?<=update )|(?<=panel ))"
"""Stands before the verb of a body that advises."""

STRONGER = rules(
    (
        ("may be considered", "should be used"),
        ("may be considered", "should be standard"),
        ("(?:can|could) be considered", "should be used"),
        (CONSIDERED, "must always be used"),
        (CONSIDERED, "should be mandatory"),
        ("may be (offered|used|given|done|started|managed|chosen)", r"should be \1"),
        ("may be (offered|used|given|done|started|managed|chosen)", r"must be \1"),
        ("can be (offered|used|given|stopped|managed|treated)", r"should be \1"),
        ("may be preferred", "should be preferred"),
        ("may be (appropriate|beneficial|reasonable|preferable|an option)", r"is \1"),
        ("may be (appropriate|beneficial|reasonable|preferable|an option)", "is recommended"),
        ("can be (beneficial|useful)", "is recommended"),
        ("could be reasonable", "was recommended"),
        ("is reasonable", "is recommended"),
        ("was reasonable", "was recommended"),
        ("considered it reasonable", "recommended"),
        ("(is|are) suggested", r"\1 strongly recommended"),
        (BODY + "suggests", "recommends"),
        ("are suggested to", "must"),
        ("conditionally (advised|recommends)", r"strongly \1"),
        ("(?<![a-z] )Consider (?!that|pneumonia|asthma)", "Always use "),
        ("(is|are) an option", r"\1 the treatment of choice"),
        (
            "is an (?:acceptable |reasonable )?alternative(?= for| when)",
            "is the preferred treatment",
        ),
        ("allows", "requires"),
        ("allowed", "required"),
        ("(?<!who )may (?!be|not|also)(?=[a-z])", "will "),
        ("might (?=[a-z])", "will "),
        ("appears? to", "is proven to"),
        ("usually", "always"),
        ("(?<!equally )(?<!more )(?<!less )(?<!so )(?<!most )often", "always"),
        ("sometimes", "always"),
        ("generally", "always"),
        ("most(?= (?:patients|adults|children|women|people|babies|infants|cases|trials))", "all"),
        ("some(?= (?:patients|adults|children|women|people|babies|men))", "all"),
        ("selected (?=patients|infants|adults|women|stable|younger)", "all "),
        ("can cause", "will cause"),
        (SHOWN, r"prove\1"),
        ("low[- ]certainty", "high-certainty"),
    )
)  # fmt: skip
OPPOSITES = """
increase increases increased increasing | decrease decreases decreased decreasing
raise raises raised raising | lower lowers lowered lowering
reduce reduces reduced reducing reduction | increase increases increased increasing increase
decrease decreases decreased decreasing | increase increases increased increasing
improve improves improved improving | worsen worsens worsened worsening
rise rises | fall falls
start started starting begun | stop stopped stopping stopped
stop stopped stopping | continue continued continuing
continue continued continuing | stop stopped stopping
discontinued escalate shorten shortens | continued reduce prolong prolongs
prevents larger earlier better early common | causes smaller later worse late rare
fewer higher shorter rare | more lower longer common
"""
AS_ADJECTIVE = (
    r"(?! ejection| or | than average|-| limit| gastro| extremit| resp| urinary| end| pole| date|"
    r" slowly)"
)
TURNED = rules(
    [
        (rf"{old}{AS_ADJECTIVE}", new)
        for line in OPPOSITES.strip().split("\n")
        for old, new in zip(*(side.split() for side in line.split("|")), strict=True)
    ]
    + [
        ("more (effective|often|likely|accurate|cautious|severe|frequent|major)", r"less \1"),
        ("less (effective|often|likely|accurate|severe|bleeding|frequent|major)", r"more \1"),
        ("lower(?= (?:risk|dose|range|HbA1c|threshold|chance))", "higher"),
        ("abnormal", "normal"),
        (
            "positive(?= (?:result|test|urinalysis|culture|antibody|bacterial|rapid|screen))",
            "negative",
        ),
        ("negative(?= (?:result|test|rapid|urine|culture|screening|mammogram))", "positive"),
        (r"before(?! (?:the age|\d))", "after"),
        (r"after(?! (?:the age|\d))", "before"),
        ("rules out", "confirms"),
        ("rules in", "rules out"),
        ("harms?(?= (?:\\w+ )*outweighs?)", "benefits"),
        ("most likely", "least likely"),
        ("shrinks", "grows"),
    ]
)  # fmt: skip


def strengthened(said: Said) -> Iterator[Change]:
    """Every hedge as an obligation or a certainty."""
    yield from replaced(said.text, STRONGER)


def direction(said: Said) -> Iterator[Change]:
    """Every way that something goes turned round."""
    yield from replaced(said.text, TURNED)
