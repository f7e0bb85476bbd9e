'use client';

import { plural } from '../../lib/format';
import { layoutOf, type SizeId, sizes } from '../../lib/training/shape';
import { isUnderWay } from '../../lib/training/state';
import { TypedOption } from '../ui/typed-option';
import { LossCurves } from './loss-curves';
import { whole } from './parse';
import { Preflight } from './preflight';
import { ProxyTiles } from './proxy-tiles';
import { RunControls } from './run-controls';
import { RunsDownload } from './runs-download';
import { useTraining, useTrainingControl } from './session';
import { Settling } from './settling';
import { SizeSelect } from './size-select';
import { TokensOption } from './tokens-option';
import { TrainBy } from './train-by';

const sizeNotes: Readonly<Record<SizeId, string>> = {
  '7k': 'how it goes, in seconds',
  '20k': 'a first look in minutes',
  '100k': 'steadier ranks',
  '400k': 'for a GPU',
  '1m': 'the paper’s shape, for a GPU',
};

/** How proxies are trained, what that takes, and how it goes. */
export function TrainBlock() {
  const control = useTrainingControl();
  const settings = useTraining((state) => state.settings);
  const mixtures = useTraining((state) => state.mixtures?.rows ?? 0);
  const underWay = useTraining((state) => isUnderWay(state.status));
  const hasJob = useTraining((state) => state.job !== null);
  return (
    <section className="training-block" aria-labelledby="training-train">
      <h3 id="training-train">Training</h3>
      <fieldset className="plain" disabled={underWay}>
        <div className="row-controls">
          <SizeSelect note={(size) => `${size}: ${sizeNotes[size]}`} />
          <TokensOption usual={100_000} />
          <TypedOption
            label="Repeats"
            name="proxies that train again with another seed, for the noise floor"
            value={settings.repeats}
            format={String}
            parse={whole(0, mixtures)}
            expected={`a whole number from 0 to ${mixtures}`}
            placeholder="0"
            onChange={(repeats) => control.change({ repeats: repeats ?? 0 })}
          />
          <TrainBy />
        </div>
        <ShapeLine size={settings.size} />
      </fieldset>
      <Preflight />
      <RunControls />
      {hasJob && (
        <>
          <LossCurves />
          <ProxyTiles />
          <RunsDownload />
          <Settling />
        </>
      )}
    </section>
  );
}

function ShapeLine({ size }: { size: SizeId }) {
  const shape = sizes[size];
  return (
    <p className="quiet small measure">
      {layoutOf(shape).count.toLocaleString('en')} parameters: a LLaMA-style decoder over bytes with{' '}
      {plural(shape.layers, 'layer')} of width {shape.width}, {shape.heads} heads, a SwiGLU of{' '}
      {shape.hidden}, and a context of {shape.context}. AdamW, clipped at 1, constant rate after a
      warm-up, as in the paper; small proxies need a larger rate.
    </p>
  );
}
