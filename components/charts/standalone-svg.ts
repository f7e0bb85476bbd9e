import { literalColors } from './literal-colors';

const titleHeight = 32;
const padding = 16;
const fontFamily = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const namespace = 'http://www.w3.org/2000/svg';

/**
 * The chart as a file of its own: with its title, on paper, in the colours of the light theme, and
 * without anything that needs the page's style sheets.
 *
 * @param colors custom properties by name
 */
export function standaloneSvg(
  chart: SVGSVGElement,
  title: string,
  colors: ReadonlyMap<string, string>,
): { text: string; width: number; height: number } {
  const inner = document.importNode(chart, true);
  const box = chart.viewBox.baseVal;
  const chartWidth = box.width || chart.clientWidth;
  const chartHeight = box.height || chart.clientHeight;
  for (const element of inner.querySelectorAll('.only-dark')) element.remove();
  for (const element of inner.querySelectorAll('[data-sticky]'))
    element.removeAttribute('transform');
  inner.removeAttribute('style');
  inner.removeAttribute('class');
  // Labels at the ends of an axis reach a little beyond the chart.
  inner.setAttribute('overflow', 'visible');
  inner.setAttribute('x', String(padding));
  inner.setAttribute('y', String(padding + titleHeight));
  inner.setAttribute('width', String(chartWidth));
  inner.setAttribute('height', String(chartHeight));

  const width = chartWidth + 2 * padding;
  const height = chartHeight + titleHeight + 2 * padding;
  const outer = document.createElementNS(namespace, 'svg');
  outer.setAttribute('viewBox', `0 0 ${width} ${height}`);
  outer.setAttribute('width', String(width));
  outer.setAttribute('height', String(height));
  outer.setAttribute('font-family', fontFamily);
  const ground = document.createElementNS(namespace, 'rect');
  ground.setAttribute('width', String(width));
  ground.setAttribute('height', String(height));
  ground.setAttribute('fill', 'var(--paper)');
  const heading = document.createElementNS(namespace, 'text');
  heading.setAttribute('x', String(padding));
  heading.setAttribute('y', String(padding + 14));
  heading.setAttribute('font-size', '14');
  heading.setAttribute('font-weight', '650');
  heading.setAttribute('fill', 'var(--ink)');
  heading.textContent = title;
  outer.append(ground, heading, inner);
  return {
    text: literalColors(new XMLSerializer().serializeToString(outer), colors),
    width,
    height,
  };
}
