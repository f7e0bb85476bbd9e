import { sessionError } from './session-error';
import { sessionFormat, sessionVersion } from './session-schema';

/** Brings a file of one version to the next; what it is given has not been checked. */
export type Upgrade = (
  file: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/**
 * Step by step from older versions, by the version that is left behind. Version 1 is the first: whoever
 * writes version 2 adds how a file of version 1 becomes one, and keeps it for good.
 */
const upgrades: ReadonlyMap<number, Upgrade> = new Map();

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
