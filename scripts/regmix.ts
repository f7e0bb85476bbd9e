/**
 * The explorer's library as a command: `sample` draws mixtures, `train` trains proxies on mixtures of
 * text, `fit` says how well runs predict unseen mixtures, `optimum` which mixture to train on, `propose`
 * which proxies to train next, `verify` whether the optimum wins at a larger size. Exit codes: 0 done,
 * 2 bad usage or bad input (one line on standard error).
 */
import { StageError } from '../lib/errors';
import { UsageError, usage } from './cli/arguments';
import { runFit } from './cli/fit';
import { runOptimum } from './cli/optimum';
import { runPropose } from './cli/propose';
import { runSample } from './cli/sample';
import { runSchedule } from './cli/schedule';
import { runTrain } from './cli/train';
import { runVerify } from './cli/verify';

const commands = new Map([
  ['fit', runFit],
  ['optimum', runOptimum],
  ['propose', runPropose],
  ['sample', runSample],
  ['schedule', runSchedule],
  ['train', runTrain],
  ['verify', runVerify],
]);

async function main([name, ...rest]: readonly string[]): Promise<string> {
  if (name === undefined || name === '--help' || name === '-h' || rest.includes('--help')) {
    return usage;
  }
  const command = commands.get(name);
  if (!command)
    throw new UsageError(`unknown command “${name}”; known are ${[...commands.keys()].join(', ')}`);
  return command(rest);
}

main(process.argv.slice(2)).then(
  (output) => {
    process.stdout.write(`${output}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`regmix: ${oneLine(error)}\n`);
    process.exitCode = 2;
  },
);

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
