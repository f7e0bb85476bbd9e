/** Takes a text piece by piece and gives it line by line, without the newline. */
export interface LineReader {
  readonly push: (text: string) => void;
  /** Gives what stands after the last newline, if anything does. */
  readonly close: () => void;
}

export function createLineReader(onLine: (line: string) => void): LineReader {
  // Joined once at the end of a line: a file without any newline would else be copied at every piece.
  let open: string[] = [];

  function flush(): void {
    const line = open.join('');
    open = [];
    onLine(line);
  }

  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        open.push(text.slice(from, at));
        from = at + 1;
        flush();
      }
      if (from < text.length) open.push(text.slice(from));
    },
    close() {
      if (open.length > 0) flush();
    },
  };
}
