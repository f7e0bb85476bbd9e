/**
 * What schedulers run: the shards of a sweep as a SLURM array, an indexed Kubernetes Job or Ray tasks, and the
 * merge after them. Text of the user's stands in them as quoted words only, and never in a comment as it is.
 */
import { relative, sep } from 'node:path';
import type { IJob } from 'kubernetes-models/batch/v1';
import { stringify } from 'yaml';

/** A sweep to be run by a scheduler. */
export interface SweepRequest {
  /** Name of the jobs: lower-case letters, digits and dashes. */
  readonly name: string;
  readonly shards: number;
  /** Proxies of the whole sweep. */
  readonly proxies: number;
  /** Processes of a shard, each on a core. */
  readonly processes: number;
  /** Memory of a shard in MiB. */
  readonly memory: number;
  /** Absolute path of the project, in which the commands run. */
  readonly folder: string;
  /** Arguments of `regmix train` without `--shard`; paths are absolute. */
  readonly train: readonly string[];
  /** Arguments of `regmix merge`; paths are absolute. */
  readonly merge: readonly string[];
}

/** The command line, run by Node itself: npm would stand between a scheduler's signals and it. */
const regmix = ['node', '--import', 'tsx', 'scripts/regmix.ts'];
/** The merge holds the results of all proxies at once. */
const mergeMemory = 2048;

/** A word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** Tasks of an array that each train a shard, and submission of them with the merge when it is run by hand. */
export function slurmScript(request: SweepRequest): string {
  const { name, shards, proxies, processes, memory, folder, train, merge } = request;
  return `#!/bin/bash
# A sweep of ${proxies} proxies in ${shards} shards (RegMix Explorer, regmix sweep).
#
#   bash THIS_FILE [SBATCH OPTIONS]       submits the shards, and the merge for when all of them are done
#   sbatch --array=3,7 THIS_FILE          submits only these shards, as after a failure, which cancels the merge
#   bash THIS_FILE merge                  merges here, when all shards are done after all
#
# Options go to the shards; the merge takes --partition, --account, --qos and --clusters of them alone. Variables of
# sbatch such as SBATCH_TIMELIMIT hold for both.
# A shard that is started again goes on where it stopped. A minute before its time limit a task requeues itself.
# SLURM's usual MaxArraySize is 1001: it takes at most 1,000 shards.
#SBATCH --job-name=${name}
#SBATCH --array=1-${shards}
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${processes}
#SBATCH --mem=${memory}M
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
set -euo pipefail

train() {
  cd -- ${shellWord(folder)}
  exec ${shellLine([...regmix, 'train', ...train])} --shard "$SLURM_ARRAY_TASK_ID/${shards}"
}

merge() {
  cd -- ${shellWord(folder)}
  exec ${shellLine([...regmix, 'merge', ...merge])}
}

if [ "\${1:-}" = merge ]; then
  merge
fi

if [ -z "\${SLURM_ARRAY_TASK_ID:-}" ]; then
  array=$(sbatch --parsable "$@" "$0")
  echo "shards: job $array"
  options=(--job-name=${name}-merge --cpus-per-task=1 --mem=${mergeMemory}M)
  options+=(--dependency="afterok:\${array%%;*}" --kill-on-invalid-dep=yes)
  while [ $# -gt 0 ]; do
    case $1 in
      --partition=* | --account=* | --qos=* | --clusters=* | -[pAqM]?*) options+=("$1") ;;
      --partition | --account | --qos | --clusters | -[pAqM]) options+=("$1" "$2"); shift ;;
    esac
    shift
  done
  { echo '#!/bin/bash'; declare -f merge; echo merge; } | sbatch "\${options[@]}"
  exit
fi

requeue() {
  kill -TERM "$shard" || true
  wait "$shard" || true
  scontrol requeue "$SLURM_JOB_ID"
  exit 1
}

train &
shard=$!
trap requeue USR1
wait "$shard"
`;
}

/** What the pods of a Job run in, and see. */
export interface PodRequest {
  readonly image: string;
  /** Persistent volume claims, and the absolute paths where they are mounted. */
  readonly volumes: readonly { readonly claim: string; readonly path: string }[];
}

/** Whether a path is a folder or inside of it, both absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** An indexed Job with a pod a shard, and a suspended Job that merges. */
export function kubernetesJobs(request: SweepRequest, pod: PodRequest): string {
  const { name, shards, proxies, processes, memory, folder, train, merge } = request;
  const labels = { app: name };
  const meta = (jobName: string) => ({ name: jobName, labels });
  const template = (
    command: readonly string[],
    cpu: number,
    mebibytes: number,
  ): NonNullable<IJob['spec']>['template'] => ({
    metadata: { labels },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'regmix',
          image: pod.image,
          workingDir: folder,
          command: command.map(kubernetesWord),
          resources: {
            requests: { cpu: String(cpu), memory: `${mebibytes}Mi` },
            limits: { memory: `${mebibytes}Mi` },
          },
          volumeMounts: pod.volumes.map(({ path }, at) => ({
            name: `volume-${at + 1}`,
            mountPath: path,
          })),
        },
      ],
      volumes: pod.volumes.map(({ claim }, at) => ({
        name: `volume-${at + 1}`,
        persistentVolumeClaim: { claimName: claim },
      })),
    },
  });
  // The words after the script are its "$@": the shell never reads them as anything else.
  const script = `exec "$@" --shard "$((JOB_COMPLETION_INDEX + 1))/${shards}"`;
  const shard = ['/bin/sh', '-c', script, 'sh', ...regmix, 'train', ...train];
  const trainJob: IJob = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta(name),
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      backoffLimitPerIndex: 6,
      // Never two pods of a shard at a time.
      podReplacementPolicy: 'Failed',
      // A pod that lost its node or made room for another has not failed.
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: template(shard, processes, memory),
    },
  };
  const mergeJob: IJob = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta(`${name}-merge`),
    spec: {
      suspend: true,
      backoffLimit: 3,
      template: template([...regmix, 'merge', ...merge], 1, mergeMemory),
    },
  };
  const asYaml = (job: IJob) =>
    stringify(job, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      lineWidth: 0,
      aliasDuplicateObjects: false,
    });
  return `# A sweep of ${proxies} proxies in ${shards} shards (RegMix Explorer, regmix sweep), for Kubernetes 1.29 or later.
#
#   kubectl apply -f THIS_FILE
#   kubectl wait --for=condition=Complete --timeout=-1s job/${name}
#   kubectl patch job/${name}-merge --patch '{"spec":{"suspend":false}}'
#
# The image needs Node 20.19 or later. The claims hold this project with its node_modules, the text and the
# results, may be mounted by many pods at once (ReadWriteMany), and are mounted at the paths that they have here.
# A pod that is started again goes on where its shard stopped.
${asYaml(trainJob)}---
${asYaml(mergeJob)}`;
}

/** Kubernetes replaces `$(NAME)` in commands by variables; two dollars are one that it leaves alone. */
function kubernetesWord(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** A driver whose tasks train a shard each; it merges when all are done. */
export function rayDriver(request: SweepRequest): string {
  const { shards, proxies, processes, memory, folder, train, merge } = request;
  return `#!/usr/bin/env python3
"""A sweep of ${proxies} proxies in ${shards} shards (RegMix Explorer, regmix sweep).

    python3 THIS_FILE                                  on this machine, or the cluster of RAY_ADDRESS
    ray job submit -- python3 PATH/TO/THIS_FILE        on a cluster

Every node needs this project and the text at the same paths as here, on a file system that all of them share. A
shard that is started again goes on where it stopped.
"""
import subprocess
import sys

import ray

FOLDER = ${pythonText(folder)}
TRAIN = ${pythonList([...regmix, 'train', ...train])}
MERGE = ${pythonList([...regmix, 'merge', ...merge])}
SHARDS = ${shards}


@ray.remote(num_cpus=${processes}, memory=${memory} * 2**20, max_retries=6, retry_exceptions=True)
def train(shard):
    subprocess.run([*TRAIN, "--shard", f"{shard}/{SHARDS}"], cwd=FOLDER, check=True)
    return shard


def main():
    ray.init()
    tasks = [train.remote(shard) for shard in range(1, SHARDS + 1)]
    failed = 0
    for shard, task in enumerate(tasks, start=1):
        try:
            ray.get(task)
            print(f"shard {shard} of {SHARDS} is done", flush=True)
        except Exception as error:
            failed += 1
            print(f"shard {shard} of {SHARDS} failed: {error}", file=sys.stderr, flush=True)
    if failed > 0:
        sys.exit(f"{failed} of {SHARDS} shards failed: run this again, which goes on where they stopped")
    subprocess.run(MERGE, cwd=FOLDER, check=True)


if __name__ == "__main__":
    main()
`;
}

/** A string of Python: the escapes of JSON are Python's, too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

function pythonList(words: readonly string[]): string {
  return `[\n${words.map((word) => `    ${pythonText(word)},\n`).join('')}]`;
}
