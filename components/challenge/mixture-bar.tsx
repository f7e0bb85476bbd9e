import { formatPercent } from '../../lib/format';
import type { Domain } from '../../lib/study/types';

const width = 120;
const height = 10;

/** A mixture as one bar, a part a domain in the study's order: what is alike looks alike. */
export function MixtureBar({
  domains,
  weights,
}: {
  domains: readonly Domain[];
  weights: Float64Array;
}) {
  let end = 0;
  return (
    <svg className="mixture-bar" width={width} height={height} aria-hidden="true">
      {domains.map(({ id, name }, domain) => {
        const start = end;
        end += weights[domain] * width;
        const part = end - start;
        return part < 0.5 ? null : (
          <rect
            key={id}
            x={Math.round(start * 100) / 100}
            width={Math.round(Math.max(0.5, part - 1) * 100) / 100}
            height={height}
            fill="var(--ink-2)"
            fillOpacity={domain % 2 === 0 ? 0.85 : 0.45}
          >
            <title>{`${name} ${formatPercent(weights[domain], 1)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
