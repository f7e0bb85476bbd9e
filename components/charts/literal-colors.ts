const usedProperty = /var\((--[\w-]+)\)/g;
const themedPair = /light-dark\(((?:[^(),]|\([^()]*\))+),(?:[^()]|\([^()]*\))+\)/g;

/**
 * Replaces `var(--name)` by the property's value and `light-dark(a, b)` by `a`, for readers of SVG
 * that know neither. A property that is not in `colors` becomes `currentColor`.
 */
export function literalColors(svg: string, colors: ReadonlyMap<string, string>): string {
  return svg
    .replace(usedProperty, (_, name: string) => colors.get(name) ?? 'currentColor')
    .replace(themedPair, (_, light: string) => light.trim());
}
