import { type ParseArgsConfig, parseArgs } from 'node:util';
import { parseQuantity } from '../../lib/runs/quantity';

/** The command was not called as it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `regmix: from proxy runs to the best data mixture

  regmix fit --mixtures FILE --losses FILE
             [--test NAME=MIXTURES,LOSSES]...
             [--regressor gbdt|gbdt-paper|ridge|ols] [--target NAME|all]
             [--accept-unpaired] [--seed N] [--json]

  regmix optimum --mixtures FILE --losses FILE --target NAME
             [--test NAME=MIXTURES,LOSSES]... [--regressor ...]
             [--prior FILE] [--requested TOKENS --available FILE --epochs N]
             [--max DOMAIN=WEIGHT]... [--min DOMAIN=WEIGHT]...
             [--engine search|simulation|exact|paper]
             [--samples N] [--top K] [--accept-unpaired] [--seed N] [--json]

FILE is a CSV. --prior has the columns domain,weight; --available has domain,tokens.
Tokens are written 25e9, 25B or 750M; weights 0.12 or 12%. One wide CSV may be given as both
--mixtures and --losses. Without --prior it is the mean of the runs.

gbdt chooses its rounds by cross-validation; gbdt-paper stops early on the first --test, as the
published notebook does. --engine paper repeats the notebook's optimum (seed 42, 100,000 draws, mean
of the best 128, no limits) and so needs --prior and, for gbdt-paper, --test.

Limits that no mixture meets are an answer: "feasible": false, with why and what would mend it.
Exit code 0: done. 2: bad usage or bad input, with one line on standard error.`;

/** Parses options strictly. @throws UsageError when one is unknown or lacks its value */
export function readOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError when it is missing */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`${option} is missing; see --help`);
  return value;
}

/** A number within bounds. @throws UsageError otherwise */
export function quantity(
  text: string,
  option: string,
  { low, high, whole = false }: { low: number; high: number; whole?: boolean },
): number {
  const value = parseQuantity(text);
  if (value === null || value < low || value > high || (whole && !Number.isInteger(value))) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new UsageError(`${option}: found “${text}”, expected ${kind} from ${low} to ${high}`);
  }
  return value;
}

/** A weight written 0.12 or 12%. @throws UsageError otherwise */
export function weight(text: string, option: string): number {
  const percent = /%\s*$/.test(text);
  const value = parseQuantity(text.replace(/%\s*$/, ''));
  const share = value === null ? Number.NaN : percent ? value / 100 : value;
  if (!(share >= 0 && share <= 1)) {
    throw new UsageError(`${option}: found “${text}”, expected a weight from 0 to 1`);
  }
  return share;
}

/** Splits `NAME=VALUE` at its last equals sign. @throws UsageError when there is none */
export function pair(text: string, option: string): readonly [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new UsageError(`${option}: found “${text}”, expected NAME=VALUE`);
  }
  return [text.slice(0, at), text.slice(at + 1)];
}
