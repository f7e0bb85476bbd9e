import { expect, it } from 'vitest';
import { flowLegend, legendLine } from './text-fit';

it('places items side by side and wraps what does not fit', () => {
  const { places, height } = flowLegend(['optimum', 'prior', 'human'], 170);
  expect(places.map(({ y }) => y)).toEqual([0, 0, legendLine]);
  expect(places[1].x).toBeGreaterThan(places[0].x);
  expect(places[2].x).toBe(0);
  expect(height).toBe(2 * legendLine);
});

it('takes no space without items', () => {
  expect(flowLegend([], 100)).toEqual({ places: [], height: 0 });
});
