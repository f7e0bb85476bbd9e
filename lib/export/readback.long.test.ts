/** The formats read by what trainers run: Python with PyYAML and numpy, where they are installed. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createRandomStream } from '../model/random';
import { mixtureFormats } from './formats';
import { hostileNames } from './trainers.fixture';

/** Reads `{format: text}` on standard input, and gives names and weights as the libraries read them. */
const program = `
import argparse, json, numpy, subprocess, sys, yaml
texts = json.load(sys.stdin)
def regmix(text):
    config = yaml.safe_load(text)
    assert list(config['valid']) == ['valid_' + name[6:] for name in config['train']]
    return config['train']
def olmix(text):
    mix = yaml.safe_load(text)['mix']
    assert all(list(entry) == ['weight', 'repetition_factor'] for entry in mix.values())
    assert numpy.allclose(numpy.sum([entry['weight'] for entry in mix.values()]), 1.0)
    return {name: entry['weight'] for name, entry in mix.items()}
def launch(text):
    mix = olmix(text)
    assert [source['name'] for source in yaml.safe_load(text)['data']['sources']] == list(mix)
    return mix
def interleave(text):
    scope = {}
    exec(text, scope)
    numpy.random.default_rng(42).choice(len(scope['names']), size=1000, p=scope['probabilities'])
    assert min(scope['probabilities']) > 0
    return dict(zip(scope['names'], scope['probabilities']))
def megatron(text):
    shell = subprocess.run(['sh', '-c', "printf '%s\\\\0' " + text], capture_output=True, check=True)
    words = shell.stdout.decode('utf-8').split('\\0')[:-1]
    parser = argparse.ArgumentParser()
    parser.add_argument('--data-path', nargs='*')
    blend = parser.parse_args(words).data_path
    return dict(zip((path.strip() for path in blend[1::2]), map(float, blend[0::2])))
readers = {'regmix': regmix, 'olmix': olmix, 'olmix-launch': launch, 'interleave': interleave,
           'megatron': megatron, 'json': json.loads}
json.dump({id: list(read(texts[id]).items()) for id, read in readers.items()}, sys.stdout)
`;

const hasPython = spawnSync('python3', ['-c', 'import numpy, yaml']).status === 0;

it.skipIf(!hasPython)(
  'PyYAML, numpy and Python read the names and weights that were written',
  () => {
    const names = [
      ...hostileNames,
      ...['12:30:00', '1_000', 'a\u2028b', 'a\u00a0b'],
      ...['\u{e0041}', '.inf', '&a', '%x', 'x'.repeat(200), 'a\u200db'],
    ];
    const domains = names.map((id) => ({ id, name: id }));
    const stream = createRandomStream(3);
    for (let draw = 0; draw < 20; draw++) {
      const amounts = names.map((_, place) => (place % 9 === draw % 9 ? 0 : stream.exponential()));
      const total = amounts.reduce((sum, amount) => sum + amount, 0);
      const weights = Float64Array.from(amounts, (amount) => amount / total);
      const texts = Object.fromEntries(
        mixtureFormats.map(({ id, write }) => [id, write(domains, weights, { note: 'Try it.' })]),
      );
      const { stdout, stderr, status } = spawnSync('python3', ['-c', program], {
        input: JSON.stringify(texts),
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const read: Record<string, [string, number][]> = JSON.parse(stdout);
      expect(Object.keys(read).sort()).toEqual(
        mixtureFormats
          .map(({ id }) => id)
          .filter((id) => id !== 'csv')
          .sort(),
      );
      for (const [id, entries] of Object.entries(read)) {
        const taken = new Map(entries);
        names.forEach((name, domain) => {
          const prefix =
            id === 'regmix' ? 'train_' : id === 'megatron' && name[0] === '-' ? './' : '';
          expect(taken.get(`${prefix}${name}`) ?? 0, `${id}: ${name}`).toBeCloseTo(
            weights[domain],
            5,
          );
        });
        const zeros = ['regmix', 'json'].includes(id)
          ? 0
          : amounts.filter((each) => each === 0).length;
        expect(taken.size, id).toBe(names.length - zeros);
      }
    }
  },
);
