-- Whether it is an example, tolerances, own accounts and managers are declared and ratified too. What the files declare is kept anew at
-- every load, which comes before anything reads it; what was kept without these is forgotten.
update organization set declared = null;
