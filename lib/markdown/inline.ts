/** Text within a block. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] };

/** What begins something other than plain text: code, a link, strong, emphasis; an address stands for itself. */
const mark =
  /`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)|\*\*([^*]+)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*|(https:\/\/[^\s)]+[^\s).,;:])/;

/** Reads code, links, strong and emphasised text; all else stands for itself. */
export function parseInline(text: string): Inline[] {
  const found = mark.exec(text);
  if (!found) return text === '' ? [] : [{ kind: 'text', text }];
  const before = parseInline(text.slice(0, found.index));
  const after = parseInline(text.slice(found.index + found[0].length));
  return [...before, inlineOf(found), ...after];
}

function inlineOf([, code, label, href, strong, emphasis, address]: readonly string[]): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (label !== undefined) return { kind: 'link', href, children: parseInline(label) };
  if (strong !== undefined) return { kind: 'strong', children: parseInline(strong) };
  if (emphasis !== undefined) return { kind: 'emphasis', children: parseInline(emphasis) };
  return { kind: 'link', href: address, children: [{ kind: 'text', text: address }] };
}

/** The text alone, without marks. */
export function plainText(parts: readonly Inline[]): string {
  return parts.map((part) => ('text' in part ? part.text : plainText(part.children))).join('');
}
