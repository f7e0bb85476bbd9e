import { runCli } from './run';

/** The outcome of a call of the command line. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in the test's own process, and collects its output. */
export async function regmix(...argv: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
