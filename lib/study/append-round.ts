import { StageError } from '../errors';
import { listInWords, plural } from '../format';
import type { Matrix } from '../matrix';
import { lastRound } from '../runs/rounds';
import type { RunTable, Trajectory } from './types';

/** Renamed runs that are named in a sentence. */
const listedRuns = 5;

/** Training runs of several rounds, and what there is to say about how they came together. */
export interface AppendedRound {
  readonly table: RunTable;
  /** What was added, and which ids had to change. */
  readonly sentences: readonly string[];
}

/**
 * The runs with further ones after them, as the round after the last.
 *
 * @param added of the same domains and targets, in the same order; rounds of its own are not read
 * @param files what the further runs were read from
 * @throws StageError when the last round is as high as rounds can go
 */
export function appendRound(table: RunTable, added: RunTable, files: string): AppendedRound {
  const before = table.rounds ?? new Int32Array(table.ids.length);
  const round = before.reduce((last, each) => Math.max(last, each), 0) + 1;
  if (round > lastRound) {
    throw new StageError(
      'runs',
      `Round ${lastRound} is the last that a study can have.`,
      'Number the rounds of its runs anew, from 0.',
    );
  }
  const renamed: string[] = [];
  const taken = new Set([...table.ids, ...added.ids]);
  const known = new Set(table.ids);
  const ids = added.ids.map((id) => {
    if (!known.has(id)) return id;
    const free = freeId(`${id}-round-${round}`, taken);
    taken.add(free);
    renamed.push(`${id} is ${free}`);
    return free;
  });
  const recorded = (table.recorded || added.recorded) && {
    recorded: stack(table.recorded ?? table.mixtures, added.recorded ?? added.mixtures),
  };
  const sentences = [`Round ${round}: ${plural(ids.length, 'run')} of ${files}.`];
  if (renamed.length > 0) {
    const listed = renamed.slice(0, listedRuns);
    const rest = renamed.length - listed.length;
    const all = rest > 0 ? [...listed, `${rest} more likewise`] : listed;
    sentences.push(
      `${plural(renamed.length, 'id')} had been taken by earlier runs: ${listInWords(all)}.`,
    );
  }
  return {
    table: {
      name: table.name,
      ids: [...table.ids, ...ids],
      mixtures: stack(table.mixtures, added.mixtures),
      ...recorded,
      losses: stack(table.losses, added.losses),
      ...trajectoryOfBoth(table.trajectory, added.trajectory),
      rounds: Int32Array.from({ length: table.ids.length + ids.length }, (_, run) =>
        run < before.length ? before[run] : round,
      ),
    },
    sentences,
  };
}

/** Losses on the way go on where both were measured after the same steps. */
function trajectoryOfBoth(
  above: Trajectory | undefined,
  below: Trajectory | undefined,
): Pick<RunTable, 'trajectory'> {
  if (!above || !below || above.steps.join() !== below.steps.join()) return {};
  const losses = above.losses.map((part, place) => stack(part, below.losses[place]));
  return { trajectory: { steps: above.steps, losses } };
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let count = 2; taken.has(free); count++) free = `${id}-${count}`;
  return free;
}

function stack(above: Matrix, below: Matrix): Matrix {
  const { columns } = above;
  const values = new Float64Array(above.values.length + below.values.length);
  values.set(above.values);
  values.set(below.values, above.values.length);
  return { rows: above.rows + below.rows, columns, values };
}
