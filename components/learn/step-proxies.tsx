'use client';

import { useState } from 'react';
import { useSession } from '../explorer/stores';
import { Segmented } from '../ui/segmented';
import { Act, Arxiv, Source } from './act';
import type { StepProps } from './lesson';
import { RecordedRuns } from './recorded-runs';
import { TrainHere } from './train-here';

/** Proxies learn: in this tab, or as they were recorded. */
export function ProxiesStep({ onDone }: StepProps) {
  const { study } = useSession();
  const [way, setWay] = useState('recorded');
  return (
    <>
      <p className="prose">
        Each mixture now trains one proxy: a transformer like a large model’s, only tiny, the same
        for all, with the same number of tokens in the same order of reading. Nothing differs but
        the mixture. Then each is asked for its loss on text of every language that it has not read.
      </p>
      <Act task="Train eight proxies in this tab, or play how the study’s own were trained. When are the mixtures in their final order?">
        <Segmented
          label="Proxies"
          value={way}
          options={[
            { value: 'recorded', label: `Play the study’s ${study.training.ids.length}` },
            { value: 'here', label: 'Train eight here' },
          ]}
          onChange={setWay}
        />
        {way === 'here' ? <TrainHere onDone={onDone} /> : <RecordedRuns onDone={onDone} />}
      </Act>
      <p className="prose">
        A proxy is far worse than a large model, and that is no matter. What is taken from it is
        which mixture beats which, and that is settled long before its loss is.
      </p>
      <Source>
        Liu et al. 2024, <Arxiv id="2407.01492">arXiv 2407.01492</Arxiv>, section 3: 512 proxies of
        1M parameters on 1B tokens each. The study here: 20,000 parameters on 300,000 bytes.
      </Source>
    </>
  );
}
