/** Identity of studies: an id that stays, and a revision that changes with the runs. */

import type { Matrix } from '../model/matrix';
import type { ImportedModel } from '../model/regressor';
import type { RunTable, Study, Trajectory } from '../model/study';

/**
 * The study as a new one: with a new id, and new ids of its imported models, since a file may reuse the id of
 * another model.
 *
 * @param newId creates a unique id
 */
export function asNewStudy(study: Study, newId: () => string): Study {
  const { imported } = study;
  return {
    ...study,
    id: newId(),
    ...(imported && { imported: imported.map((model) => renamed(model, newId())) }),
  };
}

function renamed(imported: ImportedModel, id: string): ImportedModel {
  const { model } = imported;
  // A model that runs from its file is asked for by the same id.
  return { ...imported, id, model: model.kind === 'onnx' ? { ...model, id } : model };
}

/**
 * The study of an untrusted file, without claims that only this page may make: a built-in origin, and local
 * trainings.
 */
export function withoutOrigin(study: Study): Study {
  const { builtIn: _, training: __, ...source } = study.source;
  return { ...study, source };
}

/** The data that fits depend on. */
type StudyData = Pick<Study, 'domains' | 'targets' | 'training' | 'testSets'>;

const tableHashes = new WeakMap<RunTable, string>();
/** The latest revision that each training table was part of: it is needed for every key of a fit. */
const latest = new WeakMap<RunTable, StudyData & { readonly revision: string }>();

/**
 * Identifies the data of a study, for caches: equal revisions have equal runs, targets and domains. It is a
 * hash of the content, neither counted nor stored: the same runs after an undo, in another tab or from a file
 * find their cached fits, and no file can claim the revision of other runs.
 *
 * Display names, prior, human mixture, imported models and intermediate losses do not count: what depends on
 * them adds them to its own key.
 *
 * @returns sizes of the tables and 128 bits of a hash that is not cryptographic
 */
export function revisionOf({ domains, targets, training, testSets }: StudyData): string {
  const known = latest.get(training);
  if (known?.domains === domains && known.targets === targets && known.testSets === testSets) {
    return known.revision;
  }
  const tables = [training, ...testSets];
  const hash = createHash();
  hash.texts(domains.map(({ id }) => id));
  hash.texts(targets.flatMap(({ id, direction }) => [id, direction]));
  hash.texts(tables.map(tableHash));
  // Unhashed, so that tables of other sizes never collide.
  const sizes = tables.map(({ ids }) => ids.length).join('+');
  const revision = `${domains.length}x${targets.length}x${sizes}-${hash.digest()}`;
  latest.set(training, { domains, targets, training, testSets, revision });
  return revision;
}

/** Identifies intermediate losses, as {@link revisionOf} identifies runs. */
export function trajectoryRevisionOf({ steps, losses }: Trajectory): string {
  const hash = createHash();
  hash.word(steps.length);
  for (const step of steps) hash.word(step);
  for (const matrix of losses) hash.matrix(matrix);
  return hash.digest();
}

/** Tables are immutable: each is hashed once. */
function tableHash(table: RunTable): string {
  const known = tableHashes.get(table);
  if (known !== undefined) return known;
  const { name, ids, mixtures, recorded, losses, rounds } = table;
  const hash = createHash();
  hash.texts([name, ...ids]);
  hash.matrix(mixtures);
  if (recorded) hash.matrix(recorded);
  hash.matrix(losses);
  // Which optional parts are present.
  hash.word(recorded ? 1 : 0);
  hash.word(rounds ? 1 : 0);
  for (const round of rounds ?? []) hash.word(round);
  const made = hash.digest();
  tableHashes.set(table, made);
  return made;
}

/** MurmurHash3, 128 bits by lanes of 32 (Appleby, public domain), over words instead of bytes. */
function createHash() {
  let [h1, h2, h3, h4] = [1, 2, 3, 4];
  let count = 0;
  const rest: number[] = [];
  const number = new Float64Array(2);
  const words = new Uint32Array(number.buffer);

  function block(k1: number, k2: number, k3: number, k4: number): void {
    h1 ^= Math.imul(turned(Math.imul(k1, 0x239b961b), 15), 0xab0e9789);
    h1 = (Math.imul(turned(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(turned(Math.imul(k2, 0xab0e9789), 16), 0x38b34ae5);
    h2 = (Math.imul(turned(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(turned(Math.imul(k3, 0x38b34ae5), 17), 0xa1e38b93);
    h3 = (Math.imul(turned(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(turned(Math.imul(k4, 0xa1e38b93), 18), 0x239b961b);
    h4 = (Math.imul(turned(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
    count += 4;
  }

  function word(value: number): void {
    if (rest.push(value) < 4) return;
    block(rest[0], rest[1], rest[2], rest[3]);
    rest.length = 0;
  }

  /** Pads the current block, so that what follows starts a new one. */
  function align(): void {
    while (rest.length > 0) word(0);
  }

  return {
    word,
    texts(texts: readonly string[]): void {
      word(texts.length);
      for (const text of texts) {
        word(text.length);
        for (let at = 0; at < text.length; at++) word(text.charCodeAt(at));
      }
    },
    /** Both zeros count alike, and so do all NaNs. */
    matrix({ rows, columns, values }: Matrix): void {
      word(rows);
      word(columns);
      align();
      for (let at = 0; at < values.length; at += 2) {
        number[0] = canonical(values[at]);
        number[1] = at + 1 < values.length ? canonical(values[at + 1]) : 0;
        block(words[0], words[1], words[2], words[3]);
      }
    },
    digest(): string {
      align();
      const sums = [h1 ^ count, h2 ^ count, h3 ^ count, h4 ^ count];
      const all = sums.reduce((sum, lane) => sum + lane, 0);
      const mixed = sums.map((lane, place) => finished(place === 0 ? all : lane + all));
      const last = mixed.reduce((sum, lane) => sum + lane, 0);
      return mixed
        .map((lane, place) => ((place === 0 ? last : lane + last) >>> 0).toString(16))
        .map((lane) => lane.padStart(8, '0'))
        .join('');
    },
  };
}

function canonical(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value + 0;
}

function turned(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function finished(lane: number): number {
  let value = lane | 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
