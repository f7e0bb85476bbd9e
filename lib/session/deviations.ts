/** What a session does differently from the defaults of its study, for the bar to show and to undo. */
import { formatNumber, formatPercent, plural } from '../model/format';
import { defaultSettings } from '../model/settings';
import { regressorInfo } from '../regression/catalogue';
import { takeBack } from '../runs/left-out';
import type { OpenedStudy } from '../study/from-runs';

/** One setting or set of rows that is not as by default, and changes the answer. */
export interface Deviation {
  readonly id: string;
  /** Whether it is part of what is optimised. */
  readonly isObjective?: true;
  /** In two or three words. */
  readonly text: string;
  /** The same session without it. */
  readonly without: (session: OpenedStudy) => OpenedStudy;
}

/** What changes the answer silently unless it is said, in the order to show. */
export function deviationsOf({ study, settings }: OpenedStudy): Deviation[] {
  const { objective, constraints } = settings;
  const found: Deviation[] = [];
  const usual = defaultSettings(study);
  if (objective.seek === 'worst') {
    found.push({
      id: 'worst',
      isObjective: true,
      text: 'worst mixture',
      without: withObjective({ seek: 'best' }),
    });
  }
  // The worst mixture is sought without it.
  if (objective.kl > 0 && objective.seek === 'best') {
    found.push({
      id: 'kl',
      isObjective: true,
      text: `pull to the prior ${formatNumber(objective.kl, 2)}`,
      without: withObjective({ kl: 0 }),
    });
  }
  if (objective.discountRepeats) {
    found.push({
      id: 'repeats',
      isObjective: true,
      text: 'repeats count less',
      without: withObjective({ discountRepeats: false }),
    });
  }
  const pinned = constraints.locked.flatMap((share, domain) =>
    share === null ? [] : [{ share, name: study.domains[domain].name }],
  );
  if (pinned.length > 0) {
    const [{ share, name }] = pinned;
    found.push({
      id: 'pinned',
      text:
        pinned.length === 1
          ? `${name} pinned at ${formatPercent(share, 1)}`
          : `${plural(pinned.length, 'domain')} pinned`,
      without: withConstraints(({ locked }) => ({ locked: locked.map(() => null) })),
    });
  }
  if (constraints.beyondTried) {
    found.push({
      id: 'beyond',
      text: 'beyond what was tried',
      without: withConstraints(() => ({ beyondTried: false })),
    });
  }
  const leftOut = study.leftOut?.ids ?? [];
  if (leftOut.length > 0) {
    found.push({
      id: 'left out',
      text: `${plural(leftOut.length, 'run')} left out`,
      without: (session) => ({ ...session, study: takeBack(session.study, leftOut) }),
    });
  }
  if (settings.regressor !== usual.regressor) {
    found.push({
      id: 'regressor',
      text: regressorInfo(settings.regressor).name,
      without: withSettings({ regressor: usual.regressor }),
    });
  }
  if (settings.engine !== null) {
    found.push({
      id: 'engine',
      text: 'search method chosen',
      without: withSettings({ engine: null }),
    });
  }
  return found;
}

type Change = (session: OpenedStudy) => OpenedStudy;

function withSettings(change: Partial<OpenedStudy['settings']>): Change {
  return (session) => ({ ...session, settings: { ...session.settings, ...change } });
}

function withObjective(change: Partial<OpenedStudy['settings']['objective']>): Change {
  return (session) =>
    withSettings({ objective: { ...session.settings.objective, ...change } })(session);
}

function withConstraints(
  change: (
    constraints: OpenedStudy['settings']['constraints'],
  ) => Partial<OpenedStudy['settings']['constraints']>,
): Change {
  return (session) => {
    const { constraints } = session.settings;
    return withSettings({ constraints: { ...constraints, ...change(constraints) } })(session);
  };
}
