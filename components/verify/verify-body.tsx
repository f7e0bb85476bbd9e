'use client';

import { useState } from 'react';
import { createVerifyStore, verifyPurpose } from '../../lib/store/verify-store';
import { KeptBanner } from '../training/kept-banner';
import { Preflight } from '../training/preflight';
import { RunControls } from '../training/run-controls';
import { TrainingContext, useTraining } from '../training/session';
import { useTrainingParts } from '../training/use-training-parts';
import { VerifyContext } from './session';
import { Setup } from './setup';
import { TextSource } from './text-source';
import { useTrainedMixtures } from './use-trained-mixtures';
import { useVerifyState } from './use-verify-state';
import { VerifyResults } from './verify-results';

/** What a verification starts from: larger than proxies, and a training long enough to tell. */
const models = {
  noun: { one: 'model', many: 'models' },
  library: 'regmix-verifications',
  settings: { size: '100k', tokens: 300_000 },
  corpora: null,
} as const;

/** Larger models on the study's answer and on others: the last step of the method, in this tab. */
export default function VerifyBody() {
  const [verify] = useState(createVerifyStore);
  const [kind] = useState(() => ({ ...models, purpose: () => verifyPurpose(verify) }));
  const parts = useTrainingParts(kind);
  if (!parts) return null;
  return (
    <TrainingContext value={parts}>
      <VerifyContext value={verify}>
        <Effects />
        <div className="training">
          <KeptBanner />
          <TextSource client={parts.corpora} load={parts.platform.load}>
            <Setup />
            <Preflight />
            <RunControls />
          </TextSource>
          <Results />
        </div>
      </VerifyContext>
    </TrainingContext>
  );
}

function Effects() {
  useVerifyState();
  useTrainedMixtures();
  return null;
}

function Results() {
  const hasJob = useTraining((state) => state.job !== null);
  return hasJob ? <VerifyResults /> : null;
}
