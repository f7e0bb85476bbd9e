const narrow = new Set("fijlrtI.,:;'|!()[] -");
const wide = new Set('mwMWQ%@&—');

/**
 * Estimates the width of a text in pixels, in the widest of the fonts that the page may use: charts
 * must reserve space for labels before anything is rendered.
 */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    if (narrow.has(character)) em += 0.4;
    else if (wide.has(character)) em += 0.92;
    else if (character.charCodeAt(0) > 0x2e80) em += 1;
    else if (character >= 'A' && character <= 'Z') em += 0.7;
    else em += 0.62;
  }
  return em * fontSize;
}

/** The widest of some texts, in pixels. */
export function widestText(texts: readonly string[], fontSize: number): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(text, fontSize)), 0);
}

/**
 * The first of some texts that fits into `room` pixels even with wide letter spacing (WCAG 1.4.12);
 * the last when none does.
 */
export function firstThatFits(
  texts: readonly [string, ...string[]],
  fontSize: number,
  room: number,
): string {
  return texts.find((text) => 1.15 * textWidth(text, fontSize) <= room) ?? texts[texts.length - 1];
}

/** The text, or its beginning with an ellipsis when it is wider than `room` pixels. */
export function shorten(text: string, fontSize: number, room: number): string {
  if (textWidth(text, fontSize) <= room) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > room) {
    characters.pop();
  }
  return `${characters.join('').trimEnd()}…`;
}

/**
 * Breaks a text between words into lines of at most `room` pixels; a longer word gets its own line.
 * An empty text has no lines.
 */
export function wrapText(text: string, fontSize: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontSize) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Moves labels on a line apart until none overlaps, preserving their order and staying as close to their
 * positions as that allows, by least squares: labels that meet spread around their middle.
 *
 * @param centers preferred position of each label, in pixels, ascending
 * @param widths pixels each label takes
 * @param range the pixels the labels may use
 * @returns the centre of each label; labels overlap, all alike, only when the range is too short for them
 */
export function spreadLabels(
  centers: readonly number[],
  widths: readonly number[],
  range: readonly [number, number],
): number[] {
  const [start, end] = range;
  const total = widths.reduce((sum, width) => sum + width, 0);
  const fit = total > end - start ? (end - start) / total : 1;
  /** The centre of each where all stand side by side from 0. */
  const packed: number[] = [];
  /** Labels that stand side by side: their mean start, less the packed one. */
  const pools: { mean: number; count: number }[] = [];
  let edge = 0;
  for (const [place, width] of widths.entries()) {
    packed.push((edge + width / 2) * fit);
    edge += width;
    let pool = { mean: centers[place] - packed[place], count: 1 };
    for (let last = pools.at(-1); last && last.mean >= pool.mean; last = pools.at(-1)) {
      const count = last.count + pool.count;
      pool = { mean: (last.mean * last.count + pool.mean * pool.count) / count, count };
      pools.pop();
    }
    pools.push(pool);
  }
  const starts = pools.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
  const latest = Math.max(start, end - total * fit);
  return packed.map((center, place) => center + Math.max(start, Math.min(latest, starts[place])));
}

/** Height of a line of a legend, in pixels. */
export const legendLine = 18;
/** Offset of an item's text, after its sample. */
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
