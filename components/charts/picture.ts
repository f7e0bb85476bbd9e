import { literalColors } from './literal-colors';
import { type PicturePart, partsOf } from './picture-parts';
import { wrapText } from './text-fit';

const padding = 16;
const leastWidth = 360;
const fontFamily = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const namespace = 'http://www.w3.org/2000/svg';

/** What stands around the drawings. */
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
 * All drawings of a chart, placed as on the page, as one file of its own: with title, legends and
 * caption, on paper, in the given colours, and without anything that needs the page's style sheets.
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
  const room = Math.max(leastWidth, drawn);
  const width = Math.ceil(room) + 2 * padding;
  const outer = create('svg', { 'font-family': fontFamily, role: 'img' });
  outer.append(create('title', {}, title), create('desc', {}, caption));
  const ground = create('rect', { fill: 'var(--paper)' });
  outer.append(ground);

  let y = padding;
  // Bold letters are wider than the estimate of text that is not.
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

/** One part at its place, moved by an offset. */
function drawingOf(part: PicturePart, left: number, top: number): SVGElement {
  const x = left + part.x;
  const y = top + part.y;
  if (part.kind === 'text') {
    return create(
      'text',
      {
        x,
        // Letters stand on a line about a fifth above the bottom of their box.
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
  // Labels at the ends of an axis reach a little beyond the drawing.
  inner.setAttribute('overflow', 'visible');
  for (const [name, value] of Object.entries({ x, y, width: part.width, height: part.height })) {
    inner.setAttribute(name, String(value));
  }
  return inner;
}

/** Writes lines from `y` down; gives where the next would begin. */
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
