import { describe, expect, it } from 'vitest';
import { rescaledText } from './ternary-view';

describe('mixtures in a slice of three domains', () => {
  const marks = [
    { name: 'optimum', weights: [0.6, 0.2, 0.04] },
    { name: 'prior', weights: [0.05, 0.01, 0] },
    { name: 'yours', weights: [0.5, 0.3, 0.2] },
  ] as const;

  it('says how much of each lies in them, where its place is not its own', () => {
    expect(rescaledText(marks, 1)).toBe(
      'Marks are rescaled to these three: 84% of the optimum and 6.0% of the prior.',
    );
  });

  it('says so of the slice through the optimum, too', () => {
    expect(rescaledText(marks, 0.84)).toBe(
      'Marks are rescaled to these three: 6.0% of the prior and 100% of your mixture; 84% of the slice.',
    );
  });

  it('says nothing where all lie in them', () => {
    expect(rescaledText(marks.slice(2), 1)).toBe('');
    expect(rescaledText([], 1)).toBe('');
  });
});
