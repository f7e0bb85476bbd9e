import { describe, expect, it } from 'vitest';
import type { RegressorId } from '../model/regressor';
import type { Settings } from '../model/settings';
import type { Study } from '../model/study';
import { smallSession } from '../study/session.fixture';
import { fitKey } from './keys';

const { study, settings } = smallSession();
const coefficients = Float64Array.of(1, 2);
const model = { kind: 'linear', intercept: 0, coefficients, penalty: 0 } as const;
const imported = (id: string): Study => ({
  ...study,
  imported: [{ id, target: 'loss', name: 'mine.onnx', model }],
});
const keyOf = (of: Study, change: Partial<Settings> = {}, regressor: RegressorId = 'gbdt') =>
  fitKey(of, 'loss', regressor, { ...settings, ...change });

describe('the key of a model', () => {
  it('is another one for whatever makes another model', () => {
    const { training } = study;
    const keys = [
      keyOf(study),
      keyOf(study, { minRowsPerLeaf: 3 }),
      keyOf(study, { minRowsPerLeaf: 4 }),
      keyOf(study, { seed: 2 }),
      keyOf(study, {}, 'law'),
      keyOf({ ...study, training: { ...training, ids: [...training.ids].reverse() } }),
      keyOf(imported('a'), {}, 'imported'),
      keyOf(imported('b'), {}, 'imported'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same for the same data of any study, whatever else is set', () => {
    expect(keyOf({ ...study, id: 'copy', name: 'Copy' }, { topK: 5 })).toBe(keyOf(study));
    expect(keyOf(imported('a'))).toBe(keyOf(study));
  });
});
