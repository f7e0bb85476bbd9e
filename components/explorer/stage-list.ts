/** The stages in view order, by the ids and names that the rail, links and lessons use. */
export const stageList = [
  { id: 'regression', name: 'Regression' },
  { id: 'optimum', name: 'Optimum' },
  { id: 'limits', name: 'Token limits' },
  { id: 'challenge', name: 'Your turn' },
  { id: 'trust', name: 'Trust' },
  { id: 'space', name: 'Mixture space' },
  { id: 'runs', name: 'Runs' },
  { id: 'mixtures', name: 'Mixtures' },
  { id: 'interactions', name: 'Interactions' },
  { id: 'next', name: 'Next proxies' },
  { id: 'proxies', name: 'Train proxies' },
  { id: 'verify', name: 'Verify' },
  { id: 'export', name: 'Export' },
] as const;

export type StageId = (typeof stageList)[number]['id'];
