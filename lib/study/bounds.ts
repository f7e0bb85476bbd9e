/** Test sets of a study, at most. */
export const mostTestSets = 100;
/** Characters of what a study says about its source, at most. */
export const mostDetail = 100_000;
/** Numbers that the models from elsewhere of one study may have together to be kept with it: about 8 MB. */
export const mostImportedNumbers = 1_000_000;
