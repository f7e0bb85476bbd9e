/** What tests of sweeps need: text with hostile names, programs that stand in for others, and their records. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Writes a small text of two domains. */
export function writeText(folder: string, names: readonly string[] = ['cats', 'dogs']): void {
  mkdirSync(folder, { recursive: true });
  names.forEach((domain, at) => {
    const words = ['purr meow ', 'woof bark growl '][at % 2];
    const lines = Array.from({ length: 200 }, (_, line) =>
      JSON.stringify({ text: `${at} ${line} say ${words.repeat(1 + (line % 3))}` }),
    );
    writeFileSync(join(folder, `${domain}-1.jsonl`), lines.join('\n'));
  });
}

/** Runs a program with others in front of those of the machine. */
export function runProgram(
  program: string,
  args: readonly string[],
  {
    programs,
    env = {},
    input,
    cwd,
  }: {
    readonly programs?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly cwd?: string;
  } = {},
): SpawnSyncReturns<string> {
  const path = programs ? `${programs}${delimiter}${process.env.PATH}` : process.env.PATH;
  return spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: path, ...env },
    ...(input !== undefined && { input }),
    ...(cwd !== undefined && { cwd }),
  });
}

function writeProgram(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}

/**
 * A program that keeps the words and the folder it is called with: see {@link callsOf}. One named sbatch also says
 * the id of a job, or keeps the script that it reads as `input`.
 */
export function writeRecorder(programs: string, records: string, name: string): void {
  mkdirSync(records, { recursive: true });
  writeProgram(
    programs,
    name,
    `#!/bin/sh
{ pwd; printf '\\0'; for word; do printf '%s\\0' "$word"; done; } > "${records}/${name}-$$"
if [ ${name} = sbatch ]; then
  case "$*" in *--parsable*) echo '7;cluster' ;; *) cat > "${records}/input" ;; esac
fi
`,
  );
}

/** A call of a recording program. */
interface Call {
  readonly folder: string;
  readonly words: readonly string[];
}

/** The calls of a recording program, in no order. */
export function callsOf(records: string, name: string): Call[] {
  return readdirSync(records)
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => {
      const [folder, ...words] = readFileSync(join(records, file), 'utf8').split('\0').slice(0, -1);
      return { folder: folder.replace(/\n$/, ''), words };
    });
}

/**
 * What the driver uses of Ray, by its documented behaviour: tasks that run when their results are asked for, and
 * again as often as they may after an exception. Ray itself is not to be had from Debian or npm.
 */
export function writeRay(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'ray.py'),
    `class Task:
    def __init__(self, call, retries):
        self.call, self.retries = call, retries


class Remote:
    def __init__(self, function, options):
        self.function, self.options = function, options

    def remote(self, *args):
        assert is_ready, "ray.init() comes first"
        retries = self.options["max_retries"] if self.options["retry_exceptions"] else 0
        return Task(lambda: self.function(*args), retries)


is_ready = False


def init():
    global is_ready
    is_ready = True


def remote(*, num_cpus, memory, max_retries, retry_exceptions):
    assert num_cpus >= 1 and memory >= 2**28
    options = {"max_retries": max_retries, "retry_exceptions": retry_exceptions}
    return lambda function: Remote(function, options)


def get(task):
    for left in range(task.retries, -1, -1):
        try:
            return task.call()
        except Exception:
            if left == 0:
                raise
`,
  );
}

/**
 * Words of a container's command as Kubernetes passes them on: `$(NAME)` of a known variable is its value, two
 * dollars are one.
 */
export function expandCommand(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): string[] {
  return words.map((word) =>
    word.replace(/\$\$|\$\(([^)]*)\)/g, (found, name) =>
      found === '$$' ? '$' : Object.hasOwn(env, name) ? env[name] : found,
    ),
  );
}

export const hasPython = spawnSync('python3', ['--version']).status === 0;
