/**
 * A short training of a proxy of each size, and what it must give to the bit: in Node, Chromium and Firefox.
 * Nothing here needs Node, so that a browser test can bundle it and hash by itself.
 */

import { validationWindows } from '../batches';
import type { TrainingOptions } from '../options';
import { type SizeId, sizeIds, sizes } from '../shape';
import { createSimdEngine } from './engine';

const steps = 60;

/** Text of a domain by whole numbers alone, in documents of 31 tokens. */
function text(domain: number): Uint16Array {
  return Uint16Array.from({ length: 5_000 + 300 * domain }, (_, place) =>
    place % 31 === 0
      ? 256
      : (97 + ((place * (domain + 2) + (place >> 3)) % (5 + 17 * domain))) % 256,
  );
}
const tokens = [text(0), text(1), text(2)];

/** What 60 steps give. */
export interface Golden {
  readonly size: SizeId;
  /** SHA-256 of the parameters of the checkpoint, floats of 32 bits, the lowest byte first. */
  readonly parameters: string;
  /** The bits of an evaluation's loss, a double, the highest digit first. */
  readonly loss: string;
}

/** Rows of a batch: few where a step takes long. */
const rowsOf: Readonly<Record<SizeId, number>> = {
  '7k': 8,
  '20k': 8,
  '100k': 4,
  '400k': 2,
  '1m': 1,
};

/** Where these change, raise `engineVersion` in engine.ts: a training is not gone on with by other bits. */
const expected: Readonly<Record<SizeId, Omit<Golden, 'size'>>> = {
  '7k': {
    parameters: '07fcec13bd0ba12c0061c26502468df5a9cbd6fff2a4bb78a499e3ca0d5f529b',
    loss: '4007fe197186db26',
  },
  '20k': {
    parameters: '86c98f84376a005e43413a8e9ea89efc417361925ce1e81bf562179a5605ddc2',
    loss: '3feb5342122c1f4e',
  },
  '100k': {
    parameters: '515f49b5faea0c51105ac271a67180d19a3f12e2382d7a54dc6d1000a3fafe37',
    loss: '3fddb2eda0790e21',
  },
  '400k': {
    parameters: '91ba2cea17cd5d6699edb61f827a3b512809c5226d72d4662582fcd47427af2a',
    loss: '3fe7692a70e4f891',
  },
  '1m': {
    parameters: '38c392a63b809cd9880638987676723ab2de175e519feef6222633fe78cf84c1',
    loss: '3fe76db298603425',
  },
};

export const goldens: readonly Golden[] = sizeIds.map((size) => ({ size, ...expected[size] }));

/** Trains a proxy of this size, and hashes what it is after 60 steps. */
export async function trainGolden(size: SizeId): Promise<Golden> {
  const shape = sizes[size];
  const training: TrainingOptions = {
    rows: rowsOf[size],
    steps,
    learningRate: 4e-3,
    warmUp: 6,
    betas: [0.9, 0.95],
    epsilon: 1e-8,
    weightDecay: 0.1,
    clip: 1,
  };
  const proxies = [{ id: '', mixture: Float64Array.of(0.5, 0.3, 0.2), seed: 11 }];
  const engine = createSimdEngine({ shape, training, proxies, tokens });
  for (let step = 0; step < steps; step++) engine.advance();
  // No multiple of the rows of a batch.
  const [loss] = await engine.evaluate(validationWindows(tokens[1], shape.context, 9));
  const { parameters } = await engine.checkpoint();
  engine.dispose();
  const hash = await crypto.subtle.digest('SHA-256', parameters.slice());
  return { size, parameters: hex(new Uint8Array(hash)), loss: bitsOf(loss) };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return hex(new Uint8Array(view.buffer));
}
