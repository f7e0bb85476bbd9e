/** What is being typed into a field, before it is taken over. */
export interface Draft {
  readonly text: string;
  /** The text was to be taken over and could not be read. */
  readonly refused: boolean;
}

/** What becomes of a draft that is to be taken over. */
export type Settled<Value> =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'taken'; readonly value: Value };

/**
 * Takes a draft over.
 *
 * @param currentText the value in force as the field writes it
 * @param read the value that a text means, or undefined when it is not one; gets the text without
 *   white space round it
 */
export function settle<Value>(
  draft: Draft | null,
  currentText: string,
  read: (text: string) => Value | undefined,
): Settled<Value> {
  const text = draft?.text.trim() ?? currentText;
  if (text === currentText) return { kind: 'unchanged' };
  const value = read(text);
  return value === undefined ? { kind: 'refused' } : { kind: 'taken', value };
}

/** What the page needs to know of the element that has the focus when a key is pressed. */
export interface FocusedField {
  /** `INPUT`, `TEXTAREA`, ... */
  readonly tagName: string;
  /** `text`, `range`, ...; absent where the element has none. */
  readonly type?: string;
  readonly value?: string;
  /** Fields that keep a draft say in `data-in-force` what it would replace. */
  readonly dataset?: { readonly inForce?: string };
}

const nonTextTypes = ['range', 'checkbox', 'radio', 'button', 'file', 'submit'];

/** Whether keys write into the element. */
export function isTextField({ tagName, type }: FocusedField): boolean {
  return tagName === 'TEXTAREA' || (tagName === 'INPUT' && !nonTextTypes.includes(type ?? 'text'));
}

/**
 * Whether undo belongs to the text in the element, not to the study: while it holds something that
 * has not been taken over. A field without a value in force, such as a filter, has nothing to hold on
 * to when it is empty.
 */
export function ownsUndo(element: FocusedField): boolean {
  return isTextField(element) && element.value !== (element.dataset?.inForce ?? '');
}
