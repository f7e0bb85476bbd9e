import { describe, expect, it } from 'vitest';
import { runJob } from '../model/job';
import { createRandomStream } from '../model/random';
import { measureOverlap } from './duplicates';

function noise(length: number, seed: number): Uint16Array {
  const stream = createRandomStream(seed);
  return Uint16Array.from({ length }, () => Math.floor(stream.uniform() * 256));
}

describe('the overlap of training and validation text', () => {
  it('is nothing for different text and all for a copy', () => {
    const training = noise(20_000, 1);
    expect(runJob(measureOverlap({ training, validation: noise(4_000, 2) }))).toBe(0);
    const validation = training.slice(7_003, 9_003);
    expect(runJob(measureOverlap({ training, validation }))).toBe(1);
  });

  it('is the share that was copied', () => {
    const training = noise(20_000, 1);
    const validation = noise(4_000, 2);
    validation.set(training.subarray(500, 1_500), 1_000);
    // 1,000 copied tokens hold 937 whole spans, of 3,937.
    expect(runJob(measureOverlap({ training, validation }))).toBeCloseTo(937 / 3_937, 2);
  });

  it('is nothing where there is too little text', () => {
    expect(runJob(measureOverlap({ training: noise(10, 1), validation: noise(10, 1) }))).toBe(0);
  });
});
