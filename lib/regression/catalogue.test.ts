import { describe, expect, it } from 'vitest';
import { longFit } from './catalogue';

describe('a fit that takes long', () => {
  it('is that of laws and trees of very many domains, never a linear one', () => {
    for (const id of ['law+gp', 'law', 'mean', 'mixing-law', 'gbdt'] as const) {
      expect(longFit(id, 512, 2_000)).toBeGreaterThan(90);
    }
    for (const id of ['ridge', 'ols'] as const) expect(longFit(id, 512, 2_000)).toBeNull();
  });

  it('is none at the size of published studies', () => {
    for (const id of ['law+gp', 'gp', 'mean', 'gbdt', 'gbdt-paper', 'bimix'] as const) {
      expect(longFit(id, 512, 17)).toBeNull();
    }
  });
});
