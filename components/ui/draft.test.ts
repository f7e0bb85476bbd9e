import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTextField, ownsUndo, settle } from './draft';

const read = (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined);

describe('settle', () => {
  it('commits valid text and refuses the rest', () => {
    expect(settle({ text: ' 12 ', refused: false }, '7', read)).toEqual({
      kind: 'taken',
      value: 12,
    });
    expect(settle({ text: 'plenty', refused: false }, '7', read)).toEqual({ kind: 'refused' });
  });

  it('changes nothing without a draft, or with one equal to the current value', () => {
    expect(settle(null, '7', read)).toEqual({ kind: 'unchanged' });
    expect(settle({ text: ' 7', refused: true }, '7', read)).toEqual({ kind: 'unchanged' });
    // The current text need not be valid input: “varies”.
    expect(settle({ text: 'varies', refused: false }, 'varies', read)).toEqual({
      kind: 'unchanged',
    });
  });
});

describe('undo', () => {
  const field = (value: string, inForce?: string) => ({
    tagName: 'INPUT',
    type: 'text',
    value,
    dataset: { inForce },
  });

  it('belongs to the field only while its draft differs from the current value', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, inForce) => {
        expect(ownsUndo(field(value, inForce))).toBe(value !== inForce);
      }),
      { examples: [['25 B', '25 B']] },
    );
  });

  it('belongs to a filter while there is text in it', () => {
    expect(ownsUndo(field('wiki'))).toBe(true);
    expect(ownsUndo(field(''))).toBe(false);
  });

  it('never belongs to a slider, a button or the page', () => {
    expect(ownsUndo({ tagName: 'INPUT', type: 'range', value: '3', dataset: {} })).toBe(false);
    expect(ownsUndo({ tagName: 'BUTTON', type: 'button', value: '', dataset: {} })).toBe(false);
    expect(ownsUndo({ tagName: 'BODY' })).toBe(false);
  });
});

it('distinguishes text fields from others', () => {
  expect(isTextField({ tagName: 'TEXTAREA', type: 'textarea' })).toBe(true);
  expect(isTextField({ tagName: 'INPUT', type: 'search' })).toBe(true);
  expect(isTextField({ tagName: 'INPUT', type: 'checkbox' })).toBe(false);
  expect(isTextField({ tagName: 'SELECT' })).toBe(false);
});
