import { parentPort, workerData } from 'node:worker_threads';
import { StageError } from '../../lib/model/errors';
import { planted } from './planted';
import { readers, stillOpen } from './readers';

/**
 * Reads damaged texts one after the other in a separate thread, so that a hang can be ended and
 * memory is limited. Started by `fuzz.fixture.ts`, which passes the task and receives the progress.
 */

const task: { name: string; from: number; to: number; place: Int32Array } = workerData;
const { input, read } = { ...readers, ...planted }[task.name];
let taken = 0;
let refused = 0;
const external = () => process.memoryUsage().arrayBuffers;
const before = external();
let maxExternal = 0;
const broken: string[] = [];
for (let number = task.from; number < task.to && broken.length < 5; number++) {
  Atomics.store(task.place, 0, number);
  const text = input(number);
  try {
    read(text);
    taken++;
  } catch (error) {
    if (error instanceof StageError && error.message !== '') refused++;
    else broken.push(`case ${number}: ${String(error)} for ${JSON.stringify(text.slice(0, 300))}`);
  }
  maxExternal = Math.max(maxExternal, external() - before);
  const isLast = number === task.to - 1;
  if ((number % 500 === 0 || isLast) && !stillOpen()) {
    broken.push(`case ${number}: study changed`);
  }
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0) {
    broken.push(`case ${number}: every object changed`);
  }
}
parentPort?.postMessage({ taken, refused, maxExternal, broken });
