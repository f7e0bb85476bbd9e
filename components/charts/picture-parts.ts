/** A drawing, or a line of text beside drawings, at its place in a picture, in pixels. */
export type PicturePart = Place &
  (
    | { readonly kind: 'drawing'; readonly element: SVGSVGElement }
    | {
        readonly kind: 'text';
        readonly text: string;
        /** Of its letters, in pixels. */
        readonly size: number;
        readonly weight: string;
      }
  );

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Larger gaps between parts held something that is not in the picture: a control, a progress line. */
const widestGap = 12;

/**
 * The drawings of a chart and the texts marked by `data-in-picture`, placed as on the page, with the
 * gaps closed that what is left out would leave. Boxes that scroll are laid out whole.
 *
 * @returns parts with the size of all together, labels beyond the edges of drawings included
 */
export function partsOf(body: HTMLElement): {
  readonly parts: readonly PicturePart[];
  readonly width: number;
  readonly height: number;
} {
  const found: PicturePart[] = [];
  const reaches: Place[] = [];
  for (const element of body.querySelectorAll(
    'svg[data-chart], svg.recharts-surface, [data-in-picture]',
  )) {
    if (element instanceof SVGSVGElement) {
      const box = element.getBoundingClientRect();
      if (box.width === 0) continue;
      const place = placeOf(box);
      found.push({ kind: 'drawing', element, ...place });
      reaches.push(reachOf(element, box));
    } else {
      const lines = linesOf(element);
      found.push(...lines);
      reaches.push(...lines);
    }
  }
  if (found.length === 0) return { parts: [], width: 0, height: 0 };
  const left = Math.min(...reaches.map(({ x }) => x));
  const tops = closedGaps(reaches);
  return {
    parts: found.map((part, index) => ({
      ...part,
      x: part.x - left,
      y: part.y - reaches[index].y + tops[index],
    })),
    width: Math.max(...reaches.map(({ x, width }) => x + width)) - left,
    height: Math.max(...reaches.map(({ height }, index) => tops[index] + height)),
  };
}

/** Where each part begins, from 0 down, once no gap between rows is wide. */
function closedGaps(places: readonly Place[]): number[] {
  const tops = new Array<number>(places.length).fill(0);
  const order = places.map((_, index) => index).sort((a, b) => places[a].y - places[b].y);
  let bottom = places[order[0]].y;
  let shift = bottom;
  for (const index of order) {
    const { y, height } = places[index];
    shift += Math.max(0, y - bottom - widestGap);
    bottom = Math.max(bottom, y + height);
    tops[index] = y - shift;
  }
  return tops;
}

/** A drawing with the labels that reach beyond it. */
function reachOf(drawing: SVGSVGElement, box: DOMRect): Place {
  let { left, right, top, bottom } = box;
  for (const label of drawing.querySelectorAll('text')) {
    const { left: x, right: end, top: y, bottom: foot, width } = label.getBoundingClientRect();
    if (width === 0) continue;
    left = Math.min(left, x);
    right = Math.max(right, end);
    top = Math.min(top, y);
    bottom = Math.max(bottom, foot);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The lines in which the browser has set a text. */
function linesOf(element: Element): Extract<PicturePart, { kind: 'text' }>[] {
  const lines: Extract<PicturePart, { kind: 'text' }>[] = [];
  const { fontSize, fontWeight } = getComputedStyle(element);
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+\s*/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.trimEnd().length);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      const last = lines.at(-1);
      const place = placeOf(box);
      if (last && Math.abs(last.y - place.y) < box.height / 2) {
        lines[lines.length - 1] = {
          ...last,
          text: last.text + word,
          width: box.right - last.x,
        };
      } else {
        lines.push({
          kind: 'text',
          text: word,
          size: Number.parseFloat(fontSize),
          weight: fontWeight,
          ...place,
        });
      }
    }
  }
  return lines;
}

function placeOf({ x, y, width, height }: DOMRect): Place {
  return { x, y, width, height };
}
