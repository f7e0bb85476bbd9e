import { describe, expect, it } from 'vitest';
import type { RunTable, Study } from '../model/study';
import { asNewStudy, revisionOf } from './identity';
import { smallSession } from './session.fixture';
import { parseSession, sessionToJson } from './session-file';

const { study, settings } = smallSession();
const { training } = study;

/** The table with one number of a matrix changed. */
function withValue(key: 'mixtures' | 'losses', value: number): RunTable {
  const values = Float64Array.from(training[key].values);
  values[3] = value;
  return { ...training, [key]: { ...training[key], values } };
}

describe('the revision of a study', () => {
  it('is the same for the same data, wherever it comes from', () => {
    const revision = revisionOf(study);
    const read = parseSession(sessionToJson({ study, settings })).study;
    expect(read.training).not.toBe(training);
    expect(revisionOf(read)).toBe(revision);
    expect(revisionOf({ ...study, training: { ...training } })).toBe(revision);
  });

  it('is another one for any other data', () => {
    const others: Study[] = [
      { ...study, training: withValue('losses', 2.5) },
      { ...study, training: withValue('mixtures', 0.125) },
      { ...study, training: withValue('losses', Number.NaN) },
      { ...study, training: { ...training, ids: [...training.ids].reverse() } },
      { ...study, training: { ...training, rounds: new Int32Array(training.ids.length) } },
      { ...study, testSets: [training] },
      { ...study, testSets: [{ ...training, name: 'other' }] },
      { ...study, testSets: [training, training] },
      { ...study, targets: [{ ...study.targets[0], direction: 'higher' }] },
      { ...study, targets: [{ ...study.targets[0], id: 'score' }] },
      { ...study, domains: [...study.domains].reverse() },
    ];
    const revisions = [study, ...others].map(revisionOf);
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  it('does not follow what no fit depends on', () => {
    const coefficients = Float64Array.of(1, 2);
    const model = { kind: 'linear', intercept: 0, coefficients, penalty: 0 } as const;
    const others: Study[] = [
      { ...study, id: 'other', name: 'Another name' },
      { ...study, prior: { kind: 'typed', weights: Float64Array.of(0.25, 0.75) } },
      { ...study, human: { name: 'human', weights: Float64Array.of(0.25, 0.75) } },
      { ...study, imported: [{ id: 'a', target: 'loss', name: 'a.onnx', model }] },
      { ...study, source: { kind: 'published', detail: '' } },
      {
        ...study,
        training: { ...training, trajectory: { steps: [1], losses: [training.losses] } },
      },
    ];
    for (const other of others) expect(revisionOf(other)).toBe(revisionOf(study));
  });

  it('differs between any two of many small changes', () => {
    const revisions = Array.from({ length: 2_000 }, (_, step) =>
      revisionOf({ ...study, training: withValue('losses', 1 + step * Number.EPSILON) }),
    );
    expect(new Set(revisions).size).toBe(revisions.length);
  });
});

describe('a study that becomes one of its own', () => {
  it('has models from elsewhere that are asked for by the ids they are found by', () => {
    let ids = 0;
    const model = { kind: 'onnx', id: 'old', features: study.domains.length } as const;
    const imported = [{ id: 'old', target: study.targets[0].id, name: 'network.onnx', model }];
    const own = asNewStudy({ ...study, imported }, () => `new ${++ids}`);
    const [{ id, model: found }] = own.imported ?? [];
    expect(id).not.toBe('old');
    expect(found).toEqual({ ...model, id });
  });
});
