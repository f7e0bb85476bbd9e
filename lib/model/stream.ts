/**
 * The chunks of a stream. Ending the iteration early or aborting the signal closes the stream, also during a
 * pending read.
 *
 * @param stream null = no chunks, as with a response without a body
 * @throws the signal's reason when it is aborted; the stream's error
 */
export async function* piecesOf<Piece>(
  stream: ReadableStream<Piece> | null,
  signal: AbortSignal,
): AsyncGenerator<Piece, void> {
  if (!stream) return;
  const reader = stream.getReader();
  // Ends the pending read as if the stream had ended.
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
