import { LinkError } from './errors';

/**
 * The address, when a page may fetch from it: by https, without a name or password in it.
 *
 * @throws LinkError when it is none
 */
export function checkedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  if (url && isPlain && url.hostname !== '') return text;
  throw new LinkError(
    `“${text.slice(0, 80)}” is not an address that a study can be fetched from.`,
    'Use addresses that begin with https://.',
  );
}
