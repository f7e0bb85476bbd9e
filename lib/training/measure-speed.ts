import type { Engine } from './engine';
import type { Speed } from './messages';

/** Steps between two readings of the clock: a reading waits for the device. */
const stepsPerReading = 4;
/** Steps are measured so many times as long as evaluating. */
const evaluatingShare = 4;

/**
 * How long an engine's steps and evaluations take.
 *
 * @param batch of validation text: windows as `evaluate` takes them
 * @param seconds it is trained for about so long, and evaluated for a fourth of it; at least one reading of
 *   each is made
 * @param now the clock, in milliseconds
 */
export async function measureSpeed(
  engine: Engine,
  batch: Int32Array,
  seconds: number,
  now: () => number = () => performance.now(),
): Promise<Speed> {
  const start = now();
  engine.advance();
  await engine.latestLosses();
  const begin = now();
  const stepSeconds: number[] = [];
  let last = begin;
  // Slow engines are read after every step, so that measuring them ends.
  const many = begin - start < (1000 * seconds) / (2 * stepsPerReading) ? stepsPerReading : 1;
  do {
    for (let step = 0; step < many; step++) engine.advance();
    await engine.latestLosses();
    const at = now();
    stepSeconds.push((at - last) / 1000 / many);
    last = at;
  } while (last - begin < 1000 * seconds);
  // The first evaluation also makes programs.
  await engine.evaluate(batch);
  const before = now();
  let batches = 0;
  do {
    await engine.evaluate(batch);
    batches++;
  } while (now() - before < (1000 * seconds) / evaluatingShare);
  return {
    stepSeconds,
    firstStepSeconds: (begin - start) / 1000,
    batchSeconds: (now() - before) / 1000 / batches,
  };
}
