'use client';

import { useEffect, useState } from 'react';
import { createClient } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { createTrainingControl } from '../../lib/store/training-control';
import type { TrainingPlatform } from '../../lib/store/training-platform';
import { createTrainingStore } from '../../lib/store/training-store';
import { createVerifyStore, type VerifyStore, verifyPurpose } from '../../lib/store/verify-store';
import { useStores } from '../explorer/stores';
import { KeptBanner } from '../training/kept-banner';
import { openLibrary } from '../training/library';
import { browserPlatform } from '../training/platform';
import { Preflight } from '../training/preflight';
import { RunControls } from '../training/run-controls';
import { TrainingContext, type TrainingSession, useTraining } from '../training/session';
import { VerifyContext } from './session';
import { Setup } from './setup';
import { TextSource } from './text-source';
import { useVerifyState } from './use-verify-state';
import { VerifyResults } from './verify-results';

interface Parts extends TrainingSession {
  readonly verify: VerifyStore;
  readonly platform: TrainingPlatform;
  readonly corpora: ReturnType<typeof createClient<CorporaMethods>>;
}

/** What a verification starts from: larger than proxies, and a training long enough to tell. */
const start = { size: '100k', tokens: 300_000 } as const;

/** Larger models on the study's answer and on others: the last step of the method, in this tab. */
export default function VerifyBody() {
  const { study } = useStores();
  const [parts, setParts] = useState<Parts | null>(null);
  useEffect(() => {
    const corpora = createClient<CorporaMethods>(
      () =>
        new Worker(new URL('../../workers/corpora.worker.ts', import.meta.url), { type: 'module' }),
    );
    const store = createTrainingStore();
    store.setState(({ settings }) => ({ settings: { ...settings, ...start } }));
    const verify = createVerifyStore();
    const platform = browserPlatform(() => corpora, openLibrary('regmix-verifications'));
    const control = createTrainingControl(store, study, platform, verifyPurpose(verify));
    setParts({ store, control, verify, platform, corpora });
    void control.lookForKept();
    return () => {
      control.close();
      corpora.close();
    };
  }, [study]);
  if (!parts) return null;
  return (
    <TrainingContext value={parts}>
      <VerifyContext value={parts.verify}>
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
  return null;
}

function Results() {
  const hasJob = useTraining((state) => state.job !== null);
  return hasJob ? <VerifyResults /> : null;
}
