import { sameBits } from '../../lib/training/same-bits.fixture';
import { goldens, trainGolden } from '../../lib/training/simd/golden.fixture';

/** What this browser gives for something of known bytes. */
export interface Found {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

async function find(): Promise<Found[]> {
  const all: Found[] = [];
  for (const { name, sha256, bytes } of sameBits) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes().slice()));
    const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    all.push({ name, expected: sha256, found });
  }
  for (const { size, parameters, loss } of goldens) {
    const trained = await trainGolden(size);
    const of = (part: string) => `${part} of ${size} after 60 steps`;
    all.push({ name: of('parameters'), expected: parameters, found: trained.parameters });
    all.push({ name: of('loss'), expected: loss, found: trained.loss });
  }
  return all;
}

find().then(postMessage, (error: unknown) => postMessage(String(error)));
