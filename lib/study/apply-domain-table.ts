import type { Constraints } from '../model/limits';
import { availableTokens, type DomainTable } from '../runs/domain-table';
import type { OpenedStudy } from './from-runs';

/**
 * The study with what a domain table says of it: prior, human mixture and limits. What the table
 * does not mention stays.
 *
 * @throws RunsError when it gives tokens as shares and no number of tokens is requested
 */
export function applyDomainTable(opened: OpenedStudy, table: DomainTable): OpenedStudy {
  const { study, settings } = opened;
  return {
    study: {
      ...study,
      prior: table.prior ? { kind: 'file', weights: table.prior } : study.prior,
      human: table.human ? { name: 'human', weights: table.human } : study.human,
    },
    settings: { ...settings, constraints: limitsOfTable(settings.constraints, table) },
  };
}

/**
 * The limits with what a domain table says of them.
 *
 * @throws RunsError when it gives tokens as shares and no number of tokens is requested
 */
export function limitsOfTable(constraints: Constraints, table: DomainTable): Constraints {
  const available = availableTokens(table, constraints.requestedTokens);
  return {
    ...constraints,
    availableTokens: known(available, constraints.availableTokens),
    epochs: known(table.epochs, constraints.epochs),
    max: known(table.max, constraints.max),
    min: known(table.min, constraints.min),
  };
}

/** The file's values where it has them. */
function known<Value>(
  found: readonly (Value | null)[] | null,
  old: readonly Value[],
): readonly Value[] {
  return found === null ? old : old.map((value, index) => found[index] ?? value);
}
