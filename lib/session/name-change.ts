/** Names of the steps of the history, for undo and redo to say. */
import { formatPercent, formatTokens, plural, targetLabel } from '../model/format';
import type { Constraints } from '../model/limits';
import type { ObjectiveSettings } from '../model/settings';
import { regressorInfo } from '../regression/catalogue';
import type { Session } from './study-store';

/**
 * What a step from one session to the next changed, in a few words: `Pile-CC tokens 2.4 B`. The first that
 * applies, the rarest first; `change` where none does.
 */
export function nameChange(before: Session, after: Session): string {
  const { study, settings } = after;
  if (before.study.id !== study.id) return `opening ${study.name}`;
  if (before.study.name !== study.name) return 'the new name';
  const leftOut = (study.leftOut?.ids.length ?? 0) - (before.study.leftOut?.ids.length ?? 0);
  if (leftOut > 0) return `leaving out ${plural(leftOut, 'run')}`;
  if (leftOut < 0) return `taking back ${plural(-leftOut, 'run')}`;
  const runs = study.training.ids.length - before.study.training.ids.length;
  if (runs !== 0) return `${plural(Math.abs(runs), 'run')} ${runs > 0 ? 'added' : 'removed'}`;
  if (before.study.testSets !== study.testSets) return 'test sets';
  if (before.study.prior !== study.prior) return 'the prior';
  if (before.study.human !== study.human) return 'the human mixture';
  if (before.study !== study) return 'a change of the study';
  const old = before.settings;
  if (old.target !== settings.target) {
    const target = study.targets.find(({ id }) => id === settings.target);
    return target ? `target ${targetLabel(target)}` : 'the target';
  }
  if (old.objective !== settings.objective) return nameObjective(old.objective, settings.objective);
  if (old.regressor !== settings.regressor) return regressorInfo(settings.regressor).name;
  if (old.constraints !== settings.constraints) {
    const names = study.domains.map(({ name }) => name);
    return nameLimits(old.constraints, settings.constraints, names);
  }
  if (old.attempts !== settings.attempts) return 'an attempt';
  if (old.yours !== settings.yours) return 'your mixture';
  if (old.seed !== settings.seed) return `seed ${settings.seed}`;
  if (old.engine !== settings.engine) return 'the search method';
  return 'a setting';
}

function nameObjective(before: ObjectiveSettings, after: ObjectiveSettings): string {
  if (before.kind !== after.kind) {
    return { single: 'one target', weighted: 'several targets', regret: 'worst-off first' }[
      after.kind
    ];
  }
  if (before.kl !== after.kl) return 'the pull to the prior';
  if (before.discountRepeats !== after.discountRepeats) return 'the value of repeats';
  if (before.seek !== after.seek) return `the ${after.seek} mixture`;
  return 'weights of targets';
}

function nameLimits(before: Constraints, after: Constraints, names: readonly string[]): string {
  if (before.requestedTokens !== after.requestedTokens) {
    const { requestedTokens } = after;
    return requestedTokens === null ? 'requested tokens' : formatTokens(requestedTokens);
  }
  if (before.beyondTried !== after.beyondTried) return 'the largest tried as a limit';
  const fields = ['availableTokens', 'epochs', 'max', 'min', 'locked'] as const;
  const changed = fields.flatMap((field) =>
    names.flatMap((name, domain) =>
      Object.is(before[field][domain], after[field][domain]) ? [] : [{ field, name, domain }],
    ),
  );
  const domains = new Set(changed.map(({ domain }) => domain));
  if (changed.length === 0) return 'limits';
  if (domains.size > 1) {
    const isOneField = changed.every(({ field }) => field === changed[0].field);
    return isOneField && changed[0].field === 'epochs'
      ? 'epochs'
      : `limits of ${plural(domains.size, 'domain')}`;
  }
  const [{ field, name, domain }] = changed;
  switch (field) {
    case 'availableTokens': {
      const tokens = after.availableTokens[domain];
      return tokens === null ? `${name} tokens` : `${name} tokens ${formatTokens(tokens)}`;
    }
    case 'epochs':
      return `${name} epochs`;
    case 'max':
      return `most ${name}`;
    case 'min':
      return `least ${name}`;
    case 'locked': {
      const share = after.locked[domain];
      return share === null ? `${name} free` : `${name} pinned at ${formatPercent(share, 1)}`;
    }
  }
}
