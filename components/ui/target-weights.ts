/** Weight per target id, >= 0; a target that is not named weighs nothing. */
export type Weights = Readonly<Record<string, number>>;
/** Family per target id; targets without one stand alone. */
export type Families = Readonly<Record<string, string>>;

/** Largest weight that can be typed. */
export const mostWeight = 100;
/** Longest family name that can be typed, in characters. */
export const longestFamily = 40;

/** A target's weight, 0 where it has none. */
export function weightOf(weights: Weights, target: string): number {
  return Object.hasOwn(weights, target) ? weights[target] : 0;
}

/** A target's family, empty where it has none. */
export function familyOf(families: Families, target: string): string {
  return Object.hasOwn(families, target) ? families[target] : '';
}

/** The same weight for every target; 0 clears them. */
export function sameWeights(targets: readonly { readonly id: string }[], weight: number): Weights {
  return Object.fromEntries(targets.map(({ id }) => [id, weight]));
}

/** The families with one target's changed; an empty name takes the target out of its family. */
export function withFamily(families: Families, target: string, family: string): Families {
  const others = Object.entries(families).filter(([id]) => id !== target);
  return Object.fromEntries(family === '' ? others : [...others, [target, family]]);
}

/** A typed weight, 0..100; null when the text is none. */
export function parseWeight(text: string): number | null {
  const value = /^\s*(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= mostWeight ? value : null;
}
