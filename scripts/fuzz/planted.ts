import { StageError } from '../../lib/model/errors';
import { type Reader, session } from './readers';

const leaked: unknown[] = [];
const input = (number: number) => `case ${number}`;

/** Readers with one defect each: the harness must distinguish all of them from a good one. */
export const planted: Readonly<Record<string, Reader>> = {
  'throws an untyped error': {
    input,
    read: (text) => {
      if (text.endsWith('7')) throw new TypeError('of nobody’s stage');
    },
  },
  'says nothing': {
    input,
    read: () => {
      throw new StageError('runs', '', '');
    },
  },
  hangs: {
    input,
    read: (text) => {
      for (let turn = 0; text.endsWith('5') && turn < Number.POSITIVE_INFINITY; turn++);
    },
  },
  'takes all memory': {
    input,
    read: () => {
      leaked.push(Array.from({ length: 100_000 }, (_, place) => [place]));
    },
  },
  'takes all memory outside the heap': {
    input,
    read: (text) => {
      if (text.endsWith('0')) leaked.push(new Uint8Array(300 * 2 ** 20));
    },
  },
  'changes the study': {
    input,
    read: () => {
      session.study.training.mixtures.values[0] = 0.75;
    },
  },
  'changes every object': {
    input,
    read: () => {
      Reflect.set(Object.prototype, 'polluted', true);
    },
  },
};
