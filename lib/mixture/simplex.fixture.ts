import fc from 'fast-check';

/** Bounds that some mixture meets, and a point anywhere. */
export const feasibleBounds = fc
  .array(
    fc.record({
      weight: fc.double({ min: 0, max: 1, noNaN: true }),
      below: fc.double({ min: 0, max: 1, noNaN: true }),
      above: fc.double({ min: 0, max: 1, noNaN: true }),
      point: fc.double({ min: -1, max: 2, noNaN: true }),
    }),
    { minLength: 2, maxLength: 9 },
  )
  .filter((rows) => rows.some(({ weight }) => weight > 0.01))
  .map((rows) => {
    const total = rows.reduce((sum, { weight }) => sum + weight, 0);
    const inside = rows.map(({ weight }) => weight / total);
    return {
      inside: Float64Array.from(inside),
      lower: Float64Array.from(rows, ({ below }, domain) => inside[domain] * below),
      upper: Float64Array.from(
        rows,
        ({ above }, domain) => inside[domain] + (1 - inside[domain]) * above,
      ),
      point: Float64Array.from(rows, ({ point }) => point),
    };
  });
