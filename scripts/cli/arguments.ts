/** Parsing of the command line: usage text, options with bounds, and aligned output. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { parseQuantity } from '../../lib/model/format';

/** Writes a line beside the result: a warning or progress. */
export type Notify = (line: string) => void;

/** The command was called with invalid arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `regmix: from proxy runs to the best data mixture

  regmix sample --prior FILE | --corpus languages|software|DIR [--domains NAME,...]
             [--count N] [--seed N] [--format csv|regmix|olmix] --out DIR
             [--temperature T] [--least S --most S] [--cap N|none]
             [--with-prior] [--with-singles] [--json]

  regmix train --corpus languages|software|DIR [--domains NAME,...] [--proxies N | --mixtures FILE]
             [--mixture-seed N] [--repeats N] [--size 7k|20k|100k|400k|1m] [--tokens N] [--rate R]
             [--engine auto|webgpu|wasm|cpu] [--processes N] [--seed N] [--shard I/N] --out DIR [--json]

  regmix merge [FOLDER...] --out DIR [--json]

  regmix sweep --for slurm|kubernetes|ray --shards N and the options of train but --shard and --json
             [--name NAME] [--memory 4G] [--image IMAGE] [--volume CLAIM=PATH]... [--to FILE]

  regmix fit --mixtures FILE --losses FILE
             [--test NAME=MIXTURES[,LOSSES]]...
             [--regressor ID] [--target NAME|all] [--leave-out RUN,...]
             [--save MODEL.json] [--accept-unpaired] [--seed N] [--json]

  regmix optimum --mixtures FILE --losses FILE --target NAME
             [--test NAME=MIXTURES[,LOSSES]]... [--regressor ID] [--leave-out RUN,...]
             [--weights TARGET=WEIGHT]... [--objective weighted|regret] [--raw]
             [--kl STRENGTH] [--discount-repeats] [--worst]
             [--prior FILE] [--requested TOKENS --available FILE|--sizes CORPUS --epochs N]
             [--max DOMAIN=WEIGHT]... [--min DOMAIN=WEIGHT]... [--beyond-tried]
             [--engine exact|gradient|search|simulation|paper]
             [--samples N] [--top K] [--accept-unpaired] [--seed N] [--json]

  regmix propose --mixtures FILE --losses FILE --target NAME [--count K] [--format csv|yaml]
             and the options of optimum that set targets and limits

  regmix shop --mixtures FILE --losses FILE --target NAME --requested TOKENS --available FILE|--sizes CORPUS
             [--more TOKENS] and the options of optimum that set targets and limits

  regmix verify --study languages|FOLDER --target NAME [--corpus NAME|FOLDER]
             [--seeds K] [--size 400k] [--tokens N] [--candidates optimum,prior,uniform,schedule]
             [--requested N] [--epochs N] [--beyond-tried] [--regressor ID]
             [--engine auto|webgpu|wasm|cpu] [--processes N] [--rate R] [--seed N] [--out FOLDER] [--json]

  regmix schedule --study languages|FOLDER --target NAME [--trajectory FILE] [--corpus NAME|FOLDER]
             [--requested N] [--epochs N] [--beyond-tried] [--regressor ID] [--format csv|json|yaml] [--seed N]

What reads runs (fit, optimum, propose, shop; verify and schedule of a FOLDER) also takes
             [--weights-columns NAME,...] [--targets NAME,...] [--drop NAME,...] [--id NAME]
             [--higher TARGET]... [--lower TARGET]... [--direction TARGET=higher|lower]...

Columns are told apart by their names and values; these options say it where that is wrong or refused.
NAME is a header, or a pattern such as "phase_1_*" (then in quotes). --weights-columns and --targets take
these columns and no others, --drop ignores some. TARGET is a header, an id, a name or a pattern. Losses,
perplexities and error rates are taken to be better lower, scores and benchmarks higher; where nothing
says it, lower is assumed and a line on standard error asks. "direction" says it in the JSON.

shop says which further tokens, of any domains, lower the loss most: the best use of every budget up to
where more change nothing, and of --more. A larger budget may leave what a smaller one bought.

propose says whether a random round does as well on these runs; where it does, the round is one.
schedule fits the runs at every checkpoint of trajectory.csv; verify --candidates optimum,schedule
trains on it.

verify trains every candidate with K seeds on the same text at a larger size than the proxies', and
compares the first with the others seed by seed: one verdict when all are done, corrected for the
number of others. FOLDER holds mixtures.csv and losses.csv; --out can
be gone on with. Without --size the models are several times as large as the proxies that train
made (100k after 20k, 400k after 100k), and 100k after others.

sample draws mixtures as RegMix does: Dirichlet draws around the tempered prior, concentrations from
--least to --most, no weight above --cap times the prior's. csv is one file, regmix and olmix a YAML
a run, n1.yaml and so on. train goes on where it was stopped when --out is the same. --engine webgpu
needs the npm package webgpu (npm install --no-save webgpu) and a Vulkan driver; auto takes it where
it finds a real GPU, else wasm on all cores, or on --processes of them.

train --shard I/N trains every N-th proxy from the I-th on, in DIR/shard-I-of-N, so that N jobs may take the
same --out on a file system that they share. merge joins the shards that it finds in DIR, or FOLDERs, into
the files of one training, which have the same bytes whatever N was (on wasm); shards of several N
are joined where every proxy is finished once or with one result. sweep checks the options of train and
prints, or writes to --to, a SLURM array script, an indexed Kubernetes Job or a Ray driver that runs the
shards, --processes cores and --memory each, and the merge after them. It trains on wasm alone. Pods run
--image (node:20) with the claims of --volume mounted at the paths that the files have here (claim regmix).

Regressors: law+gp (the default), law, gp, mean (of law and gp), mixing-law, autoscale, bimix, gbdt,
gbdt-paper, ridge, ols. --weights optimises several targets in place of --target, each in units of its
spread over the runs (--raw: in its own unit); with --objective regret the worst-off of them. --kl
pulls to the prior (olmix takes 0.1). Predictions come with the interval that holds 90% of unseen runs.
optimum says whether to train on the mixture, to try it, or to take no advice from these runs, and why
("advice": "train", "try" or "none", and "reason"). Under "none" the text names no weights, and those of
--json are what the fit would choose and no advice; where runs are too few for a fit they are null.

FILE is a table. --prior has the columns domain,weight; --available has domain,tokens, and max, min or
epochs if you like; both may be JSON, {"web": 0.6} or {"web": "600B"}. --sizes takes the published sizes
of pile, slimpajama, redpajama, dolma-1.6, dolma-1.7 or olmo-2-mix for runs on most of its parts.
Tokens are written 25e9, 25B or 750M; weights 0.12 or 12%. One wide table is given as
--mixtures alone; --losses may be given once for each result file of lm-evaluation-harness. What was
left out of a file or turned is said on standard error. Without --prior it is the mean of the runs.

gbdt chooses its rounds by cross-validation; gbdt-paper stops early on the first --test, as the
published notebook does. --engine paper repeats the notebook's optimum (seed 42, 100,000 draws, mean
of the best 128, no limits) and so needs --prior and, for gbdt-paper, --test.

Runs so far from the rest of a target that they look diverged are named and not fitted; --leave-out
leaves runs out altogether.

No domain goes beyond its largest weight in a run unless --beyond-tried is given; one that no run has
gets no weight unless --min gives it one. "cost" is what the other limits cost together; "prices" what
more gains at first, per point of a cap ("points") and per 1% of the requested tokens ("tokens").
Limits that no mixture meets are an answer: "feasible": false, with why and what would mend it.
Exit code 0: done. 2: bad usage or bad input, with one line on standard error.`;

/** Parses options strictly. @throws UsageError when one is unknown or lacks its value */
export function readOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  const read = readArguments(args, options);
  if (read.rest.length === 0) return read.options;
  throw new UsageError(`found “${read.rest[0]}”, expected options alone; see --help`);
}

/** Options, parsed strictly, and the arguments beside them. @throws UsageError as {@link readOptions} */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    return { options: values, rest: positionals };
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

/**
 * One of the given choices; undefined when the option was not given. @throws UsageError otherwise
 */
export function choice<Value extends string>(
  text: string | undefined,
  option: string,
  known: readonly Value[],
): Value | undefined {
  if (text === undefined) return undefined;
  const found = known.find((value) => value === text);
  if (!found) throw new UsageError(`${option}: found “${text}”, expected ${known.join(', ')}`);
  return found;
}

/** Splits `NAME=VALUE` at its last equals sign. @throws UsageError when there is none */
export function pair(text: string, option: string): readonly [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new UsageError(`${option}: found “${text}”, expected NAME=VALUE`);
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Rows as lines with aligned columns: the first to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}
