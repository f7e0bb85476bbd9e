/** A draft: text typed into a field and not yet committed. */
export interface Draft {
  readonly text: string;
  /** The text was to be committed and could not be parsed. */
  readonly refused: boolean;
}

/** The result of committing a draft. */
export type Settled<Value> =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'taken'; readonly value: Value };

/**
 * Commits a draft.
 *
 * @param currentText the current value as the field writes it
 * @param read parses the trimmed text; undefined when it is not valid
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

/** What the page needs to know about the focused element when a key is pressed. */
export interface FocusedField {
  /** `INPUT`, `TEXTAREA`, ... */
  readonly tagName: string;
  /** `text`, `range`, ...; absent where the element has none. */
  readonly type?: string;
  readonly value?: string;
  /** Fields with a draft name in `data-in-force` the text that it would replace. */
  readonly dataset?: { readonly inForce?: string };
}

const nonTextTypes = ['range', 'checkbox', 'radio', 'button', 'file', 'submit'];

/** Whether keys type into the element. */
export function isTextField({ tagName, type }: FocusedField): boolean {
  return tagName === 'TEXTAREA' || (tagName === 'INPUT' && !nonTextTypes.includes(type ?? 'text'));
}

/**
 * Whether undo applies to the text in the element rather than to the study: while it holds an
 * uncommitted draft. A field without a current value, such as a filter, has no draft when it is
 * empty.
 */
export function ownsUndo(element: FocusedField): boolean {
  return isTextField(element) && element.value !== (element.dataset?.inForce ?? '');
}
