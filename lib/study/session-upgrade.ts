import { sessionError } from './session-error';
import { sessionFormat, sessionVersion } from './session-schema';

/** Brings a file of one version to the next; what it is given has not been checked. */
export type Upgrade = (
  file: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/**
 * Step by step from older versions, by the version that is left behind. Whoever writes a further version adds
 * how a file of the one before becomes one, and keeps all steps for good.
 */
const upgrades: ReadonlyMap<number, Upgrade> = new Map([[1, withOrigin]]);

/** Ids that studies of version 1 had when they were, to the last run, what every copy of the page can open. */
const builtInIds = ['simulated', 'languages', 'published', 'published-scales', 'software'];
/** Ids of version 1 that said of which training the proxies are, and how many of them had finished. */
const trainedId = /^(.+) at \d+$/s;

/** In version 1 the id alone said where the runs are from; since version 2 the source says it. */
function withOrigin(file: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { study } = file;
  if (!isRecord(study) || !isRecord(study.source) || typeof study.id !== 'string') return file;
  const { id, source } = study;
  const training = source.kind === 'trained' ? trainedId.exec(id)?.[1] : undefined;
  const origin = builtInIds.includes(id) ? { builtIn: id } : training ? { training } : {};
  return { ...file, study: { ...study, source: { ...source, ...origin } } };
}

/**
 * The file in the form of the current version; its contents are checked after that.
 *
 * @throws StageError when it is no file of a study, or of a version that is not known
 */
export function upgraded(
  value: unknown,
  steps: ReadonlyMap<number, Upgrade> = upgrades,
  current: number = sessionVersion,
): unknown {
  if (!isRecord(value) || value.format !== sessionFormat) {
    const found = isRecord(value) ? JSON.stringify(value.format) : nameOf(value);
    throw sessionError('format', found ?? 'nothing', `"${sessionFormat}"`);
  }
  let file = value;
  const { version } = value;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version > current) {
    const found = JSON.stringify(version) ?? 'nothing';
    throw sessionError('version', found, `a whole number up to ${current}, which this page knows`);
  }
  for (let at = version; at < current; at++) {
    const step = steps.get(at);
    if (!step) throw sessionError('version', String(version), `a version up to ${current}`);
    file = { ...step(file), version: at + 1 };
  }
  return file;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
