'use client';

import { useEffect, useState } from 'react';
import { createClient } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { createTrainingControl } from '../../lib/store/training-control';
import { createTrainingStore } from '../../lib/store/training-store';
import { useStores } from '../explorer/stores';
import { CorporaBlock } from './corpora-block';
import { KeptBanner } from './kept-banner';
import { MixturesBlock } from './mixtures-block';
import { browserPlatform } from './platform';
import { TrainingContext, type TrainingSession } from './session';
import { TrainBlock } from './train-block';
import { useTrainingKeys } from './use-training-keys';
import { useTrainingState } from './use-training-state';

interface Parts extends TrainingSession {
  readonly corpora: ReturnType<typeof createClient<CorporaMethods>>;
}

/** Text, mixtures and training: the first half of the method, in this tab. */
export default function TrainingBody() {
  const { study } = useStores();
  const [parts, setParts] = useState<Parts | null>(null);
  useEffect(() => {
    const corpora = createClient<CorporaMethods>(
      () =>
        new Worker(new URL('../../workers/corpora.worker.ts', import.meta.url), { type: 'module' }),
    );
    const store = createTrainingStore();
    const control = createTrainingControl(
      store,
      study,
      browserPlatform(() => corpora),
    );
    setParts({ store, control, corpora });
    void control.lookForKept();
    void control.open('languages');
    return () => {
      control.close();
      corpora.close();
    };
  }, [study]);
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
