'use client';

/** RegMix's three insights (Liu et al. 2024, section 5), computed from the study's own runs. */
import { useMemo } from 'react';
import type { Task } from '../../lib/analysis/task';
import { formatList, formatNumber, plural, unitBeside } from '../../lib/model/format';
import { columnOf } from '../../lib/model/matrix';
import { ownDomains } from '../../lib/model/own-domains';
import type { Study, Target } from '../../lib/model/study';
import {
  fewestMixtures,
  outsideHelp,
  rangeOf,
  surprises,
  type TargetRange,
  type Tie,
  type Ties,
} from '../../lib/regression/ties';
import { revisionOf } from '../../lib/study/identity';
import { useShownFit } from '../regression/shown-fit';
import { useNear, useTask } from '../shell/hooks';
import { useSession } from '../shell/stores';
import '../ui/advice.css';

/** One insight in words. */
interface Insight {
  readonly title: string;
  readonly text: string;
}

/** How far mixtures move the target, which domain helps most, and ties that few would guess. */
export function Insights() {
  const { study, settings } = useSession();
  const shown = useShownFit();
  const [place, isNear] = useNear<HTMLElement>();
  const own = useMemo(() => ownDomains(study), [study]);
  const revision = revisionOf(study);
  const key = JSON.stringify([revision, own]);
  const task = useTask('ties', key, () => ({ revision, own }), key, isNear);
  const column = Math.max(
    0,
    study.targets.findIndex(({ id }) => id === settings.target),
  );
  const target = study.targets[column];
  const range = useMemo(
    () => rangeOf(columnOf(study.training.losses, column), target.direction),
    [study, column, target],
  );
  const half = shown?.report.bands.halfWidths[90] ?? null;
  return (
    <section ref={place} className="columns" aria-label="Insights">
      <Column {...rangeInsight(target, range, half)} />
      <Column {...ofTask(task, (ties) => helpInsight(study, own, ties))} />
      <Column {...ofTask(task, (ties) => tiesInsight(study, own, ties))} />
    </section>
  );
}

function Column({ title, text }: Insight) {
  return (
    <section className="column">
      <h3>{title}</h3>
      <p>{text}</p>
    </section>
  );
}

function ofTask({ value, problem }: Task<Ties>, words: (ties: Ties) => Insight): Insight {
  if (value) return words(value);
  return problem === ''
    ? { title: 'Domains and targets', text: 'Comparing the runs…' }
    : { title: 'Domains and targets', text: problem };
}

/**
 * How far mixtures alone move a target.
 *
 * @param half half-width of the 90% band; null = not known
 */
export function rangeInsight(
  { name, unit }: Target,
  range: TargetRange | null,
  half: number | null,
): Insight {
  if (!range)
    return { title: 'How far the mixture moves it', text: `Too few runs with ${name} to tell.` };
  const { low, high, runs } = range;
  const moved = high - low;
  if (moved === 0) {
    return { title: 'The mixture moves nothing', text: `${name} is the same in all ${runs} runs.` };
  }
  const digits = moved < 0.01 ? 4 : 2;
  const width = half !== null && half > 0 ? moved / (2 * half) : null;
  const times =
    width === null
      ? ''
      : `: ${formatNumber(width, width < 10 ? 1 : 0)} times the width of the band that holds 90% of unseen runs`;
  const inUnit = unitBeside(name, unit);
  return {
    title: `The mixture moves ${name} by ${formatNumber(moved, digits)}`,
    text: `${name} runs from ${formatNumber(low, digits)} to ${formatNumber(high, digits)}${inUnit && ` ${inUnit}`} over ${plural(runs, 'run')}${times}.`,
  };
}

const tooFew = `Too few runs: ${fewestMixtures} mixtures are the least, and weak ties need more.`;
/** Domains named side by side. */
const maxNamed = 2;

/** Which domain is the best help for the targets that are not named after it. */
export function helpInsight(
  study: Pick<Study, 'domains' | 'targets'>,
  own: readonly (number | null)[],
  ties: Ties,
): Insight {
  const { targets } = study;
  const hasOwn = own.some((domain) => domain !== null);
  const kind = hasOwn ? 'outside help' : 'help';
  if (ties.tested === 0) return { title: `The best ${kind}`, text: tooFew };
  const found = outsideHelp(ties);
  if (!found) {
    return {
      title: `No ${kind} stands out`,
      text: `Of ${plural(ties.tested, 'pair')} of a domain and a target none is shown to help beyond chance.`,
    };
  }
  const { domains, count, helped, strongest } = found;
  const leader = study.domains[strongest.domain].name;
  const leftOut = hasOwn ? ' Targets’ own domains are left out.' : '';
  if (targets.length === 1) {
    return {
      title: `${leader} is the best ${kind}`,
      text: `More of it goes with a better ${targets[0].name} (rho ${rhoText(strongest.rho)}).${leftOut}`,
    };
  }
  const others = domains.filter((domain) => domain !== strongest.domain);
  const named = others.slice(0, maxNamed).map((domain) => study.domains[domain].name);
  const rest = others.length - named.length;
  const equal = formatList(rest > 0 ? [...named, `${rest} more`] : named);
  return {
    title: `${leader} is the best ${kind} for ${count} of ${targets.length} targets`,
    text: [
      `${count > 1 ? 'Of these, most for' : 'For'} ${targets[strongest.target].name} (rho ${rhoText(strongest.rho)}).`,
      equal && `As often as ${equal}.`,
      helped < targets.length &&
        `For ${plural(targets.length - helped, 'target')} none is significant.`,
      leftOut.trim(),
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** The strongest ties that names do not give away. */
export function tiesInsight(
  { domains, targets }: Pick<Study, 'domains' | 'targets'>,
  own: readonly (number | null)[],
  ties: Ties,
): Insight {
  const beyond = own.some((domain) => domain !== null) ? 'ties beyond own domains' : 'ties';
  const title = beyond === 'ties' ? 'Strongest ties' : 'Ties beyond own domains';
  if (ties.tested === 0) return { title, text: tooFew };
  const { helps, hurts } = surprises(ties, domains, targets);
  const says = (tie: Tie) =>
    `${domains[tie.domain].name} ${tie.rho < 0 ? 'lowers' : 'raises'} ${targets[tie.target].name} (rho ${rhoText(tie.rho)})`;
  const named = [helps, hurts].flatMap((tie) => (tie ? [says(tie)] : []));
  const after = `after correction for ${plural(ties.tested, 'pair')}`;
  if (named.length === 0) {
    return { title: `No ${beyond}`, text: `None is significant ${after}.` };
  }
  const missing = helps && hurts ? '' : ` None that ${helps ? 'hurts' : 'helps'} is significant.`;
  return { title, text: `${named.join('; ')}, ${after}.${missing}` };
}

function rhoText(rho: number): string {
  const text = formatNumber(rho, 2);
  return rho > 0 ? `+${text}` : text;
}
