/** Test sets of a study, at most. */
export const mostTestSets = 100;
/** Characters of what a study says about its source, at most. */
export const mostDetail = 100_000;
