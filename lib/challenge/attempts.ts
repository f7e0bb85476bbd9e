import { cleanLine } from '../model/labels';
import type { Attempt, Settings } from '../model/settings';

/** Maximum number of attempts. */
export const maxAttempts = 100;
/** Maximum characters of an attempt's name. */
export const longestName = 60;

/** Id of the next attempt, unused by any existing one. */
function nextId(attempts: readonly Attempt[]): number {
  return attempts.reduce((most, { id }) => Math.max(most, id), 0) + 1;
}

/** Default name of an attempt. */
export function usualName({ attempts = [] }: Pick<Settings, 'attempts'>): string {
  return `Attempt ${nextId(attempts)}`;
}

/** A typed name made safe to show: one line of at most 60 characters; empty when nothing is left. */
function cleanName(text: string): string {
  return cleanLine(text, longestName).slice(0, longestName).trim();
}

/**
 * The settings with one more attempt; the same settings when there is no room for it.
 *
 * @param weights D weights that sum to 1
 */
export function withAttempt(
  settings: Settings,
  name: string,
  weights: ArrayLike<number>,
): Settings {
  const { attempts = [] } = settings;
  if (attempts.length >= maxAttempts) return settings;
  const attempt = {
    id: nextId(attempts),
    name: cleanName(name) || usualName(settings),
    weights: Array.from(weights),
  };
  return { ...settings, attempts: [...attempts, attempt] };
}

/** The settings with an attempt renamed; the same settings when the name is empty or unchanged. */
export function renamed(settings: Settings, id: number, name: string): Settings {
  const clean = cleanName(name);
  const { attempts = [] } = settings;
  if (clean === '' || attempts.find((attempt) => attempt.id === id)?.name === clean) {
    return settings;
  }
  return {
    ...settings,
    attempts: attempts.map((attempt) =>
      attempt.id === id ? { ...attempt, name: clean } : attempt,
    ),
  };
}

/** The settings without an attempt. */
export function withoutAttempt({ attempts = [], ...settings }: Settings, id: number): Settings {
  const left = attempts.filter((attempt) => attempt.id !== id);
  return left.length === 0 ? settings : { ...settings, attempts: left };
}
