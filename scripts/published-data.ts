import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const required = [
  'train_mixture_1m.csv',
  'train_pile_loss_1m.csv',
  'test_mixture_1m.csv',
  'test_pile_loss_1m.csv',
];

/**
 * Folder of the runs published with RegMix: REGMIX_DATA, else `../shared/data/regmix` beside the
 * project. Null when neither holds all four files; tests against published figures then skip.
 */
export function publishedDataFolder(): string | null {
  const candidates = [process.env.REGMIX_DATA, join('..', 'shared', 'data', 'regmix')];
  for (const candidate of candidates) {
    if (!candidate) continue;
    const folder = resolve(candidate);
    if (required.every((name) => existsSync(join(folder, name)))) return folder;
  }
  return null;
}
