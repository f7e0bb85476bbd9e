import type { LinkContent } from './content';

/** Published links with their content: they must open for ever. */
export const goldenLinks: readonly { readonly hash: string; readonly content: LinkContent }[] = [
  {
    hash: '#s=AQAEjSrzUFDSsmex',
    content: {
      study: { kind: 'built-in', id: 'simulated', print: 0x1234abcd },
      domains: 8,
      targets: 5,
      mixtures: {},
      settings: {},
      view: {},
    },
  },
  {
    hash: '#s=AQC_ty6mBtx14avCrwmdHcsO2w59lI_1VVVVVVVVY_xVVVVVVVVfZFm2MJTlgCvDY_1VVVVVVVVYvDOuBDi8JrhZXhq4Wa6MUQEAWT_lVVVVVVVVhYRjb2Rlp4P______n6ByYUlR8In6cZq',
    content: {
      study: { kind: 'built-in', id: 'published', print: 0xfedcba98 },
      domains: 3,
      targets: 13,
      mixtures: {
        prior: { kind: 'typed', weights: [0.5, 0.3, 0.2] },
        human: { name: 'Größe', weights: [undefined, 1 / 3, 1 / 6] },
      },
      settings: {
        target: 11,
        regressor: 'gbdt-paper',
        minRowsPerLeaf: 20,
        engine: 'paper',
        samples: 1_000_000,
        topK: 1,
        seed: 2_147_483_647,
        yours: [0.25, 0.5, 0.25],
        objective: {
          kind: 'regret',
          weights: [
            { target: 0, weight: 1 },
            { target: 12, weight: 2 / 3 },
          ],
          families: [{ target: 12, family: 'code' }],
          normalised: false,
          kl: 0.1,
          discountRepeats: true,
          seeksWorst: true,
        },
        constraints: {
          requestedTokens: 25e9,
          availableTokens: [2.345e9, null, undefined],
          epochs: [1, 0.5, 1 / 3],
          max: [undefined, 0.4, null],
          min: [0.01, undefined, undefined],
          locked: [null, undefined, 0.2],
        },
      },
      view: {},
    },
  },
  {
    hash: '#s=AQyCpOrc5kDezEDCQObo5MLczsrkLImh0dHBzOi8vc3R1ZGllcy5leGFtcGxlL3RyYWluX21peHR1cmUuY3N247DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFWwmh0dHBzOi8vc3R1ZGllcy5leGFtcGxlL3RyYWluX2xvc3MuY3N2ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0AAAAHEGuBBRiiihiAeDP9VVVVVVVVUW_-AAAAAAAADiRPCM2NLa0ujmZleHBvcnT4VdoaWNoIGRvbWFpbiBtYXR0ZXJzIG1vc3Q_CldoeT8DjUB0L',
    content: {
      study: {
        kind: 'addresses',
        name: 'Runs of a stranger',
        files: [
          {
            url: 'https://studies.example/train_mixture.csv',
            sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          },
          {
            url: 'https://studies.example/train_loss.csv',
            sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
          },
        ],
        print: 7,
      },
      domains: 2,
      targets: 1,
      mixtures: { human: null },
      settings: {
        yours: null,
        engine: null,
        minRowsPerLeaf: null,
        constraints: { requestedTokens: null },
      },
      view: {
        band: 95,
        order: 'file',
        heatmap: 'law',
        evaluation: 1,
        brushes: [
          { axis: 0, low: 0.1, high: 1 / 3 },
          { axis: 2, low: -1.5, high: 2.75 },
        ],
        lesson: {
          hidesAnswer: true,
          isPresenting: false,
          hiddenStages: ['limits', 'export'],
          task: 'Which domain matters most?\nWhy?',
        },
      },
    },
  },
  {
    hash: '#s=ARCAwAQcBB0IAFJqToE',
    content: {
      study: { kind: 'inline', deflated: Uint8Array.of(3, 0) },
      domains: 2,
      targets: 1,
      mixtures: { prior: { kind: 'uniform' } },
      settings: { seed: 42 },
      view: {},
    },
  },
  {
    hash: '#s=ARxCitLcykDOwtz0ykCm6OrI0suRNDo6ODmdF5e5ujqyNLK5lzK8MLa4NjKXu7Q3tjKXOTKztrS8FzU5t7dx2GIhTH4OCk19-mRMt9ySE9cg8jJNyaZSSsyNvClcKoXW5X8IOOuHLXCyteGrw0AoQIfWxbc',
    content: {
      study: {
        kind: 'file',
        name: 'Eine ganze Studie',
        file: {
          url: 'https://studies.example/whole.regmix.json',
          sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
        print: 0x0badcafe,
      },
      domains: 2,
      targets: 1,
      mixtures: { prior: { kind: 'typed', weights: [0.75, 0.25] } },
      settings: { yours: [0.5, 0.5] },
      view: { order: 'name' },
    },
  },
  {
    hash: '#s=AgBXu0eVRiYrw0yQgMIAJszb9A',
    content: {
      study: { kind: 'built-in', id: 'languages', print: 0x5eed1e55 },
      domains: 3,
      targets: 2,
      mixtures: {},
      settings: { constraints: { max: [0.5, undefined, null], beyondTried: false }, target: 1 },
      view: { band: 80 },
    },
  },
];
