import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleDirichlet } from '../lib/mixture/sampling';
import { runJob } from '../lib/model/job';
import { rowOf, zeros } from '../lib/model/matrix';
import { createRandomStream } from '../lib/model/random';
import type { RunTable } from '../lib/model/study';
import { evaluateSmooth } from '../lib/regression/predict';
import { writeRuns } from '../lib/runs/write-runs';
import {
  simulatedDomains,
  simulatedLaws,
  simulatedPrior,
  simulatedTargets,
} from '../lib/study/simulated';

/**
 * Generates the simulated study, as RegMix's CSV pairs under
 * `public/studies/simulated/`. Run it with `npm run study`; the same seed writes the same bytes.
 *
 * Ground truth, per target (all positive, 0 < b_i < 1): the validation loss of mixture r is
 *
 *     L(r) = C + (D0 + sum_i a_i (r_i + 1e-4)^b_i)^-g + noise,   noise ~ N(0, 0.012^2)
 *
 * each domain contributes effective data with diminishing returns. The downstream score is
 * 0.62 - 0.16 (L_web - 3) + noise, so that it follows web loss as RegMix found on real scores
 * (Liu et al. 2024, section 5.2). Mixtures are RegMix's: Dirichlet(s p), s log-spaced over 0.1 .. 5,
 * p the tempered token share.
 */

const seed = 20240701;
const trainingRuns = 256;
const testRuns = 128;
const noise = 0.012;
const concentrations = 15;
const [lowest, highest] = [0.1, 5];
const temper = 0.5;

function drawMixtures(count: number, offset: number) {
  const tempered = simulatedPrior.map((share) => share ** temper);
  const total = tempered.reduce((sum, share) => sum + share, 0);
  const mixtures = zeros(count, simulatedDomains.length);
  for (let row = 0; row < count; row++) {
    const step = row % concentrations;
    const strength = lowest * (highest / lowest) ** (step / (concentrations - 1));
    const concentration = Float64Array.from(tempered, (share) => (strength * share) / total);
    const drawn = runJob(sampleDirichlet(concentration, 1, seed + offset + row));
    mixtures.values.set(roundToThousandths(rowOf(drawn, 0)), row * mixtures.columns);
  }
  return mixtures;
}

/** Three decimals that still sum to 1: the largest weight takes the rounding error. */
function roundToThousandths(weights: Float64Array): Float64Array {
  const counts = Array.from(weights, (weight) => Math.round(weight * 1000));
  const rest = 1000 - counts.reduce((sum, count) => sum + count, 0);
  counts[counts.indexOf(Math.max(...counts))] += rest;
  return Float64Array.from(counts, (count) => count / 1000);
}

function simulate(name: string, count: number, offset: number): RunTable {
  const mixtures = drawMixtures(count, offset);
  const random = createRandomStream(seed + offset - 1);
  const losses = zeros(count, simulatedTargets.length);
  for (let row = 0; row < count; row++) {
    simulatedLaws.forEach((law, target) => {
      const value = evaluateSmooth(law, rowOf(mixtures, row), null);
      const measured = value + noise * random.normal();
      losses.values[row * losses.columns + target] = Math.round(measured * 1e5) / 1e5;
    });
  }
  const ids = Array.from({ length: count }, (_, row) => String(row + 1));
  return { name, ids, mixtures, losses };
}

const folder = join('public', 'studies', 'simulated');
mkdirSync(folder, { recursive: true });
for (const [name, count, offset] of [
  ['train', trainingRuns, 1_000],
  ['test', testRuns, 50_000],
] as const) {
  const written = writeRuns(simulate(name, count, offset), simulatedDomains, simulatedTargets);
  writeFileSync(join(folder, `${name}_mixture.csv`), written.mixtures);
  writeFileSync(join(folder, `${name}_loss.csv`), written.losses);
}
