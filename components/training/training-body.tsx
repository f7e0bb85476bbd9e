'use client';

import { proxiesForStudy } from '../../lib/store/trained-study';
import { CorporaBlock } from './corpora-block';
import { KeptBanner } from './kept-banner';
import { MixturesBlock } from './mixtures-block';
import { TrainingContext } from './session';
import { TrainBlock } from './train-block';
import { useTrainingKeys } from './use-training-keys';
import { useTrainingParts } from './use-training-parts';
import { useTrainingState } from './use-training-state';

const proxies = {
  noun: { one: 'proxy', many: 'proxies' },
  library: 'regmix-explorer',
  settings: {},
  corpora: 'languages',
  purpose: proxiesForStudy,
};

/** Text, mixtures and training: the first half of the method, in this tab. */
export default function TrainingBody() {
  const parts = useTrainingParts(proxies);
  if (!parts) return null;
  return (
    <TrainingContext value={parts}>
      <Effects />
      <div className="training">
        <KeptBanner />
        <CorporaBlock corpora={parts.corpora} />
        <MixturesBlock />
        <TrainBlock />
      </div>
    </TrainingContext>
  );
}

function Effects() {
  useTrainingKeys();
  useTrainingState();
  return null;
}
