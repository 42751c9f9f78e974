"""Names of diseases and findings, each with what it is confused with; = joins names of one."""

CLASSES = {
    "clot": (
        "deep vein thrombosis=DVT, pulmonary embolism, superficial vein thrombosis, cerebral "
        "venous sinus thrombosis, portal vein thrombosis"
    ),
    "rhythm": (
        "atrial fibrillation, atrial flutter, ventricular tachycardia, ventricular fibrillation"
    ),
    "pattern of fibrillation": (
        "paroxysmal atrial fibrillation, persistent atrial fibrillation, permanent atrial "
        "fibrillation"
    ),
    "valve": "mitral stenosis, aortic stenosis, mitral regurgitation",
    "heart failure": (
        "HFrEF=heart failure with reduced ejection fraction, HFpEF=heart failure with preserved "
        "ejection fraction, HFmrEF=heart failure with mildly reduced ejection fraction"
    ),
    "heart": "myocardial infarction, myocarditis, unstable angina, cardiac arrest",
    "heart muscle": "heart failure, coronary disease, atrial fibrillation, cardiomyopathy",
    "stroke": (
        "ischemic stroke=ischaemic stroke, hemorrhagic stroke=haemorrhagic stroke, subarachnoid "
        "hemorrhage=subarachnoid haemorrhage"
    ),
    "diabetes": "type 1 diabetes, type 2 diabetes, gestational diabetes, prediabetes",
    "glucose": "hypoglycemia=hypoglycaemia, hyperglycemia=hyperglycaemia",
    "potassium": "hyperkalemia=hyperkalaemia, hypokalemia=hypokalaemia",
    "pressure": "hypertension=high blood pressure, hypotension=low blood pressure",
    "pressure of an organ": (
        "portal hypertension, pulmonary hypertension, intracranial hypertension"
    ),
    "acidosis": "ketoacidosis, lactic acidosis, hyperosmolar state",
    "airways": "asthma, COPD, bronchiectasis, bronchiolitis, pneumonia, croup",
    "chest infection": (
        "community-acquired pneumonia, hospital-acquired pneumonia, aspiration pneumonia"
    ),
    "sexually transmitted": (
        "gonorrhea=gonorrhoea, chlamydial infection, syphilis, trichomoniasis"
    ),
    "chlamydia": "chlamydia, herpes",
    "stage of syphilis": (
        "primary syphilis, early latent syphilis, late latent syphilis, neurosyphilis"
    ),
    "tumour of a child": (
        "neuroblastoma, Wilms tumour=Wilms tumor=Wilms' tumour, hepatoblastoma, teratoma, lymphoma"
    ),
    "screened cancer": (
        "breast cancer, lung cancer, colorectal cancer, prostate cancer, cervical cancer, gastric "
        "cancer"
    ),
    "joint": "gout, pseudogout, rheumatoid arthritis, osteoarthritis, septic arthritis",
    "bone": "osteoporosis, osteopenia, osteomalacia",
    "pregnancy": "gestational hypertension, chronic hypertension, white-coat hypertension",
    "pre-eclampsia": "preeclampsia=pre-eclampsia, eclampsia, HELLP syndrome",
    "before or after birth": (
        "postpartum haemorrhage=postpartum hemorrhage, antepartum haemorrhage, placental abruption"
    ),
    "ear": "acute otitis media, otitis externa, otitis media with effusion, mastoiditis",
    "throat": (
        "group A streptococcal pharyngitis=streptococcal pharyngitis, viral pharyngitis, "
        "infectious mononucleosis"
    ),
    "bowel infection": (
        "Clostridioides difficile infection=Clostridium difficile infection, Salmonella "
        "infection, Campylobacter infection"
    ),
    "stomach": "Helicobacter pylori, Helicobacter heilmannii, Campylobacter jejuni",
    "gullet": "erosive esophagitis, eosinophilic esophagitis, Barrett esophagus",
    "bleeding": "variceal bleeding, ulcer bleeding, lower gastrointestinal bleeding",
    "bowel": "inflammatory bowel disease, irritable bowel syndrome, celiac disease",
    "liver": "cirrhosis, hepatitis, fatty liver",
    "liver failure": (
        "hepatic encephalopathy, hepatorenal syndrome, spontaneous bacterial peritonitis"
    ),
    "kidney": "chronic kidney disease, acute kidney injury, nephrotic syndrome",
    "organ": "renal impairment, hepatic impairment, cardiac impairment",
    "urine": "asymptomatic bacteriuria, pyelonephritis, cystitis",
    "malaria": "falciparum malaria, vivax malaria, ovale malaria",
    "tuberculosis": (
        "pulmonary tuberculosis, tuberculous meningitis, tuberculous pericarditis, latent "
        "tuberculosis"
    ),
    "infection": "sepsis, septic shock, bacteraemia",
    "shock": "anaphylaxis, urticaria, angioedema, asthma attack",
    "low counts": "neutropenia, thrombocytopenia, anemia=anaemia",
    "platelets": (
        "immune thrombocytopenia=ITP, thrombotic thrombocytopenic purpura=TTP, heparin-induced "
        "thrombocytopenia"
    ),
    "mind": "schizophrenia, bipolar disorder, dementia",
    "mood": "depression, mania",
    "anxiety": "generalised anxiety disorder, panic disorder, social anxiety disorder",
    "movement": "akathisia, parkinsonism, tardive dyskinesia, acute dystonia",
    "head": "migraine, cluster headache, tension-type headache",
    "seizure": "convulsive status epilepticus, febrile seizure, nonconvulsive status epilepticus",
    "face": "Bell's palsy, stroke, trigeminal neuralgia",
    "newborn": "hyperbilirubinemia, polycythemia, cholestasis",
    "brain of the newborn": "bilirubin encephalopathy, hypoxic encephalopathy",
    "virus": "herpes simplex virus, varicella zoster virus, cytomegalovirus",
    "allergy": "penicillin allergy, sulfa allergy, latex allergy",
    "lipid": "hypercholesterolemia=hypercholesterolaemia, hypertriglyceridemia",
    "dying": "nausea and vomiting, constipation, hiccups",
    "distress": "breathlessness, agitation, delirium",
    "finding": "hematuria=haematuria, proteinuria, pyuria, glycosuria",
    "gland": "pheochromocytoma, adrenal adenoma, adrenal hemorrhage",
}
