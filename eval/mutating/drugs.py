"""Names of drugs by class; = joins the names of one drug, or of two that do not differ in kind."""

CLASSES = {
    "statin": (
        "atorvastatin, rosuvastatin, simvastatin, pravastatin, lovastatin, fluvastatin, "
        "pitavastatin"
    ),
    "other lipid drug": (
        "ezetimibe, bempedoic acid, inclisiran, icosapent ethyl, fenofibrate, evolocumab, "
        "alirocumab, niacin"
    ),
    "ACE inhibitor": "enalapril, lisinopril, ramipril, captopril, perindopril, benazepril",
    "ARB": "losartan, valsartan, candesartan, irbesartan, telmisartan, olmesartan",
    "ARNI": "sacubitril-valsartan=sacubitril/valsartan, losartan-hydrochlorothiazide",
    "beta-blocker": (
        "bisoprolol, carvedilol, metoprolol succinate, metoprolol tartrate, metoprolol, "
        "propranolol, nadolol, atenolol, labetalol, timolol, nebivolol, sotalol"
    ),
    "calcium channel blocker": (
        "amlodipine, nifedipine, diltiazem, verapamil, felodipine, nicardipine"
    ),
    "diuretic": (
        "hydrochlorothiazide, chlorthalidone=chlortalidone, indapamide, furosemide=frusemide, "
        "bumetanide, torsemide, amiloride"
    ),
    "mineralocorticoid antagonist": "spironolactone, eplerenone, finerenone",
    "antihypertensive": "hydralazine, methyldopa, clonidine, minoxidil, doxazosin",
    "antiarrhythmic": (
        "amiodarone, dronedarone, flecainide, propafenone, digoxin, adenosine, dofetilide, "
        "ivabradine"
    ),
    "DOAC": "apixaban, rivaroxaban, edoxaban, dabigatran",
    "heparin": "enoxaparin, dalteparin, tinzaparin, fondaparinux, unfractionated heparin",
    "vitamin K antagonist": "warfarin, acenocoumarol, phenprocoumon",
    "antiplatelet": (
        "aspirin=acetylsalicylic acid, clopidogrel, ticagrelor, prasugrel, dipyridamole"
    ),
    "thrombolytic": "alteplase, tenecteplase, streptokinase, reteplase",
    "penicillin": (
        "amoxicillin-clavulanate=amoxicillin/clavulanate, ampicillin-sulbactam, amoxicillin, "
        "ampicillin, benzathine penicillin G=benzathine penicillin, penicillin V, aqueous "
        "crystalline penicillin G, penicillin G, dicloxacillin, flucloxacillin, "
        "piperacillin-tazobactam"
    ),
    "cephalosporin": (
        "ceftriaxone, cefotaxime, cefuroxime, cefixime, cefpodoxime, cefdinir, cephalexin, "
        "cefadroxil, ceftazidime, cefepime, cefazolin, cefaclor"
    ),
    "macrolide": "azithromycin, clarithromycin, erythromycin, roxithromycin",
    "tetracycline": "doxycycline, tetracycline, minocycline, tigecycline",
    "fluoroquinolone": "ciprofloxacin, levofloxacin, moxifloxacin, ofloxacin, norfloxacin",
    "glycopeptide": "vancomycin, fidaxomicin, teicoplanin, rifaximin",
    "other antibiotic": (
        "clindamycin, metronidazole, tinidazole, linezolid, gentamicin, tobramycin, amikacin, "
        "nitrofurantoin, fosfomycin, trimethoprim, co-trimoxazole, meropenem"
    ),
    "tuberculosis drug": (
        "isoniazid, rifampicin=rifampin, pyrazinamide, ethambutol, rifapentine, rifabutin, "
        "ethionamide, streptomycin, bedaquiline"
    ),
    "antimalarial": (
        "artesunate, artemether-lumefantrine, artemether, artesunate-amodiaquine, "
        "artesunate-mefloquine, artesunate-pyronaridine, dihydroartemisinin-piperaquine, "
        "primaquine, tafenoquine, chloroquine, quinine, mefloquine, atovaquone-proguanil, "
        "sulfadoxine-pyrimethamine"
    ),
    "antiviral": (
        "acyclovir=aciclovir, valacyclovir=valaciclovir, oseltamivir, ganciclovir, famciclovir, "
        "remdesivir"
    ),
    "antifungal": "fluconazole, itraconazole, voriconazole, amphotericin B, caspofungin",
    "antibody against infection": "palivizumab, nirsevimab, bezlotoxumab",
    "insulin": "insulin glargine, insulin degludec, insulin aspart, insulin lispro, NPH insulin",
    "SGLT2 inhibitor": "dapagliflozin, empagliflozin, canagliflozin, ertugliflozin",
    "GLP-1 agonist": "semaglutide, liraglutide, dulaglutide, exenatide, tirzepatide",
    "oral diabetes drug": (
        "metformin, glipizide, glyburide=glibenclamide, glimepiride, sitagliptin, linagliptin, "
        "pioglitazone"
    ),
    "steroid": (
        "prednisone=prednisolone, dexamethasone, hydrocortisone, methylprednisolone, "
        "betamethasone, fludrocortisone"
    ),
    "inhaler": (
        "ICS-formoterol, budesonide, beclometasone, fluticasone, formoterol, salmeterol, "
        "tiotropium, ipratropium bromide=ipratropium, salbutamol=albuterol, terbutaline, "
        "montelukast, roflumilast, theophylline, omalizumab, mepolizumab"
    ),
    "catecholamine": (
        "adrenaline=epinephrine, noradrenaline=norepinephrine, dopamine, dobutamine, vasopressin, "
        "phenylephrine"
    ),
    "antiemetic": (
        "ondansetron, granisetron, palonosetron, metoclopramide, domperidone, prochlorperazine, "
        "aprepitant, fosaprepitant, dronabinol, nabilone"
    ),
    "antipsychotic": (
        "clozapine, olanzapine, risperidone, quetiapine, aripiprazole, haloperidol, paliperidone, "
        "chlorpromazine"
    ),
    "antidepressant": (
        "fluoxetine, sertraline, citalopram, escitalopram, paroxetine, venlafaxine, duloxetine, "
        "mirtazapine, bupropion, lofepramine, amitriptyline"
    ),
    "mood stabiliser": "lithium, lamotrigine, carbamazepine",
    "antiepileptic": (
        "levetiracetam, fosphenytoin, phenytoin, valproic acid=valproate, phenobarbital, "
        "topiramate, divalproex, gabapentin, pregabalin, lacosamide"
    ),
    "benzodiazepine": "midazolam, lorazepam, diazepam, clonazepam, alprazolam",
    "anaesthetic": "propofol, thiopental, pentobarbital, ketamine, etomidate",
    "migraine drug": (
        "ubrogepant, rimegepant, atogepant, lasmiditan, sumatriptan, rizatriptan, zolmitriptan, "
        "dihydroergotamine"
    ),
    "CGRP antibody": "erenumab, fremanezumab, galcanezumab, eptinezumab",
    "analgesic": "acetaminophen=paracetamol, ibuprofen, naproxen, diclofenac, ketorolac",
    "opioid": "morphine, oxycodone, fentanyl, tramadol, codeine, hydromorphone",
    "gout drug": "allopurinol, febuxostat, probenecid, pegloticase, colchicine, anakinra",
    "antirheumatic": "methotrexate, leflunomide, sulfasalazine, hydroxychloroquine, azathioprine",
    "biologic": (
        "adalimumab, etanercept, infliximab, rituximab, tocilizumab, abatacept, golimumab"
    ),
    "JAK inhibitor": "tofacitinib, baricitinib, upadacitinib",
    "platelet drug": "eltrombopag, romiplostim, avatrombopag",
    "acid suppressant": (
        "omeprazole, esomeprazole, pantoprazole, lansoprazole, vonoprazan, famotidine, sucralfate"
    ),
    "variceal drug": "terlipressin, somatostatin, octreotide",
    "uterotonic": "oxytocin, ergometrine, misoprostol, carbetocin",
    "haemostatic": "tranexamic acid, vitamin K, recombinant factor VIIa, desmopressin",
    "electrolyte": "magnesium sulfate, calcium gluconate, potassium chloride, sodium bicarbonate",
    "cytotoxic": (
        "vincristine, vinblastine, actinomycin D, doxorubicin, daunorubicin, cyclophosphamide, "
        "cisplatin, carboplatin, oxaliplatin"
    ),
    "anticholinergic": (
        "hyoscine butylbromide, hyoscine hydrobromide, glycopyrronium bromide, atropine"
    ),
    "osmotic": "mannitol, hypertonic saline, lactulose",
}
ALIKE = (
    "hydroxyzine, hydralazine; cefotaxime, cefoxitin; metformin, metronidazole; rituximab, "
    "infliximab; clozapine, clonidine; lorazepam, alprazolam; dopamine, dobutamine; "
    "vincristine, vinorelbine; prednisone, primidone; bisoprolol, bisacodyl; labetalol, "
    "lamotrigine; rivaroxaban, rifaximin; azathioprine, azithromycin; sulfasalazine, "
    "sulfadiazine; fluoxetine, fluvastatin; methotrexate, metolazone; cefuroxime, "
    "cefpodoxime; amlodipine, amiloride; losartan, valsartan; oxytocin, octreotide; "
    "propranolol, propofol; doxycycline, dicyclomine; tramadol, trazodone; quinine, "
    "quinidine; acyclovir, ganciclovir; levetiracetam, levofloxacin; terlipressin, "
    "vasopressin"
)
"""Pairs of names that are read or heard for one another."""

CLASSES |= {f"like {pair.split(', ')[0]}": pair for pair in ALIKE.split("; ")}
KINDS = {
    "renin blocker": (
        "ACE inhibitor, angiotensin receptor blocker=ARB, β-blocker=beta-blocker, calcium channel "
        "blocker, thiazide diuretic, SGLT2 inhibitor, mineralocorticoid receptor antagonist"
    ),
    "lipid class": "statin, fibrate, PCSK9 inhibitor",
    "anticoagulant class": (
        "direct oral anticoagulant, vitamin K antagonist, low-molecular-weight heparin, "
        "antiplatelet drug, oral factor Xa inhibitor"
    ),
    "anti-inflammatory class": (
        "corticosteroid=glucocorticoid, NSAID=nonsteroidal anti-inflammatory drug, opioid"
    ),
    "acid class": (
        "proton pump inhibitor=PPI, histamine-2 receptor antagonist=H2-receptor antagonist, antacid"
    ),
    "antibiotic class": "penicillin, cephalosporin, macrolide, fluoroquinolone, beta-lactam",
    "anti-infective": "antibiotic, antiviral, antifungal",
    "bronchodilator": "LABA, LAMA, inhaled corticosteroid",
    "psychotropic": "antipsychotic, antidepressant, benzodiazepine",
    "antidepressant class": "SSRI, SNRI, tricyclic antidepressant, monoamine oxidase inhibitor",
    "receptor antagonist": (
        "NK1 receptor antagonist, 5-HT3 receptor antagonist, dopamine receptor antagonist"
    ),
    "targeted": "JAK inhibitor, TNF inhibitor, IL-6 receptor inhibitor",
    "migraine class": "triptan, ergot, CGRP monoclonal antibody",
    "fluid": "crystalloid, colloid, albumin",
    "urate class": "xanthine oxidase inhibitor, uricosuric",
}
"""Classes of drugs by what they are given for."""
