'use client';

/**
 * The verification stage: finds the text, shows setup, training and results, and reports to the
 * rail and the leaderboard.
 */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { CorporaMethods } from '../../lib/analysis/methods';
import { unfinishedVerificationFlag } from '../../lib/browser/flags';
import { openSavedTrainings } from '../../lib/browser/saved-trainings';
import { trainedMixtures } from '../../lib/challenge/trained';
import type { LoadedCorpora } from '../../lib/corpora/types';
import { errorMessage } from '../../lib/model/errors';
import { formatList } from '../../lib/model/format';
import type { Client } from '../../lib/rpc/client';
import { isActive } from '../../lib/training/state';
import { sizeToVerify } from '../../lib/verify/plan';
import { withoutText } from '../../lib/verify/read-mixture';
import { createVerifyStore, verifyPurpose } from '../../lib/verify/verify-store';
import { useSession, useStores } from '../shell/stores';
import { OwnText } from '../training/own-text';
import { Preflight } from '../training/preflight';
import { RunControls } from '../training/run-controls';
import { SavedTrainingBanner } from '../training/saved-training-banner';
import {
  TrainingContext,
  useJobNews,
  useMeasuredBriefly,
  useTraining,
  useTrainingControl,
  useTrainingParts,
  useTrainingSummary,
} from '../training/session';
import { Disclosure } from '../ui/layout';
import { useVerify, VerifyContext } from './session';
import { Setup } from './setup';
import { VerifyResults } from './verify-results';

/** Defaults of a verification: trained long enough to differ. Their size follows the study. */
const models = {
  noun: { one: 'model', many: 'models' },
  library: 'regmix-verifications',
  settings: { tokens: 300_000 },
  corpora: null,
} as const;

/**
 * Trains larger models on the study's optimum and on other mixtures: the last step of the method,
 * in this tab.
 */
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
          <SavedTrainingBanner />
          <TextSource client={parts.corpora} load={parts.platform.load}>
            <Setup />
            <RunControls />
            <Disclosure label="What was measured">
              <Preflight />
            </Disclosure>
          </TextSource>
          <Results />
        </div>
      </VerifyContext>
    </TrainingContext>
  );
}

function Effects() {
  useLargerSize();
  useVerifyState();
  useTrainedMixtures();
  useMeasuredBriefly();
  useJobNews('verify');
  return null;
}

function Results() {
  const hasJob = useTraining((state) => state.job !== null);
  return hasJob ? <VerifyResults /> : null;
}

const builtIn = ['languages', 'software'] as const;

/**
 * Finds the text of the study's domains: a built-in set that has all of them, or the text that the
 * study was trained on in this tab. If there is none, it says what is needed instead of showing its
 * children.
 */
function TextSource({
  client,
  load,
  children,
}: {
  client: Client<CorporaMethods>;
  load: (id: string) => Promise<LoadedCorpora>;
  children: ReactNode;
}) {
  const { study } = useSession();
  const control = useTrainingControl();
  const corpora = useTraining((state) => state.corpora);
  const underWay = useTraining((state) => isActive(state.status));
  const [isSearched, setSearched] = useState(false);
  const [problem, setProblem] = useState('');

  const loaded = corpora.status === 'ready' ? corpora.loaded : null;
  const missing = loaded ? withoutText(study, loaded) : study.domains.map(({ name }) => name);
  const isNeeded = missing.length > 0 && !underWay;
  useEffect(() => {
    let isCurrent = true;
    if (!isNeeded) return;
    setSearched(false);
    setProblem('');
    void findText().then((found) => {
      if (!isCurrent) return;
      if (found) control.openOwn(found);
      setSearched(true);
    });
    async function findText(): Promise<LoadedCorpora | null> {
      const { training } = study.source;
      const saved = training
        ? await openSavedTrainings()
            .corpora(training)
            .catch(() => null)
        : null;
      if (saved && withoutText(study, saved).length === 0) return saved;
      for (const id of builtIn) {
        const loaded = await load(id).catch((error: unknown) => {
          if (isCurrent) setProblem(errorMessage(error));
          return null;
        });
        if (loaded && withoutText(study, loaded).length === 0) return loaded;
      }
      return null;
    }
    return () => {
      isCurrent = false;
    };
  }, [study, isNeeded, control, load]);

  if (loaded && missing.length === 0) {
    return (
      <>
        <p className="quiet small measure">
          Text: {loaded.name}. {loaded.description} Losses are measured on its validation text, in
          bits per byte.
        </p>
        {children}
      </>
    );
  }
  if (!isSearched) return <p className="quiet">Looking for the text of the study’s domains…</p>;
  return (
    <div className="notice">
      <p>
        This study cannot be verified here yet: there is no text of{' '}
        {formatList(missing.slice(0, 4))}
        {missing.length > 4 ? ` and ${missing.length - 4} other domains` : ''}. A model can only be
        trained on text. Add files named after the study’s domains, such as{' '}
        <code>{study.domains[0].id}-1.jsonl</code>, or open the Languages study, whose text comes
        with this page.
      </p>
      {problem !== '' && (
        <p role="alert" className="refused">
          The text that comes with this page could not be read: {problem}
        </p>
      )}
      <OwnText client={client} />
    </div>
  );
}

/** Sets the usual size for a study's proxies when the study is opened; what is chosen then stays. */
function useLargerSize(): void {
  const { id, source } = useSession().study;
  const control = useTrainingControl();
  const underWay = useTraining((state) => isActive(state.status));
  const sized = useRef('');
  const usual = sizeToVerify(source.parameters);
  useEffect(() => {
    if (sized.current === id) return;
    sized.current = id;
    // One that is resumed has its own size, which stays when it ends.
    if (!underWay) control.change({ size: usual });
  }, [control, id, usual, underWay]);
}

/** Reports the results of larger models to the leaderboard. */
function useTrainedMixtures(): void {
  const { challenge } = useStores();
  const { domains } = useSession().study;
  const job = useTraining((state) => state.job);
  const points = useVerify((state) => state.points);
  const trained = useMemo(
    () => (job ? trainedMixtures(job, points, domains) : []),
    [job, points, domains],
  );
  useEffect(() => {
    challenge.setState({ trained });
  }, [challenge, trained]);
}

/**
 * Reports the state of the verification to the rail, and remembers for the next visit that there is
 * one.
 */
function useVerifyState(): void {
  const { view } = useStores();
  const status = useTraining((state) => state.status);
  const word = useTrainingSummary('train larger', () => 'verdict');
  useEffect(() => {
    view.setState({ verification: word });
  }, [view, word]);
  useEffect(() => {
    if (status !== 'idle') unfinishedVerificationFlag.set('yes');
  }, [status]);
}
