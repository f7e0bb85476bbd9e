import { damaged } from './errors';

/** Characters of text that a link may unfold to. */
const ceiling = 4_000_000;

/** A text as UTF-8, deflated (RFC 1951). */
export async function deflateText(text: string): Promise<Uint8Array> {
  const deflated = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

/**
 * The text again. It is unfolded piece by piece and given up at the ceiling, so that a small link that
 * would fill the memory costs no more than the ceiling.
 *
 * @param most bytes of the text
 * @throws LinkError when it is longer, or what was deflated is damaged
 */
export async function inflateText(deflated: Uint8Array, most = ceiling): Promise<string> {
  const bytes = new Blob([deflated.slice()]);
  const reader = bytes.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let length = 0;
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > most) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    throw damaged('the study in it cannot be unfolded');
  }
  // Nobody waits for the rest: whether giving it up fails is all the same.
  void reader.cancel().catch(() => {});
  throw damaged(`the study in it unfolds to more than ${most.toLocaleString('en')} bytes`);
}
