import type { Domain } from '../study/types';
import {
  interleavePython,
  megatronArguments,
  mixtureCsv,
  mixtureJson,
  mixtureYaml,
  olmixLaunchYaml,
  olmixYaml,
} from './mixture';

/** One way to write a mixture down. */
export interface MixtureFormat {
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /** Name of the file. */
  readonly file: string;
  readonly mediaType: string;
  readonly write: (domains: readonly Domain[], weights: Float64Array) => string;
}

/** Every format of a mixture, the most wanted first. */
export const mixtureFormats: readonly MixtureFormat[] = [
  {
    id: 'regmix',
    name: 'RegMix’s trainer, YAML',
    file: 'regmix-mixture.yaml',
    mediaType: 'application/yaml',
    write: mixtureYaml,
  },
  {
    id: 'olmix',
    name: 'olmix, the mix block, YAML',
    file: 'olmix-mixture.yaml',
    mediaType: 'application/yaml',
    write: olmixYaml,
  },
  {
    id: 'olmix-launch',
    name: 'olmix, data and mix blocks, YAML',
    file: 'olmix-launch.yaml',
    mediaType: 'application/yaml',
    write: olmixLaunchYaml,
  },
  {
    id: 'interleave',
    name: 'HuggingFace interleave_datasets',
    file: 'mixture.py',
    mediaType: 'text/x-python',
    write: interleavePython,
  },
  {
    id: 'megatron',
    name: 'Megatron blend arguments',
    file: 'megatron-blend.txt',
    mediaType: 'text/plain',
    write: megatronArguments,
  },
  {
    id: 'csv',
    name: 'CSV',
    file: 'regmix-mixture.csv',
    mediaType: 'text/csv',
    write: mixtureCsv,
  },
  {
    id: 'json',
    name: 'JSON',
    file: 'regmix-mixture.json',
    mediaType: 'application/json',
    write: mixtureJson,
  },
];
