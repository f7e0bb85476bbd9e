/** The schema of `.regmix.json`. */
import * as v from 'valibot';
import { StageError } from '../model/errors';
import { visible } from '../model/labels';
import type { EngineId } from '../model/limits';
import { maxEpochs, maxTokens, type Settings } from '../model/settings';
import { lastRound, maxDetail, maxImportedNumbers, maxTestSets } from '../model/study';
import { catalogue } from '../regression/catalogue';
import { minimumTrainingRows } from '../runs/recognition';
import { limits } from '../runs/table';

/** Format name of a study's file. */
export const sessionFormat = 'regmix-study';
/** The version that is written; older ones are upgraded (`session-file.ts`). */
export const sessionVersion = 3;

const most = {
  domains: limits.columns,
  targets: limits.columns,
  runs: limits.rows,
  testSets: maxTestSets,
  label: 500,
  attempts: 100,
  attemptName: 60,
  detail: maxDetail,
  addresses: 100,
  tokens: maxTokens,
  epochs: maxEpochs,
  objectiveWeight: 1e9,
  kl: 1e6,
  seed: 2 ** 53 - 1,
  lawNumber: 1e9,
  parameters: 1e15,
  steps: 1e9,
  moments: 1_000,
};

const engines: Readonly<Record<EngineId, true>> = {
  exact: true,
  gradient: true,
  simulation: true,
  search: true,
  paper: true,
};

const between = (least: number, largest: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(least), v.maxValue(largest));
const whole = (least: number, largest: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(largest));
const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
const label = v.pipe(v.string(), v.maxLength(most.label), v.regex(visible, 'visible characters'));
const identifier = v.pipe(label, v.minLength(1));
const measured = v.nullable(v.pipe(v.number(), v.finite()));
const list = <Item extends v.GenericSchema>(item: Item, least: number, largest: number) =>
  v.pipe(v.array(item), v.minLength(least), v.maxLength(largest));

const weight = between(0, 1);
const weights = list(weight, 1, most.domains);
/** Rounding in a file may leave a weight a trifle above 1. */
const recordedWeights = list(between(0, 1.01), 1, most.domains);

const table = (fewestRuns: number) =>
  v.strictObject({
    name: label,
    ids: list(identifier, fewestRuns, most.runs),
    mixtures: list(weights, fewestRuns, most.runs),
    recorded: v.optional(list(recordedWeights, fewestRuns, most.runs)),
    losses: list(list(measured, 1, most.targets), fewestRuns, most.runs),
    rounds: v.optional(list(whole(0, lastRound), fewestRuns, most.runs)),
    trajectory: v.optional(
      v.strictObject({
        steps: list(whole(1, most.steps), 1, most.moments),
        losses: list(list(list(measured, 1, most.targets), fewestRuns, most.runs), 1, most.moments),
      }),
    ),
  });

const publicFile = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(2_000), v.startsWith('https://')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')),
});

const source = v.strictObject({
  kind: v.picklist(['simulated', 'files', 'published', 'trained']),
  detail: text(most.detail),
  addresses: v.optional(list(publicFile, 1, most.addresses)),
  file: v.optional(publicFile),
  builtIn: v.optional(identifier),
  training: v.optional(identifier),
  parameters: v.optional(whole(1, most.parameters)),
});

const entry = between(-Number.MAX_VALUE, Number.MAX_VALUE);
const entries = <Item extends v.GenericSchema>(item: Item) => list(item, 0, maxImportedNumbers);
const places = entries(whole(0, maxImportedNumbers));

/** Characters of base64 for the bytes of as many numbers. */
const maxBase64 = Math.ceil((8 * maxImportedNumbers) / 3) * 4;

/**
 * An imported model: an ONNX file, or a model that older versions parsed from it, with the fields of its kind
 * (`lib/model/regressor.ts`).
 */
const importedModel = v.variant('kind', [
  v.strictObject({
    kind: v.literal('onnx'),
    columns: list(whole(0, most.domains - 1), 1, most.domains),
    file: v.pipe(v.string(), v.maxLength(maxBase64)),
  }),
  v.strictObject({
    kind: v.literal('linear'),
    intercept: entry,
    coefficients: list(entry, 1, most.domains),
    penalty: between(0, Number.MAX_VALUE),
  }),
  v.strictObject({
    kind: v.literal('trees'),
    features: whole(1, most.domains),
    rounds: whole(1, maxImportedNumbers),
    nodeStart: places,
    leafStart: places,
    feature: places,
    threshold: entries(entry),
    // A child is a node, or below 0 a leaf.
    left: entries(whole(-maxImportedNumbers, maxImportedNumbers)),
    right: entries(whole(-maxImportedNumbers, maxImportedNumbers)),
    gain: entries(between(0, Number.MAX_VALUE)),
    value: entries(entry),
  }),
]);
/** Bounds that keep a law finite and its returns diminishing. */
const trueLaw = v.strictObject({
  kind: v.literal('law'),
  sign: v.picklist([1, -1]),
  constant: between(-most.lawNumber, most.lawNumber),
  base: between(1 / most.lawNumber, most.lawNumber),
  exponent: between(1e-6, 10),
  amounts: list(between(1 / most.lawNumber, most.lawNumber), 1, most.domains),
  powers: list(between(1e-6, 1 - 1e-6), 1, most.domains),
  offset: between(1 / most.lawNumber, 1),
});

const study = v.strictObject({
  id: identifier,
  name: label,
  source,
  domains: list(
    v.strictObject({ id: identifier, name: label, column: v.optional(identifier) }),
    1,
    most.domains,
  ),
  targets: list(
    v.strictObject({
      id: identifier,
      name: label,
      unit: label,
      direction: v.picklist(['lower', 'higher']),
    }),
    1,
    most.targets,
  ),
  training: table(minimumTrainingRows),
  leftOut: v.optional(list(identifier, 1, most.runs)),
  testSets: list(table(1), 0, most.testSets),
  prior: v.strictObject({ kind: v.picklist(['uniform', 'file', 'typed', 'runs']), weights }),
  human: v.nullable(v.strictObject({ name: label, weights })),
  imported: v.optional(
    list(
      v.strictObject({ id: identifier, target: identifier, name: label, model: importedModel }),
      1,
      most.targets,
    ),
  ),
  truth: v.optional(list(v.nullable(trueLaw), 1, most.targets)),
});

const perDomain = <Item extends v.GenericSchema>(item: Item) => list(item, 1, most.domains);
const perTarget = <Item extends v.GenericSchema>(item: Item) => list(item, 1, most.targets);

const settings = v.strictObject({
  target: identifier,
  objective: v.strictObject({
    kind: v.picklist(['single', 'weighted', 'regret']),
    // One entry per target, so that no name from a file becomes an object key unchecked.
    weights: perTarget(v.nullable(between(0, most.objectiveWeight))),
    families: perTarget(v.nullable(label)),
    normalised: v.boolean(),
    kl: between(0, most.kl),
    discountRepeats: v.boolean(),
    seek: v.picklist(['best', 'worst']),
  }),
  yours: v.nullable(weights),
  regressor: v.picklist([...catalogue.map(({ id }) => id), 'imported']),
  minRowsPerLeaf: v.nullable(whole(1, limits.rows)),
  engine: v.nullable(v.picklist(Object.keys(engines) as EngineId[])),
  samples: whole(1_000, 1_000_000),
  topK: whole(1, 10_000),
  seed: whole(0, most.seed),
  constraints: v.strictObject({
    requestedTokens: v.nullable(v.pipe(between(0, most.tokens), v.gtValue(0))),
    availableTokens: perDomain(v.nullable(between(0, most.tokens))),
    epochs: perDomain(v.pipe(between(0, most.epochs), v.gtValue(0))),
    max: perDomain(v.nullable(weight)),
    min: perDomain(weight),
    locked: perDomain(v.nullable(weight)),
    beyondTried: v.boolean(),
  }),
  attempts: v.optional(
    list(
      v.strictObject({
        id: whole(1, most.seed),
        name: v.pipe(
          v.string(),
          v.minLength(1),
          v.maxLength(most.attemptName),
          v.regex(visible, 'visible characters'),
        ),
        weights,
      }),
      1,
      most.attempts,
    ),
  ),
} satisfies Readonly<Record<keyof Settings, v.GenericSchema>>);

/** A study and its settings in `.regmix.json`, without consistency between its parts. */
export const sessionSchema = v.strictObject({
  format: v.literal(sessionFormat),
  version: v.literal(sessionVersion),
  study,
  settings,
});

export type SessionFile = v.InferOutput<typeof sessionSchema>;
export type TableFile = SessionFile['study']['training'];
export type ImportedFile = NonNullable<SessionFile['study']['imported']>[number];
export type LawFile = v.InferOutput<typeof trueLaw>;

const longestFound = 80;

/** An error at a place of a file, with what was found and expected there. */
export function sessionError(path: string, found: string, expected: string): StageError {
  const shown = found.length > longestFound ? `${found.slice(0, longestFound)}…` : found;
  return new StageError(
    'runs',
    `This study cannot be opened: at ${path}, found ${shown}, expected ${expected}.`,
    'Export the study again where it was made, or correct the file: docs/study-format.md describes the format.',
  );
}
