/**
 * What a run takes from its seed before the first step, and SHA-256 of its bytes: the same in Node, Chromium
 * and Firefox. Nothing here needs Node, so that a browser test can bundle it and hash by itself.
 */
import { tokenShares, unigramEntropy } from '../corpora/entropy';
import { regmixSampling, sampleDirichlet, sampleProxyMixtures } from '../mixture/sampling';
import { cos, exp, log, power, sin } from '../model/elementary';
import { runJob } from '../model/job';
import { createRandomStream, type RandomStream } from '../model/random';
import { createBatches } from './batches';
import { rotaryTables } from './reference';
import { initialParameters, layoutOf, type SizeId, sizeIds, sizes } from './shape';

export interface SameBits {
  readonly name: string;
  /** Of the bytes, in hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: () => Uint8Array;
}

type Numbers = Float64Array | Float32Array | Int32Array;

function entry(name: string, sha256: string, make: () => Numbers): SameBits {
  const bytes = () => {
    const { buffer, byteOffset, byteLength } = make();
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
  return { name, sha256, bytes };
}

/** Of 20,000 arguments, some results of which lie so near the middle of two doubles that any other order shows. */
function valuesOf(value: (uniform: () => number) => number): Float64Array {
  const { uniform } = createRandomStream(20);
  return Float64Array.from({ length: 20_000 }, () => value(uniform));
}

function drawn(draw: (stream: RandomStream) => number): Float64Array {
  const stream = createRandomStream(42);
  return Float64Array.from({ length: 10_000 }, () => draw(stream));
}

const even = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2);
const uneven = Float64Array.of(0.41, 0.23, 0.125, 0.11, 0.07, 0.03, 0.015, 0.009, 0.001);

function mixtures(prior: Float64Array, seed: number, temperature: number): Float64Array {
  const options = { ...regmixSampling, count: 64, seed, temperature };
  return runJob(sampleProxyMixtures(prior, options)).values;
}

/** Two short texts. */
const texts = [7, 31].map((stride) =>
  Uint16Array.from({ length: 1_000 }, (_, place) => (place * place * stride) % 257),
);

function rotary(context: number, size: number): Float32Array {
  const { cosines, sines } = rotaryTables(context, size);
  const out = new Float32Array(2 * cosines.length);
  out.set(cosines);
  out.set(sines, cosines.length);
  return out;
}

const startHashes: Readonly<Record<SizeId, string>> = {
  '7k': '10e8abde1bf937c47b3a77119188c8415b78637fb20b97a4be6c6e0ff7ad8388',
  '20k': 'ab45aecd9eafa20a432e6d94f6650856c98a01294ac1f360d552d567ec7cf809',
  '100k': '0c4b477aed98cc0fb75d19a61df9c39376666d2e8d4c2fadcf7b23f3eaaef3e9',
  '400k': 'a8f1dca67e6ea03788b1fcc91254dffa05ef4ea96897e1468c3bcb26ef28c60d',
  '1m': '7c184a0f273f9578acd596711bafc9c6494250aa19b0713cbe015b5dccf26796',
};

const rotaryHashes: Readonly<Record<SizeId, string>> = {
  '7k': '352ba0717eed7b09e5017521791ac7f4d2793ec4201c4cec5af559293856689c',
  '20k': 'b93f818bdfe794cb36ca4bfbcfb690946d3f201e5f57d8e13900ade49965748d',
  '100k': '8425ceac5be0bb4ad82b3057c71009dd1093362adb353a42bc459fd80ef062b8',
  '400k': 'f862ccb02dcea530ef339cb0f2b0d02fcc7eb5879b359ef5ae074c1176213554',
  '1m': '4eb7ea22f289914a62ae1e8c655ec5cae312ba8d554329617bcbb3a0bb2ca714',
};

export const sameBits: readonly SameBits[] = [
  entry('log', 'd1c265a1eadf301ea339a2af52ff2900c83498b92d5ea6ae342ff8b4d05075ad', () =>
    valuesOf((uniform) => log(uniform() * power(2, 400 * uniform() - 200))),
  ),
  entry('log near 1', '924a475467e67884c2ed3fc2a1a9e00753e8c7196ad869e8417aa56d844794cf', () =>
    valuesOf((uniform) => log(0.99 + uniform() / 50)),
  ),
  entry('exp', '4ec6e3126511b928234a36a7f72945f5a944c24c38b0899f0156872bb526fa52', () =>
    valuesOf((uniform) => exp(1_450 * uniform() - 740)),
  ),
  entry('power', 'bd76a4cdb1fd8154dd096b79799010de4ea3ffd41b27d41df1eca8d492aaec8c', () =>
    valuesOf((uniform) => power(uniform(), 1 / uniform())),
  ),
  entry('power near 1', '9860e5c0d29c3d17a2fee1361677ad0fde6309ddd6b5e728ebaa9ca0ce59db40', () =>
    valuesOf((uniform) => {
      // Where the last bits of the logarithm count most.
      const near = 1 + (0.9 + 0.2 * uniform()) / 256;
      return power(near, (600 + 100 * uniform()) / log(near));
    }),
  ),
  entry('sin', '4dbefadfebd0c4933b1822dcc7cf4973c417f912e8c83ec07d0328e9330796ba', () =>
    valuesOf((uniform) => sin(2_000 * uniform() - 1_000)),
  ),
  entry('cos', 'c5cf8691df465eb9d62f8e4052e2878a0708c8c1970c48ef021869ab7313cced', () =>
    valuesOf((uniform) => cos(2_000 * uniform() - 1_000)),
  ),
  entry('normal', 'a8668b736dbb4eb17e080f66e79893af7ebb876bfe4b1639522a63c3fc66b5d1', () =>
    drawn((stream) => stream.normal()),
  ),
  entry('exponential', '132209b32a26495a9c6caff1718945cb2fe7afd62b75c1205c06d238f0382be4', () =>
    drawn((stream) => stream.exponential()),
  ),
  entry(
    'gamma, shape 0.02',
    '5aa2a8f5020ef4f6ab3b92c69376293431588beaf44b3ae807f4028e8d0ebaaf',
    () => drawn((stream) => stream.gamma(0.02)),
  ),
  entry(
    'gamma, shape 0.4',
    'abf3641d0f75fde3598f1fc19d7cf5ebdd2dd58da0b499c232bdbb077bf7ade8',
    () => drawn((stream) => stream.gamma(0.4)),
  ),
  entry(
    'gamma, shape 2.5',
    'fc51ec454ce856b3652ff451e4baf2ee0a69ed82f2772626959deeb7a72f32ee',
    () => drawn((stream) => stream.gamma(2.5)),
  ),
  entry(
    'Dirichlet',
    'acd5d679762d54c5eba1857b92cec6862d925b9e9503770783e9cdf782fe8100',
    () => runJob(sampleDirichlet(uneven, 1_000, 7)).values,
  ),
  entry(
    'mixtures of 5 domains, seed 1',
    '9451c0697d621a1583e6518b9a57b1dbd247c2bf0fb0899a9ec5258cd0dd03e4',
    () => mixtures(even, 1, 0.5),
  ),
  entry(
    'mixtures of 9 domains, seed 1',
    '36bdba4e78169bb0a55eea97e51a6e5268c6765519f88b6d6e71419a96a82eef',
    () => mixtures(uneven, 1, 0.5),
  ),
  entry(
    'mixtures of 9 domains, seed 2147483647',
    'bf947ed6bbe767b7980ab9e9f3823086a02e562899ade97b660a1fce8e189ad3',
    () => mixtures(uneven, 2147483647, 0.5),
  ),
  entry(
    'mixtures of 9 domains, temperature 0.3',
    '4193bbb3c0e2620e43e7e26b1c5bca09b6c0ea047ea1aea22847e1b01acb17b4',
    () => mixtures(uneven, 42, 0.3),
  ),
  entry(
    'unigram entropies',
    '99c17da0fcb128c7cc2b5cdfd2587666a6abdb860c94223d92d986dc280ef920',
    () =>
      Float64Array.from({ length: 101 }, (_, at) =>
        unigramEntropy(texts.map(tokenShares), [at / 100, 1 - at / 100]),
      ),
  ),
  entry('batches', '8ce05104a7eb8d5ea48772cc4683a87ea9419b8e23575330c72c0e29ed97a348', () => {
    const into = new Int32Array(100 * 8 * 33);
    const rows = { rows: 8, context: 32 };
    const batches = createBatches(texts, Float64Array.of(0.3, 0.7), 5, rows);
    for (let step = 0; step < 100; step++) batches.fill(step, into, step * 8 * 33);
    return into;
  }),
  ...sizeIds.map((id) =>
    entry(`parameters, ${id}, seed 1`, startHashes[id], () =>
      initialParameters(layoutOf(sizes[id]), 1),
    ),
  ),
  ...sizeIds.map((id) => {
    const { context, width, heads } = sizes[id];
    return entry(`rotary tables, ${id}`, rotaryHashes[id], () => rotary(context, width / heads));
  }),
  entry(
    'rotary tables, 2,048 positions',
    '46281c9994bf709140f584f68443b397b53e23405cf2ef0b815d28ca48c32a20',
    () => rotary(2_048, 64),
  ),
];
