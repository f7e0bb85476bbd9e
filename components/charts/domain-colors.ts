/** Hues of domains in a study that has more of them than {@link distinctHues}; the others are grey. */
const sharedHues = 6;
/** Up to this many domains have a colour each. */
const distinctHues = 8;

/**
 * The colour of every domain, the same in every chart: Okabe and Ito's "Color Universal Design" hues by the
 * domains' rank in the prior, which no answer changes and which is known before there is one (ties in the
 * file's order). Of more than 8 domains the first six have a hue and the others are two greys in turn, so that
 * neighbours differ. The palette's blue comes seventh, because blue means that something can be acted on. Six
 * hues cannot name 17 domains: names always stand beside colours.
 *
 * @param prior D weights
 * @returns D custom properties of app/styles/base.css, as CSS colours
 */
export function domainColors(prior: Float64Array): readonly string[] {
  const known = ofPrior.get(prior);
  if (known) return known;
  const ranked = Array.from(prior.keys()).sort((a, b) => prior[b] - prior[a] || a - b);
  const hues = prior.length <= distinctHues ? distinctHues : sharedHues;
  const colors = new Array<string>(prior.length);
  ranked.forEach((domain, rank) => {
    const name = rank < hues ? String(rank + 1) : (rank - hues) % 2 === 0 ? 'odd' : 'even';
    colors[domain] = `var(--domain-${name})`;
  });
  ofPrior.set(prior, colors);
  return colors;
}

/** Charts ask for them on every frame of a slider. */
const ofPrior = new WeakMap<Float64Array, readonly string[]>();
