/**
 * Trains one proxy from the start of a process, and prints tokens per second of its processor time:
 * `train-alone.ts ours 20k 2` for two seconds of it. With one more word, `clock`, seconds are those of the clock.
 */
import { sizeIds } from '../lib/training/shape';
import { createSimdEngine } from '../lib/training/simd/engine';
import { createTfjsWasmEngine, startTfjsWasm } from './tfjs-wasm';
import { planOf, processorSeconds, stepAll } from './training';

const [, , kind, name, seconds, by] = process.argv;
const size = sizeIds.find((each) => each === name);
if (!size) throw new RangeError(`there is no size ${name}`);
const plan = planOf(size, 1);
if (kind === 'tfjs') await startTfjsWasm();
const now = by === 'clock' ? () => performance.now() / 1000 : processorSeconds;
const before = now();
const engine = (kind === 'tfjs' ? createTfjsWasmEngine : createSimdEngine)(plan);
while (now() - before < Number(seconds)) await stepAll([engine]);
const tokens = engine.step * plan.training.rows * plan.shape.context;
process.stdout.write(`${tokens / (now() - before)}\n`, () => process.exit());
