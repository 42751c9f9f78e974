"""Names of drugs, diseases and findings: what a statement names, its source must name."""

import re
from collections.abc import Iterator

from rag.grounding.words import all_concepts
from rag.index.tokens import tokens
from rag.types import Mismatch, Reason

STEMS = (
    "mab tinib ciclib lisib parib degib zomib rafenib statin olol alol pril prilat sartan "
    "dipine gliflozin gliptin glitazone glutide natide glinide formin xaban gatran parin "
    "parinux grel cillin penem cef ceph floxacin mycin micin cycline azole conazole fungin "
    "vir vudine tegravir buvir previr asvir setron pitant triptan gepant azepam azolam "
    "barbital toin gabalin gabapentin racetam zepine triptyline ipramine oxetine pram faxine "
    "peridone apine azine idone piprazole caine curonium fentanil orphine codone coxib profen "
    "fenac oxicam steride terol tropium lukast sone solone solide nisone onide tide dronate "
    "dronic thiazide semide actone renone zolamide platin rubicin taxel bine trexate uracil "
    "fosfamide mustine thioguanine purine limus cept kinra fibrate ezetimibe prazole tidine "
    "oprost amine tinide quine sulfa oxazole dapsone zolid phylline ephrine drenaline pressin "
    "tocin poetin grastim iron ferrin calci calcitriol thyroxine thyronine thiouracil mazole "
    "bicarbonate"
)
LISTED = (
    "aspirin heparin warfarin insulin digoxin lithium clopidogrel ticagrelor prasugrel "
    "alteplase tenecteplase morphine oxycodone hydromorphone paracetamol acetaminophen "
    "ibuprofen naproxen colchicine allopurinol febuxostat probenecid methotrexate "
    "hydroxychloroquine sulfasalazine leflunomide rifampicin rifampin isoniazid pyrazinamide "
    "ethambutol artesunate artemether lumefantrine primaquine tafenoquine metronidazole "
    "tinidazole vancomycin fidaxomicin bezlotoxumab nitrofurantoin fosfomycin bismuth "
    "lactulose rifaximin albumin terlipressin octreotide carvedilol propranolol magnesium "
    "nifedipine labetalol hydralazine oxytocin carbetocin ergometrine misoprostol tranexamic "
    "mannitol saline potassium glucose dextrose epinephrine adrenaline noradrenaline "
    "norepinephrine vasopressin dobutamine hydrocortisone dexamethasone prednisone "
    "prednisolone methylprednisolone budesonide formoterol salbutamol albuterol tiotropium "
    "montelukast theophylline azithromycin roflumilast lorazepam midazolam diazepam "
    "phenobarbital phenytoin fosphenytoin valproate levetiracetam carbamazepine lamotrigine "
    "topiramate clozapine olanzapine aripiprazole haloperidol sertraline mirtazapine "
    "bupropion ketamine naloxone methadone buprenorphine vitamin folic zinc copper "
    "testosterone estrogen oestrogen progesterone tamoxifen raloxifene denosumab alendronate "
    "zoledronic finerenone spironolactone eplerenone sacubitril ivabradine vericiguat "
    "amiodarone flecainide sotalol dofetilide diltiazem verapamil adenosine metformin "
    "sulfonylurea pioglitazone tirzepatide ezetimibe niacin omega cisplatin carboplatin "
    "oxaliplatin doxorubicin cyclophosphamide vincristine dactinomycin rituximab eltrombopag "
    "romiplostim fostamatinib immunoglobulin palivizumab nirsevimab aprepitant fosaprepitant "
    "palonosetron gadolinium iodine technetium barium chlorhexidine povidone antibiotic "
    "antibiotics antiviral antifungal anticoagulant anticoagulation antiplatelet diuretic "
    "corticosteroid corticosteroids opioid benzodiazepine statin nsaid vaccine"
)
ENDINGS = (
    "itis osis oma omas emia uria pathy algia penia cytosis trophy plegia paresis rrhea "
    "rrhagia rrhage sclerosis stenosis megaly ectasis edema cele ectomy otomy ostomy plasty "
    "scopy graphy gram lysis phobia mania iasis ism"
)
DISEASES = (
    "diabetes asthma copd stroke hypertension hypotension cancer carcinoma leukemia sepsis "
    "shock gout malaria tuberculosis influenza measles hiv epilepsy migraine dementia "
    "delirium depression schizophrenia psychosis preeclampsia eclampsia jaundice cirrhosis "
    "ascites varices ulcer reflux infarction angina fibrillation flutter tachycardia "
    "bradycardia embolism aneurysm dissection fracture croup bronchiolitis otitis syphilis "
    "gonorrhea chlamydia trichomonas candida legionella pseudomonas mrsa candidiasis "
    "anaphylaxis urticaria psoriasis lupus thrombocytopenia neutropenia neuroblastoma "
    "teratoma obesity ketoacidosis hypoglycemia"
)
WORD = re.compile(r"(?<![\w.])[^\W\d_][^\W_]*(?:-[^\W_]+)*\+?")
_STEM = re.compile(rf"\w{{2,}}(?:{'|'.join(STEMS.split())})e?s?|(?:cef|ceph|sulfa)\w+", re.I)
_ENDING = re.compile(rf"\w{{2,}}(?:{'|'.join(ENDINGS.split())})", re.I)
_LISTED = {form for word in f"{LISTED} {DISEASES}".split() for form in tokens(word)}
CAPITALS = re.compile(r"(?:[A-Z]{2,}|[A-Z]+[a-z]?[A-Z]+|[A-Z]+-?\d)\w*(?:-[A-Z0-9]\w*)?s?")
ORDINARY = frozenset(
    "examine determine combine decline routine baseline outline guideline medicine confine define "
    "refine mechanism organism metabolism program diagram telegram gram line fine examined "
    "determined combined vitamine prism baptism time diagnosis prognosis hypnosis".split(" ")
)


def names(text: str) -> list[str]:
    """The drugs, diseases, procedures and abbreviations of a text, as they are written."""
    return [match[0] for match in WORD.finditer(text) if _is_name(match[0])]


def disagreements(statement: str, source: str, context: str) -> Iterator[Reason]:
    """Names of a statement that neither the source nor what it stands under holds."""
    foreign = _missing(statement, f"{source} {context}")
    if foreign:
        left = _missing(source, statement)
        for name in foreign:
            yield Reason(mismatch=Mismatch.NAME, words=name, source=left[0] if left else "")


def _is_name(word: str) -> bool:
    lower = word.lower()
    if lower in ORDINARY:
        return False
    return bool(
        CAPITALS.fullmatch(word)
        or _STEM.fullmatch(lower)
        or _ENDING.fullmatch(lower)
        or _LISTED.issuperset(tokens(word) or [""])
    )


def _missing(text: str, other: str) -> list[str]:
    """The names of a text that another has neither as written, nor in another form of it."""
    folded, held = other.casefold(), set(all_concepts(other))
    return [n for n in names(text) if n.casefold() not in folded and not _forms(n) <= held]


def _forms(name: str) -> set[str]:
    """The concepts of a name; of a compound those of its parts."""
    found = all_concepts(name)
    return set(found[1:] if len(found) > 1 else found)
