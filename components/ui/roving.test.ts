import { describe, expect, it } from 'vitest';
import { rovingIndex } from './roving';

describe('rovingIndex', () => {
  it('wraps around at both ends', () => {
    expect(rovingIndex('ArrowRight', 2, 3, 'horizontal')).toBe(0);
    expect(rovingIndex('ArrowLeft', 0, 3, 'horizontal')).toBe(2);
    expect(rovingIndex('ArrowDown', 0, 3, 'vertical')).toBe(1);
    expect(rovingIndex('ArrowUp', 2, 3, 'vertical')).toBe(1);
  });

  it('starts at the first or the last item', () => {
    expect(rovingIndex('ArrowDown', -1, 3, 'vertical')).toBe(0);
    expect(rovingIndex('ArrowUp', -1, 3, 'vertical')).toBe(2);
    expect(rovingIndex('Home', 1, 3, 'vertical')).toBe(0);
    expect(rovingIndex('End', 1, 3, 'vertical')).toBe(2);
  });

  it('ignores the keys of the other axis, and all others', () => {
    expect(rovingIndex('ArrowDown', 0, 3, 'horizontal')).toBeNull();
    expect(rovingIndex('ArrowLeft', 0, 3, 'vertical')).toBeNull();
    expect(rovingIndex('Enter', 0, 3, 'horizontal')).toBeNull();
  });
});
