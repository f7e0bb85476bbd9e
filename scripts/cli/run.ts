import { StageError } from '../../lib/errors';
import { type Tell, UsageError, usage } from './arguments';
import { runFit } from './fit';
import { runOptimum } from './optimum';
import { runPropose } from './propose';
import { runSample } from './sample';
import { runSchedule } from './schedule';
import { runTrain } from './train';
import { runVerify } from './verify';

/** Where the command writes. */
export interface CliIo {
  /** Takes the answer, with its end of line. */
  readonly out: (text: string) => void;
  /** Takes warnings, progress and the refusal, each with its end of line. */
  readonly err: (text: string) => void;
}

type Command = (args: readonly string[], tell: Tell) => Promise<string>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['fit', runFit],
  ['optimum', runOptimum],
  ['propose', runPropose],
  ['sample', runSample],
  ['schedule', runSchedule],
  ['train', runTrain],
  ['verify', runVerify],
]);

/**
 * Runs the command line in this process.
 *
 * @param argv what stands after the program's name
 * @returns the exit code: 0 done, 2 bad usage or bad input, which is then said in one line; never throws
 */
export async function runCli(argv: readonly string[], { out, err }: CliIo): Promise<number> {
  try {
    out(`${await answer(argv, (line) => err(`${line}\n`))}\n`);
    return 0;
  } catch (error) {
    err(`regmix: ${oneLine(error)}\n`);
    return 2;
  }
}

async function answer([name, ...rest]: readonly string[], tell: Tell): Promise<string> {
  if (name === undefined || name === '--help' || name === '-h' || rest.includes('--help')) {
    return usage;
  }
  const command = commands.get(name);
  if (!command)
    throw new UsageError(`unknown command “${name}”; known are ${[...commands.keys()].join(', ')}`);
  return command(rest, tell);
}

/** One line, whatever went wrong. */
function oneLine(error: unknown): string {
  const text =
    error instanceof StageError
      ? `${error.message} ${error.advice}`
      : error instanceof Error
        ? error.message
        : String(error);
  return text.replace(/\s+/g, ' ').trim();
}
