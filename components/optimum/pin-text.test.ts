import { describe, expect, it } from 'vitest';
import { alternative, offerText, pinText } from './pin-text';

describe('what a pin costs, in words', () => {
  it('before it is set', () => {
    expect(offerText(0.03, 0.00083)).toBe('Drag to pin. 3.0% would cost +0.0008');
    expect(offerText(0.03, 0.00001)).toBe('Drag to pin. 3.0% would cost nothing');
  });

  it('once it is', () => {
    expect(pinText(0.03, 0.00083, 'nats')).toBe('Pinned at 3.0%: costs +0.0008 nats');
  });
});

describe('the alternative whose price is named', () => {
  it('is the prior’s weight', () => {
    expect(alternative(0.065, 0.03, [0, 0.5])).toBe(0.03);
  });

  it('is the end of the reach where the prior is beyond it', () => {
    expect(alternative(0.065, 0.3, [0, 0.1])).toBe(0.1);
  });

  it('is half as much where the optimum is at the prior, and some where it has none', () => {
    expect(alternative(0.06, 0.06, [0, 0.5])).toBe(0.03);
    expect(alternative(0, 0, [0, 0.5])).toBe(0.02);
  });

  it('is none where it can hardly be moved', () => {
    expect(alternative(0.06, 0.3, [0.059, 0.062])).toBeNull();
  });
});
