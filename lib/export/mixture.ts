import { writeCsv } from '../runs/write-csv';
import type { Domain } from '../study/types';

/** Exported weights are whole millionths. */
const parts = 1_000_000;

/**
 * Weights rounded to millionths that still sum to exactly one million, by the largest remainder.
 *
 * @param weights D values >= 0 that sum to about 1
 */
export function roundWeights(weights: Float64Array): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = Array.from(weights, (weight) => (weight / total) * parts);
  const counts = exact.map(Math.floor);
  const rest = parts - counts.reduce((sum, count) => sum + count, 0);
  exact
    .map((value, domain) => ({ domain, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.domain - b.domain)
    .slice(0, rest)
    .forEach(({ domain }) => {
      counts[domain]++;
    });
  return counts;
}

/**
 * The mixture as RegMix's trainer reads it (its `mixture_config`): a `train` block of weights and a
 * `valid` block with every domain.
 */
export function mixtureYaml(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  const lines = ['train:'];
  domains.forEach(({ id }, domain) => {
    lines.push(`  ${yamlKey(`train_${id}`)}: ${decimal(counts[domain])}`);
  });
  lines.push('valid:');
  for (const { id } of domains) lines.push(`  ${yamlKey(`valid_${id}`)}: 1.0`);
  return `${lines.join('\n')}\n`;
}

/** The mixture as a CSV of `domain,weight`. */
export function mixtureCsv(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  return writeCsv(
    ['domain', 'weight'],
    domains.map(({ id }, domain) => [id, counts[domain] / parts]),
  );
}

/** The mixture as a JSON object of domain ids to weights. */
export function mixtureJson(domains: readonly Domain[], weights: Float64Array): string {
  const counts = roundWeights(weights);
  const entries = domains.map(
    ({ id }, domain) => `  ${JSON.stringify(id)}: ${decimal(counts[domain])}`,
  );
  return `{\n${entries.join(',\n')}\n}\n`;
}

/** Millionths as a decimal fraction, never in exponent form. */
function decimal(count: number): string {
  return (count / parts).toFixed(6).replace(/0+$/, '').replace(/\.$/, '.0');
}

/** Plain where YAML takes it as it is, else double-quoted: JSON strings are YAML strings. */
function yamlKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key) ? key : JSON.stringify(key);
}
