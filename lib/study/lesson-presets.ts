import type { Settings } from '../model/settings';
import type { OpenedStudy } from './from-runs';

/** Share of the text of the scarce domain in its lesson. */
const scarce = 0.05;

/** A task for a class, with what has to be set for it. */
export interface LessonPreset {
  readonly id: 'lowest' | 'two' | 'scarce';
  /** Label of the choice. */
  readonly label: string;
  /** Text of the task. */
  readonly task: string;
  readonly settings: Settings;
}

/** Tasks that suit a study: for its target, two of its targets, and its most interesting domain. */
export function lessonPresets({ study, settings }: OpenedStudy): LessonPreset[] {
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const other = study.targets.find(({ id }) => id !== target.id);
  const own = study.domains.findIndex(({ id }) => id === target.id);
  const domain = own >= 0 ? own : study.prior.weights.indexOf(Math.max(...study.prior.weights));
  const { name } = study.domains[domain];
  const { constraints, objective } = settings;
  const single = { ...objective, kind: 'single' as const, seek: 'best' as const };
  const best = target.direction === 'lower' ? 'lowest' : 'highest';
  return [
    {
      id: 'lowest',
      label: `${best === 'lowest' ? 'Lowest' : 'Highest'} ${target.name} without looking`,
      task: `Find the mixture with the ${best} predicted ${target.name}, without looking at the answer. Keep at least three attempts, then show the answer: by how much does it beat yours, and which domain did you misjudge?`,
      settings: { ...settings, objective: single },
    },
    ...(other
      ? [
          {
            id: 'two' as const,
            label: `Serve two targets: ${target.name} and ${other.name}`,
            task: `One mixture must serve two targets: ${target.name} and ${other.name}, with equal weight. Keep at least three attempts, then show the answer: what does each target lose against its own best mixture?`,
            settings: {
              ...settings,
              objective: {
                ...single,
                kind: 'weighted' as const,
                weights: { [target.id]: 1, [other.id]: 1 },
                families: {},
                normalised: true,
              },
            },
          },
        ]
      : []),
    ...(constraints.requestedTokens === null
      ? []
      : [
          {
            id: 'scarce' as const,
            label: `Only 5% of the text is ${name}`,
            task: `Your ${name} text covers 5% of the requested tokens, and may be repeated within the limits. Find the mixture with the ${best} predicted ${target.name} within these limits. Which other domain replaces ${name} best?`,
            settings: {
              ...settings,
              objective: single,
              constraints: {
                ...constraints,
                availableTokens: constraints.availableTokens.map((tokens, index) =>
                  index === domain
                    ? Math.round(scarce * (constraints.requestedTokens ?? 0))
                    : tokens,
                ),
              },
            },
          },
        ]),
  ];
}
