import { runCli } from './run';

/** What a call of the command line came to. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in the test's own process, and collects what it writes. */
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
