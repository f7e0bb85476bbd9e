/** The codecs of links. */
import { maxEpochs, maxTokens } from '../model/settings';
import {
  type BitReader,
  type BitWriter,
  type Codec,
  choice,
  flag,
  list,
  nullable,
  number,
  numbers,
  optional,
  rawBytes,
  record,
  text,
  whole,
} from './codec';
import {
  builtIns,
  type ConstraintsChange,
  type LinkContent,
  type MixturesChange,
  type ObjectiveChange,
  type PriorChange,
  type SettingsChange,
  type StudyReference,
  type ViewChange,
} from './content';
import { LinkError } from './errors';

/** Limits of a link: within those of a study's file, so that what is opened can be saved. */
export const bounds = {
  /** As many as columns in a CSV. */
  domains: 2_000,
  targets: 2_000,
  runs: 1_000_000,
  /** Runs that are left out. */
  leftOut: 1_000,
  addresses: 8,
  addressBytes: 1_000,
  /** Of an inline study, deflated. */
  inlineBytes: 32_768,
  nameBytes: 800,
  tokens: maxTokens,
  epochs: maxEpochs,
  kl: 1e6,
  targetWeight: 1e9,
  taskBytes: 2_000,
  hiddenStages: 64,
} as const;

// The order in each list is part of the format: only append.
const regressor = choice(
  [
    'mean',
    'law',
    'gp',
    'law+gp',
    'mixing-law',
    'autoscale',
    'bimix',
    'gbdt',
    'gbdt-paper',
    'ridge',
    'ols',
  ],
  'regressor',
);
const engine = choice(['exact', 'gradient', 'simulation', 'search', 'paper'], 'engine');
const objectiveKind = choice(['single', 'weighted', 'regret'], 'kind of objective');
const priorKind = choice<PriorChange['kind']>(['uniform', 'runs', 'file', 'typed'], 'prior');
const order = choice(['weight', 'name', 'file'], 'order of domains');
const heatmap = choice(['spearman', 'coefficients', 'law'], 'kind of interactions');
const band = choice([90, 80, 95], 'band');
const referenceKind = choice<StudyReference['kind']>(
  ['built-in', 'addresses', 'inline', 'file'],
  'kind of study',
);
const builtIn = choice(builtIns, 'built-in study');

const name = text(bounds.nameBytes);
const finite = number(-Number.MAX_VALUE, Number.MAX_VALUE);

/** A checksum of 32 bits. */
const print: Codec<number> = {
  write: (to, value) => to.bits(value, 32),
  read: (from) => from.bits(32),
};

/** SHA-256 in 64 hexadecimal digits, as 256 bits. */
const sha256: Codec<string> = {
  write(to, value) {
    for (let at = 0; at < 64; at += 2) to.bits(Number.parseInt(value.slice(at, at + 2), 16), 8);
  },
  read: (from) =>
    Array.from({ length: 32 }, () => from.bits(8).toString(16).padStart(2, '0')).join(''),
};

/** An address that a page may fetch from. */
const address: Codec<string> = {
  write: (to, value) => text(bounds.addressBytes).write(to, checkedAddress(value)),
  read: (from) => checkedAddress(text(bounds.addressBytes).read(from)),
};

const builtInStudy = record({ id: builtIn, print });
const publicFile = record({ url: address, sha256 });
const addressedStudy = record({ name, files: list(publicFile, bounds.addresses), print });
const studyFile = record({ name, file: publicFile, print });
const steps = list(whole(bounds.runs, 1), bounds.leftOut);
const inlineStudy = record({ deflated: rawBytes(bounds.inlineBytes) });

const reference: Codec<StudyReference> = {
  write(to, study) {
    referenceKind.write(to, study.kind);
    if (study.kind === 'built-in') builtInStudy.write(to, study);
    else if (study.kind === 'addresses') addressedStudy.write(to, study);
    else if (study.kind === 'file') studyFile.write(to, study);
    else inlineStudy.write(to, study);
  },
  read(from) {
    const kind = referenceKind.read(from);
    if (kind === 'built-in') return { kind, ...builtInStudy.read(from) };
    if (kind === 'addresses') return { kind, ...addressedStudy.read(from) };
    if (kind === 'file') return { kind, ...studyFile.read(from) };
    return { kind, ...inlineStudy.read(from) };
  },
};

/** The head of a link, which determines how to read the rest. */
export const head = record({
  study: reference,
  domains: whole(bounds.domains),
  targets: whole(bounds.targets),
});

/** Rows of the training runs that are left out, ascending, each as its distance from the one before. */
const leftOut: Codec<readonly number[]> = {
  write(to, rows) {
    if (rows.length > bounds.leftOut) {
      throw new LinkError(
        `A link can leave out ${bounds.leftOut.toLocaleString('en')} runs at most; this study leaves out ${rows.length.toLocaleString('en')}.`,
        'Take some back, or send the study as a file.',
      );
    }
    steps.write(
      to,
      rows.map((row, place) => row - (rows[place - 1] ?? -1)),
    );
  },
  read: (from) => {
    let row = -1;
    return steps.read(from).map((step) => {
      row += step;
      return row;
    });
  },
};

/** What links of a version do not speak of. */
const unsaid: Codec<undefined> = { write: () => undefined, read: () => undefined };

/**
 * The rest, for a study of so many domains and targets.
 *
 * @param version of the link: 2 adds `beyondTried` to the limits, and runs that are left out
 */
export function body(domains: number, targets: number, version: number) {
  const target = whole(Math.max(0, targets - 1));
  const weights = numbers(domains, { least: 0, most: 1, orNone: false });
  const limits = numbers(domains, { least: 0, most: 1, orNone: true });
  const constraints = record<ConstraintsChange>({
    requestedTokens: optional(nullable(number(Number.MIN_VALUE, bounds.tokens))),
    availableTokens: optional(numbers(domains, { least: 0, most: bounds.tokens, orNone: true })),
    epochs: optional(
      numbers(domains, { least: Number.MIN_VALUE, most: bounds.epochs, orNone: false }),
    ),
    max: optional(limits),
    min: optional(weights),
    locked: optional(limits),
    beyondTried: version >= 2 ? optional(flag) : unsaid,
  });
  const objective = record<ObjectiveChange>({
    kind: optional(objectiveKind),
    weights: optional(list(record({ target, weight: number(0, bounds.targetWeight) }), targets)),
    families: optional(list(record({ target, family: name }), targets)),
    normalised: optional(flag),
    kl: optional(number(0, bounds.kl)),
    discountRepeats: optional(flag),
    seeksWorst: optional(flag),
  });
  const settings = record<SettingsChange>({
    constraints: optional(constraints),
    yours: optional(nullable(weights)),
    target: optional(target),
    regressor: optional(regressor),
    objective: optional(objective),
    seed: optional(whole(2 ** 31 - 1)),
    minRowsPerLeaf: optional(nullable(whole(1_000_000, 1))),
    engine: optional(nullable(engine)),
    samples: optional(whole(1_000_000, 1_000)),
    topK: optional(whole(10_000, 1)),
  });
  const mixtures = record<MixturesChange>({
    prior: optional(record({ kind: priorKind, weights: optional(weights) })),
    human: optional(nullable(record({ name, weights }))),
  });
  const view = record<ViewChange>({
    band: optional(band),
    order: optional(order),
    heatmap: optional(heatmap),
    evaluation: optional(whole(bounds.targets)),
    brushes: optional(
      list(
        record({
          axis: whole(Math.max(0, domains + targets - 1)),
          low: finite,
          high: finite,
        }),
        domains + targets,
      ),
    ),
    lesson: optional(
      record({
        hidesAnswer: flag,
        isPresenting: flag,
        hiddenStages: list(text(40), bounds.hiddenStages),
        task: text(bounds.taskBytes),
      }),
    ),
  });
  return record<Omit<LinkContent, 'study' | 'domains' | 'targets'>>({
    mixtures: whenAny(mixtures),
    settings: whenAny(settings),
    view: whenAny(view),
    leftOut: version >= 2 ? optional(leftOut) : unsaid,
  });
}

/** A record of optional fields: one bit where none of them is there. */
function whenAny<Fields extends object>(codec: Codec<Fields>): Codec<Fields> {
  return {
    write(to: BitWriter, value) {
      const differs = Object.values(value).some((field) => field !== undefined);
      flag.write(to, differs);
      if (differs) codec.write(to, value);
    },
    read: (from: BitReader) => (flag.read(from) ? codec.read(from) : ({} as Fields)),
  };
}

/**
 * Checks that a page may fetch from an address: https, without user name or password.
 *
 * @throws LinkError when it is not allowed
 */
export function checkedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  if (url && isPlain && url.hostname !== '') return text;
  throw new LinkError(
    `“${text.slice(0, 80)}” is not the address of a study.`,
    'Use an address that begins with https://.',
  );
}
