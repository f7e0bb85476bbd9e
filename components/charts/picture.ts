/**
 * Exports a chart as one self-contained SVG or PNG: collects drawings and texts from the page, lays
 * them out, and resolves theme colours.
 */
import { wrapText } from './text-fit';

const padding = 16;
const minWidth = 360;
const fontFamily = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const namespace = 'http://www.w3.org/2000/svg';

/** The texts around the drawings. */
export interface PictureTexts {
  readonly title: string;
  /** Under the title; empty for none. */
  readonly lead: string;
  /** Under the drawings. */
  readonly caption: string;
}

export interface Picture {
  /** A whole SVG file. */
  readonly text: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * All drawings of a chart, placed as on the page, as one self-contained file: with title, legends
 * and caption, on a paper background, in the given colours, independent of the page's style sheets.
 *
 * @param colors custom properties by name
 * @returns null while nothing is drawn
 */
export function pictureOf(
  body: HTMLElement,
  { title, lead, caption }: PictureTexts,
  colors: ReadonlyMap<string, string>,
): Picture | null {
  const { parts, width: drawn, height: drawnHeight } = partsOf(body);
  if (!parts.some(({ kind }) => kind === 'drawing')) return null;
  const room = Math.max(minWidth, drawn);
  const width = Math.ceil(room) + 2 * padding;
  const outer = create('svg', { 'font-family': fontFamily, role: 'img' });
  outer.append(create('title', {}, title), create('desc', {}, caption));
  const ground = create('rect', { fill: 'var(--paper)' });
  outer.append(ground);

  let y = padding;
  // Bold letters are wider than the estimate for regular text.
  y = write(outer, wrapText(title, 15, room), y, { size: 14, line: 20, bold: true });
  if (lead !== '') y = write(outer, wrapText(lead, 12, room), y + 2, { size: 12, line: 16 });
  y += 8;
  for (const part of parts) outer.append(drawingOf(part, padding, y));
  y = write(outer, wrapText(caption, 11, room), y + drawnHeight + 10, { size: 11, line: 15 });

  const height = Math.ceil(y) + padding;
  for (const element of [outer, ground]) {
    element.setAttribute('width', String(width));
    element.setAttribute('height', String(height));
  }
  outer.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return {
    text: literalColors(new XMLSerializer().serializeToString(outer), colors),
    width,
    height,
  };
}

/** One part at its position, moved by an offset. */
function drawingOf(part: PicturePart, left: number, top: number): SVGElement {
  const x = left + part.x;
  const y = top + part.y;
  if (part.kind === 'text') {
    return create(
      'text',
      {
        x,
        // The baseline is about a fifth above the bottom of the text's box.
        y: y + 0.8 * part.height,
        'font-size': part.size,
        'font-weight': part.weight,
        fill: 'var(--ink-2)',
      },
      part.text,
    );
  }
  const inner = document.importNode(part.element, true);
  for (const element of inner.querySelectorAll('.only-dark')) element.remove();
  for (const element of inner.querySelectorAll('[data-sticky]'))
    element.removeAttribute('transform');
  for (const element of inner.querySelectorAll('[tabindex]')) element.removeAttribute('tabindex');
  for (const name of ['style', 'class', 'aria-hidden']) inner.removeAttribute(name);
  // Labels at the ends of an axis extend a little beyond the drawing.
  inner.setAttribute('overflow', 'visible');
  for (const [name, value] of Object.entries({ x, y, width: part.width, height: part.height })) {
    inner.setAttribute(name, String(value));
  }
  return inner;
}

/** Writes lines from `y` down; returns where the next would begin. */
function write(
  into: SVGElement,
  lines: readonly string[],
  y: number,
  { size, line, bold = false }: { size: number; line: number; bold?: boolean },
): number {
  lines.forEach((text, index) => {
    into.append(
      create(
        'text',
        {
          x: padding,
          y: y + index * line + size,
          'font-size': size,
          'font-weight': bold ? 650 : 400,
          fill: bold ? 'var(--ink)' : 'var(--ink-2)',
        },
        text,
      ),
    );
  });
  return y + lines.length * line;
}

function create(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = '',
): SVGElement {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/** A drawing, or a line of text beside drawings, with its position in a picture, in pixels. */
export type PicturePart = Place &
  (
    | { readonly kind: 'drawing'; readonly element: SVGSVGElement }
    | {
        readonly kind: 'text';
        readonly text: string;
        /** Font size, in pixels. */
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

/**
 * Larger gaps between parts contained something that is not in the picture: a control, a progress
 * line.
 */
const widestGap = 12;

/**
 * The drawings of a chart and the texts marked by `data-in-picture`, placed as on the page, with
 * the gaps of omitted elements closed. Boxes that scroll are laid out in full.
 *
 * @returns parts with their total size, labels beyond the edges of drawings included
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

/** The top of each part, from 0 down, after wide gaps between rows are closed. */
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

/** A drawing with the labels that extend beyond it. */
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

/** The lines into which the browser has broken a text. */
function linesOf(element: Element): Extract<PicturePart, { kind: 'text' }>[] {
  const lines: Extract<PicturePart, { kind: 'text' }>[] = [];
  const { fontSize, fontWeight } = getComputedStyle(element);
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const nodes: Node[] = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) nodes.push(node);
  let hasSpace = false;
  for (const word of wordsOf(nodes.map(({ textContent }) => textContent ?? ''))) {
    range.setStart(nodes[word.node], word.start);
    range.setEnd(nodes[word.node], word.start + word.text.length);
    const box = range.getBoundingClientRect();
    // A word that is not shown keeps its neighbours apart.
    hasSpace ||= word.isAfterSpace;
    if (box.width === 0) continue;
    const last = lines.at(-1);
    const place = placeOf(box);
    if (last && Math.abs(last.y - place.y) < box.height / 2) {
      lines[lines.length - 1] = {
        ...last,
        text: `${last.text}${hasSpace ? ' ' : ''}${word.text}`,
        width: box.right - last.x,
      };
    } else {
      lines.push({
        kind: 'text',
        text: word.text,
        size: Number.parseFloat(fontSize),
        weight: fontWeight,
        ...place,
      });
    }
    hasSpace = false;
  }
  return lines;
}

/** A word of a text, or the part of it that one of the text's nodes has. */
interface Word {
  /** Index of its node. */
  readonly node: number;
  /** In the node's text. */
  readonly start: number;
  readonly text: string;
  /** Whether white space is before it, in whichever node. */
  readonly isAfterSpace: boolean;
}

/**
 * The words of a text that the page has in several nodes, with the spaces between them: these may be at the end
 * of one node, at the start of the next, or a node of their own.
 *
 * @param texts of the nodes, in order
 */
export function wordsOf(texts: readonly string[]): Word[] {
  let isAfterSpace = false;
  return texts.flatMap((text, node) =>
    Array.from(text.matchAll(/\s+|\S+/g)).flatMap(({ 0: part, index }) => {
      if (part.trim() === '') {
        isAfterSpace = true;
        return [];
      }
      const word = { node, start: index, text: part, isAfterSpace };
      isAfterSpace = false;
      return [word];
    }),
  );
}

function placeOf({ x, y, width, height }: DOMRect): Place {
  return { x, y, width, height };
}

const usedProperty = /var\((--[\w-]+)\)/g;
const themedPair = /light-dark\(((?:[^(),]|\([^()]*\))+),(?:[^()]|\([^()]*\))+\)/g;

/**
 * Replaces `var(--name)` by the property's value and `light-dark(a, b)` by `a`, for SVG readers
 * that support neither. A property that is not in `colors` becomes `currentColor`.
 */
export function literalColors(svg: string, colors: ReadonlyMap<string, string>): string {
  return svg
    .replace(usedProperty, (_, name: string) => colors.get(name) ?? 'currentColor')
    .replace(themedPair, (_, light: string) => light.trim());
}

/** Draws an SVG into a PNG with `scale` pixels per unit; null when the browser cannot. */
export async function drawPng(
  svg: string,
  width: number,
  height: number,
  scale: number,
): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * The custom properties that the page's style sheets set on its root in the light theme, by name:
 * `--ink` -> `#16181d`.
 */
export function lightTheme(): Map<string, string> {
  const found = new Map<string, string>();
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSStyleRule) || rule.selectorText !== ':root') continue;
      for (const name of rule.style) {
        if (name.startsWith('--')) found.set(name, rule.style.getPropertyValue(name).trim());
      }
    }
  }
  return found;
}
