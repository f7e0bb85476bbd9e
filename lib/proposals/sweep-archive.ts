import { strToU8, zipSync } from 'fflate';
import { trainerFormats } from '../export/formats';
import { fromRows } from '../model/matrix';
import type { Study } from '../model/study';
import { allRuns } from '../runs/left-out';
import { writeMixtures } from '../runs/write-runs';
import type { Proposal } from './types';
import { nextIds } from './write-proposals';

/** The earliest year of zip; a fixed date makes equal sweeps equal files. */
const fileDate = new Date('1980-01-02T00:00:00');

/**
 * A sweep of proposed mixtures as a zip, to be trained on a cluster: a YAML per run for RegMix's trainer and
 * for olmix, the mixtures as CSV, a SLURM array script that trains one run a task, and a README.
 *
 * Files are numbered, since ids come from an untrusted table and may not be valid file names; `mixtures.csv`
 * and `runs.txt` map numbers to ids.
 */
export function sweepArchive(
  study: Pick<Study, 'domains' | 'training' | 'leftOut'>,
  proposals: readonly Pick<Proposal, 'weights'>[],
): Uint8Array<ArrayBuffer> {
  const { domains } = study;
  // Ids and rounds of runs that are left out stay taken.
  const training = allRuns(study);
  const round = (training.rounds?.reduce((last, each) => Math.max(last, each), 0) ?? 0) + 1;
  const ids = nextIds(training.ids, proposals.length, round);
  const weights = proposals.map((proposal) => proposal.weights);
  const files: Record<string, string> = {
    'README.md': readme(proposals.length),
    'train.slurm': slurmScript(proposals.length),
    'runs.txt': ids.map((id, place) => `${numberOf(place)} ${id}\n`).join(''),
    'mixtures.csv': writeMixtures(
      { ids, mixtures: fromRows(weights), rounds: new Int32Array(ids.length).fill(round) },
      domains,
    ),
  };
  weights.forEach((mixture, place) => {
    files[`regmix/${numberOf(place)}.yaml`] = trainerFormats.regmix(domains, mixture);
    files[`olmix/${numberOf(place)}.yaml`] = trainerFormats.olmix(domains, mixture);
  });
  const bytes = zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
    { level: 6, mtime: fileDate },
  );
  return Uint8Array.from(bytes);
}

/** `0001`: the file of SLURM's task 1. */
function numberOf(place: number): string {
  return String(place + 1).padStart(4, '0');
}

function slurmScript(count: number): string {
  return `#!/bin/bash
#SBATCH --job-name=regmix-sweep
#SBATCH --array=1-${count}
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=04:00:00
#SBATCH --output=logs/%A_%a.out
# Submit from this folder, with what to run in TRAIN_COMMAND:
#   mkdir -p logs && TRAIN_COMMAND="bash train_one.sh" sbatch train.slurm
set -euo pipefail
: "\${TRAIN_COMMAND:?Set TRAIN_COMMAND to the command that trains one mixture; it is given the YAML and the run's number.}"
number=$(printf '%04d' "$SLURM_ARRAY_TASK_ID")
format="\${FORMAT:-regmix}"
$TRAIN_COMMAND "$PWD/$format/$number.yaml" "$number"
`;
}

function readme(count: number): string {
  return `# A sweep of ${count} proxy runs

- \`regmix/NNNN.yaml\`: the mixture of a run as RegMix's trainer reads it (\`train\` and \`valid\` blocks).
- \`olmix/NNNN.yaml\`: the same as olmix's \`mix\` block, to stand beside a \`data\` block of your sources.
- \`mixtures.csv\`: all mixtures, one row a run (\`index,train_<domain>,...,round\`).
- \`runs.txt\`: the number of each run and its id in \`mixtures.csv\`.
- \`train.slurm\`: a SLURM array job, one task a run.

Weights of every YAML sum to exactly 1.

## Run it

1. Write a script that trains one mixture: it is given the path of the YAML and the run's number. For RegMix's
   trainer it puts the YAML where your training configuration reads its mixture from.
2. \`mkdir -p logs && TRAIN_COMMAND="bash train_one.sh" sbatch train.slurm\`
   (\`FORMAT=olmix\` takes the files of the other folder). Edit time, memory and partition first.
3. Gather the validation losses of all runs in a CSV: \`index\` as in \`mixtures.csv\`, one column a target
   (\`metric/<target>_val_loss\`).
4. Drop \`mixtures.csv\` and that CSV on RegMix Explorer and add them as the next round of training runs.
`;
}
