import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { fromRows } from '../model/matrix';
import type { Model } from '../model/regressor';
import { modelInteractions } from './effects';
import { predictModel } from './predict';

const linear: Model = {
  kind: 'linear',
  intercept: 1,
  coefficients: Float64Array.of(2, -1, 4),
  penalty: 0,
};

describe('modelInteractions', () => {
  it('is the change of the prediction for one more point of weight, the others giving way', () => {
    const at = Float64Array.of(0.5, 0.3, 0.2);
    const { values } = modelInteractions([linear], at);
    for (let domain = 0; domain < 3; domain++) {
      const moved = at.map((weight, other) =>
        other === domain ? weight + 0.01 : weight * (1 - 0.01 / (1 - at[domain])),
      );
      const [before, after] = runJob(predictModel(linear, fromRows([[...at], [...moved]])));
      expect(values[domain]).toBeCloseTo(after - before, 12);
    }
  });

  it('has no number where a target could not be fitted', () => {
    const { values } = modelInteractions([null, linear], Float64Array.of(0.5, 0.3, 0.2));
    expect([...values].map(Number.isNaN)).toEqual([true, false, true, false, true, false]);
  });
});
