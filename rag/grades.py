"""How strong a recommendation is: the words of each grading system, never converted."""

import re

from rag.types import Grade, GradeSystem

MARK = re.compile(r"[ \t\n]*(?<!\\)\{(?P<system>[^:{}]+):[ \t]*(?P<text>[^{}]+)\}")
"""A grade as it stands at the end of a list item or paragraph: `{ESC: Class I, Level A}`."""

VOCABULARY = {
    GradeSystem.GRADE: r"([12][ABCD]|not graded|practice point|good practice (statement|point)|"
    r"best practice statement|"
    r"(strong|conditional|weak)( recommendation)?,? (high|moderate|low|very low)[- ]"
    r"(quality|certainty)( of)?( evidence)?|(strong|conditional|weak) recommendation)",
    GradeSystem.ACC_AHA: r"class (1|2a|2b|3: (no benefit|harm)|i|iia|iib|iii)"
    r"(, (loe|level) (a|b|c|b-r|b-nr|c-ld|c-eo))?",
    GradeSystem.ESC: r"class (i|iia|iib|iii)(, level [abc])?",
    GradeSystem.USPSTF: r"(grade [abcd]|i statement)",
    GradeSystem.NICE: r"(offer|consider|do not offer|do not use|refer|advise|measure|assess|ask|"
    r"discuss|use|be aware|recommended|not recommended)",
    GradeSystem.ACR: r"(usually appropriate|may be appropriate( \(disagreement\))?|"
    r"usually not appropriate)",
    GradeSystem.ADA: r"[abce]",
    GradeSystem.AAN: r"level [abcu]",
    GradeSystem.AAP: r"((grade|evidence quality:?) [abcdx], )?(strong|moderate|weak)? ?"
    r"(recommendation|option)",
    GradeSystem.ACOG: r"level [abc]",
    GradeSystem.ASCO: r"(evidence|consensus)[- ]based(, (high|intermediate|moderate|low)"
    r"( quality)?)?, (strong|moderate|weak|conditional)",
    GradeSystem.ESMO: r"(i|ii|iii|iv|v), [abcde]",
    GradeSystem.EULAR: r"(loe [1-5][ab]?|(loe [1-5][ab]?, )?gor [abcd])",
    GradeSystem.GINA: r"evidence [abcd]",
}


def parse_grade(system: str, text: str) -> Grade:
    """The grade a mark holds; raises ValueError saying what the system allows."""
    try:
        known = GradeSystem(system.strip())
    except ValueError:
        names = ", ".join(GradeSystem)
        raise ValueError(f"no grading system {system.strip()!r}: known are {names}") from None
    words = text.strip()
    if not re.fullmatch(VOCABULARY[known], words, re.IGNORECASE):
        raise ValueError(f"{words!r} is no grade of {known}")
    return Grade(system=known, text=words)
