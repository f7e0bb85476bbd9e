import { sessionError } from './session-error';
import type { SessionFile, TableFile } from './session-schema';

/** How far weights may sum from 1: what rounding leaves. */
const slack = 1e-6;
/** Weights as recorded may be rounded further, as in a CSV. */
const recordedSlack = 0.01 + 1e-9;

/**
 * What one part of a file says of another: lengths, sums, names that are used once and names that are used
 * elsewhere.
 *
 * @throws StageError at the first thing that does not fit
 */
export function checkSession({ study, settings }: SessionFile): void {
  const { domains, targets, training, testSets, prior, human, imported, truth } = study;
  checkUnique(
    'study.domains',
    domains.map(({ id }) => id),
  );
  const targetIds = targets.map(({ id }) => id);
  checkUnique('study.targets', targetIds);
  checkUnique(
    'names of study.testSets',
    testSets.map(({ name }) => name),
  );
  const sizes = [domains.length, targets.length] as const;
  checkTable('study.training', training, ...sizes);
  testSets.forEach((set, index) => {
    checkTable(`study.testSets[${index}]`, set, ...sizes);
  });
  checkMixture('study.prior.weights', prior.weights, domains.length);
  if (human) checkMixture('study.human.weights', human.weights, domains.length);
  imported?.forEach(({ target }, index) => {
    checkTarget(`study.imported[${index}].target`, target, targetIds);
  });
  checkUnique('targets of study.imported', imported?.map(({ target }) => target) ?? []);
  if (truth) checkLength('study.truth', truth, targets.length, 'target');
  truth?.forEach((law, target) => {
    for (const key of ['amounts', 'powers'] as const) {
      if (law) checkLength(`study.truth[${target}].${key}`, law[key], domains.length, 'domain');
    }
  });

  const { target, objective, yours, attempts, constraints, regressor } = settings;
  checkTarget('settings.target', target, targetIds);
  if (regressor === 'imported' && !imported?.some((model) => model.target === target)) {
    throw sessionError(
      'settings.regressor',
      '"imported"',
      `a model for ${JSON.stringify(target)} in study.imported, or another regressor`,
    );
  }
  checkLength('settings.objective.weights', objective.weights, targets.length, 'target');
  checkLength('settings.objective.families', objective.families, targets.length, 'target');
  if (yours) checkMixture('settings.yours', yours, domains.length);
  attempts?.forEach(({ weights }, index) => {
    checkMixture(`settings.attempts[${index}].weights`, weights, domains.length);
  });
  checkUnique('ids of settings.attempts', attempts?.map(({ id }) => String(id)) ?? []);
  for (const key of ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const) {
    checkLength(`settings.constraints.${key}`, constraints[key], domains.length, 'domain');
  }
}

function checkTable(path: string, table: TableFile, domains: number, targets: number): void {
  const { ids, mixtures, recorded, losses, trajectory, rounds } = table;
  checkUnique(`${path}.ids`, ids);
  if (trajectory) {
    const { steps } = trajectory;
    checkLength(`${path}.trajectory.losses`, trajectory.losses, steps.length, 'step');
    const late = steps.findIndex((step, at) => at > 0 && step <= steps[at - 1]);
    if (late > 0) {
      throw sessionError(
        `${path}.trajectory.steps[${late}]`,
        String(steps[late]),
        'more than the one before',
      );
    }
    trajectory.losses.forEach((rows, moment) => {
      const here = `${path}.trajectory.losses[${moment}]`;
      checkLength(here, rows, ids.length, 'run');
      rows.forEach((row, run) => {
        checkLength(`${here}[${run}]`, row, targets, 'target');
      });
    });
  }
  for (const [key, rows] of Object.entries({ mixtures, recorded, losses, rounds })) {
    if (rows) checkLength(`${path}.${key}`, rows, ids.length, 'run');
  }
  mixtures.forEach((row, run) => {
    checkMixture(`${path}.mixtures[${run}]`, row, domains);
  });
  recorded?.forEach((row, run) => {
    checkMixture(`${path}.recorded[${run}]`, row, domains, recordedSlack);
  });
  losses.forEach((row, run) => {
    checkLength(`${path}.losses[${run}]`, row, targets, 'target');
  });
}

function checkMixture(path: string, weights: readonly number[], domains: number, off = slack) {
  checkLength(path, weights, domains, 'domain');
  let sum = 0;
  for (const weight of weights) sum += weight;
  if (!(Math.abs(sum - 1) <= off)) {
    throw sessionError(path, `weights that sum to ${Number(sum.toPrecision(9))}`, 'a sum of 1');
  }
}

function checkLength(path: string, items: readonly unknown[], count: number, one: string): void {
  if (items.length === count) return;
  throw sessionError(path, `${items.length} entries`, `one per ${one}, ${count} in all`);
}

function checkTarget(path: string, target: string, targets: readonly string[]): void {
  if (targets.includes(target)) return;
  throw sessionError(path, JSON.stringify(target), 'the id of a target of the study');
}

function checkUnique(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw sessionError(path, `${JSON.stringify(name)} twice`, 'each once');
    seen.add(name);
  }
}
