import { textWidth } from './text-fit';

/** Height of a line of a legend, in pixels. */
export const legendLine = 18;
/** Where an item's text begins, after its sample. */
export const legendText = 22;

/** Places legend items of 12 px text on lines of `width` pixels, in order. */
export function flowLegend(
  labels: readonly string[],
  width: number,
): { places: { x: number; y: number }[]; height: number } {
  let x = 0;
  let y = 0;
  const places = labels.map((label) => {
    const needed = legendText + textWidth(label, 12);
    if (x > 0 && x + needed > width) {
      x = 0;
      y += legendLine;
    }
    const place = { x: Math.round(x), y };
    x += needed + 14;
    return place;
  });
  return { places, height: labels.length === 0 ? 0 : y + legendLine };
}
