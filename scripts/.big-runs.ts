import { type Job, runJob } from '../lib/job';
import { buildStudyRuns } from '../lib/runs/build';
import { readTable } from '../lib/runs/read-table';
import { recognise } from '../lib/runs/recognise';

const rows = Number(process.argv[2]),
  D = Number(process.argv[3]),
  quotedIds = process.argv[4] === 'q';
const lines: string[] = [`run,${Array.from({ length: D }, (_, i) => `train_d${i}`).join(',')}`];
let s = 1;
for (let r = 0; r < rows; r++) {
  const c: number[] = [];
  let left = 1000;
  for (let i = 0; i < D - 1; i++) {
    s = (s * 1103515245 + 12345) % 2147483648;
    const v = Math.min(left, s % 10);
    c.push(v);
    left -= v;
  }
  c.push(left);
  lines.push(
    `${quotedIds ? '"' : ''}run-identifier-${r}${quotedIds ? '"' : ''},${c.map((v) => (v / 1000 + 1e-6).toFixed(6)).join(',')}`,
  );
}
const text = `${lines.join('\n')}\n`;
const loss = `run,metric/a_val_loss\n${Array.from({ length: rows }, (_, r) => `run-identifier-${rows - 1 - r},${3 + r / rows}`).join('\n')}\n`;
lines.length = 0;
function timed<T>(name: string, job: Job<T>): T {
  const t0 = performance.now();
  let last = t0,
    worst = 0,
    step = job.next(),
    slices: number[] = [];
  while (!step.done) {
    const now = performance.now();
    slices.push(now - last);
    worst = Math.max(worst, now - last);
    last = now;
    step = job.next();
  }
  worst = Math.max(worst, performance.now() - last);
  slices.sort((a, b) => a - b);
  console.log(
    name,
    `${Math.round(performance.now() - t0)} ms, longest slice ${worst.toFixed(1)} ms, median ${slices[slices.length >> 1]?.toFixed(2)}, p99 ${slices[Math.floor(slices.length * 0.99)]?.toFixed(1)}`,
  );
  return step.value;
}
console.log(`text ${(text.length / 1e6).toFixed(0)} MB`);
text.charCodeAt(text.length >> 1);
const mix = timed('read', readTable({ name: 'mixture.csv', text }));
const los = timed('read losses', readTable({ name: 'loss.csv', text: loss }));
const t = performance.now();
const rec = recognise([mix, los]);
console.log('recognise', Math.round(performance.now() - t), 'ms', rec.sets);
const study = timed('build', buildStudyRuns([mix, los], rec, { acceptUnpaired: false }));
console.log(
  study.training?.ids.length,
  study.domains.length,
  study.notes,
  Math.round(process.memoryUsage().rss / 1e6),
  'MB',
);
