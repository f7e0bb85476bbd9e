/**
 * The pieces of a stream as they come. Whoever stops early, or aborts the signal, closes the stream, also while
 * a piece is waited for.
 *
 * @param stream null = no pieces, as with an answer without a body
 * @throws the signal's reason when it is aborted; what the stream fails with
 */
export async function* piecesOf<Piece>(
  stream: ReadableStream<Piece> | null,
  signal: AbortSignal,
): AsyncGenerator<Piece, void> {
  if (!stream) return;
  const reader = stream.getReader();
  // Ends the read that is waited for, as if the stream had ended.
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.cancel();
  }
}
