'use client';

/**
 * The training stage: its text, mixtures and training, keyboard control, and the state reported to
 * the rail.
 */
import { useEffect, useState } from 'react';
import type { CorporaMethods } from '../../lib/analysis/methods';
import { whenSettled } from '../../lib/analysis/settled';
import { unfinishedTrainingFlag } from '../../lib/browser/flags';
import type { LoadedCorpora } from '../../lib/corpora/types';
import { formatPercent, formatTokens, plural } from '../../lib/model/format';
import type { Client } from '../../lib/rpc/client';
import { proxiesForStudy } from '../../lib/session/trained-study';
import { isActive, type TrainingState } from '../../lib/training/state';
import { type Stores, useStores } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { NumericHead, ScrollX } from '../ui/layout';
import { MixturesBlock } from './mixtures-block';
import { OwnText } from './own-text';
import { SavedTrainingBanner } from './saved-training-banner';
import {
  TrainingContext,
  useJobNews,
  useMeasuredBriefly,
  useTraining,
  useTrainingControl,
  useTrainingParts,
  useTrainingSummary,
} from './session';
import { TrainBlock } from './train-block';

const proxies = {
  noun: { one: 'proxy', many: 'proxies' },
  library: 'regmix-explorer',
  settings: {},
  corpora: 'languages',
  purpose: ({ study, analysis }: Pick<Stores, 'study' | 'analysis'>) =>
    proxiesForStudy(study, (callback) => whenSettled(analysis, callback)),
};

/** Training, and the text and mixtures that it takes: the first half of the method, in this tab. */
export default function TrainingBody() {
  const parts = useTrainingParts(proxies);
  if (!parts) return null;
  return (
    <TrainingContext value={parts}>
      <Effects />
      <div className="training">
        <SavedTrainingBanner />
        <TrainBlock />
        <Inputs corpora={parts.corpora} />
      </div>
    </TrainingContext>
  );
}

function Effects() {
  useTrainingKeys();
  useTrainingState();
  useMeasuredBriefly();
  useJobNews('proxies');
  return null;
}

/** Text and mixtures: folded once something was trained on them, so that its pictures have the room. */
function Inputs({ corpora }: { corpora: Client<CorporaMethods> }) {
  const hasJob = useTraining((state) => state.job !== null);
  const [isUnfolded, setUnfolded] = useState(false);
  return (
    <>
      {hasJob && (
        <div className="button-row">
          <button
            type="button"
            className="button"
            aria-expanded={isUnfolded}
            aria-controls="training-inputs"
            onClick={() => setUnfolded(!isUnfolded)}
          >
            Text and mixtures
          </button>
        </div>
      )}
      <div id="training-inputs" className="training-inputs" hidden={hasJob && !isUnfolded}>
        <CorporaBlock corpora={corpora} />
        <MixturesBlock />
      </div>
    </>
  );
}

const builtIn = [
  { value: 'languages', label: 'Languages' },
  { value: 'software', label: 'Software' },
] as const;
/** Overlap above which it is mentioned, and above which the files should be checked. */
const notable = 0.01;
const suspicious = 0.25;

/** The text that proxies are trained on: a built-in set, or the user's own. */
function CorporaBlock({ corpora: client }: { corpora: Client<CorporaMethods> }) {
  const control = useTrainingControl();
  const corpora = useTraining((state) => state.corpora);
  const underWay = useTraining((state) => isActive(state.status));
  const tab = tabOf(corpora);

  function show(next: string): void {
    if (next === 'own') control.showOwn();
    else void control.open(next);
  }

  return (
    <section className="training-block" aria-labelledby="training-text">
      <h3 id="training-text">Text</h3>
      <fieldset className="plain" disabled={underWay}>
        <Segmented
          label="Corpora"
          value={tab}
          options={[...builtIn, { value: 'own', label: 'Your text' }]}
          onChange={show}
        />
        {tab === 'own' && <OwnText client={client} />}
        {corpora.status === 'loading' && <p className="quiet">Loading text…</p>}
        {corpora.status === 'failed' && (
          <p role="alert" className="refused">
            {corpora.message}
          </p>
        )}
      </fieldset>
      {corpora.status === 'ready' && <Domains loaded={corpora.loaded} isFixed={underWay} />}
    </section>
  );
}

/** The tab that belongs to the text shown or being loaded. */
function tabOf(corpora: TrainingState['corpora']): string {
  if (corpora.status === 'none') return 'own';
  return (corpora.status === 'ready' ? corpora.loaded.id : corpora.id) ?? 'own';
}

function Domains({ loaded, isFixed }: { loaded: LoadedCorpora; isFixed: boolean }) {
  const control = useTrainingControl();
  const chosen = useTraining((state) => state.chosen);
  const most = loaded.domains.reduce((top, { overlap }) => Math.max(top, overlap), 0);
  const overlapping = loaded.domains.filter(({ overlap }) => overlap > notable);
  return (
    <>
      <p className="quiet small measure">{loaded.description} A token is a byte.</p>
      <ScrollX label="Domains, scrolls sideways">
        <table className="figures" aria-label={`Domains of ${loaded.name}`}>
          <thead>
            <tr>
              <th scope="col">Domain</th>
              <NumericHead title="Bytes to train on, documents’ beginnings included">
                Training
              </NumericHead>
              <NumericHead title="Bytes that no proxy trains on, split off by a hash of the document">
                Validation
              </NumericHead>
              <NumericHead title="Share of validation text that training text holds word for word, in spans of 64 bytes">
                Overlap
              </NumericHead>
              <th scope="col">Licence</th>
              <th scope="col">Sample</th>
            </tr>
          </thead>
          <tbody>
            {loaded.domains.map(({ about, training, validation, overlap }) => (
              <tr key={about.id}>
                <th scope="row">
                  <label className="check">
                    <input
                      type="checkbox"
                      checked={chosen.includes(about.id)}
                      disabled={isFixed}
                      onChange={(event) => control.choose(about.id, event.currentTarget.checked)}
                    />
                    <span title={about.source}>{about.name}</span>
                  </label>
                </th>
                <td className="numeric">{formatTokens(training.length)}</td>
                <td className="numeric">{formatTokens(validation.length)}</td>
                <td className={overlap > suspicious ? 'numeric refused' : 'numeric'}>
                  {formatPercent(overlap, 1)}
                </td>
                <td className="quiet" title={about.licence}>
                  {about.licence.split(', ').slice(0, 2).join(', ')}
                </td>
                <td className="quiet training-sample" title={about.sample}>
                  {about.sample}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {overlapping.length > 0 && (
        <p className={most > suspicious ? 'refused small measure' : 'quiet small measure'}>
          {plural(overlapping.length, 'domain')}: up to {formatPercent(most, 0)} of the validation
          text is in the training text word for word, so losses look better than they would on new
          text.{' '}
          {most > suspicious
            ? 'Look for files that stand on both sides.'
            : 'Set phrases that come again and again are enough for that.'}
        </p>
      )}
    </>
  );
}

/**
 * Elements that handle Space themselves while they, or something in them, have the focus: they
 * type, press or scroll.
 */
const usesSpaceKey = [
  'a[href], area[href], button, input, textarea, select, summary, audio, video, iframe, embed, object',
  '[contenteditable]:not([contenteditable="false"])',
  // Everything else that the keyboard reaches: widgets by their role, regions that scroll.
  '[tabindex]:not([tabindex^="-"])',
].join();
/** Elements that accept every typed character. */
const acceptsText = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/**
 * Space pauses and resumes a training, `.` runs one step, unless the focused element handles the
 * key.
 */
function useTrainingKeys(): void {
  const control = useTrainingControl();
  const status = useTraining((state) => state.status);
  useEffect(() => {
    if (status !== 'running' && status !== 'paused') return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('dialog[open]')) return;
      const focused = event.target instanceof Element ? event.target : document.body;
      if (event.key === ' ' && !focused.closest(usesSpaceKey)) {
        event.preventDefault();
        if (status === 'running') control.pause();
        else control.resume();
      } else if (event.key === '.' && status === 'paused' && !focused.closest(acceptsText)) {
        event.preventDefault();
        control.step();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [control, status]);
}

/**
 * Reports the state of the training to the rail, and remembers for the next visit that there is one
 * to resume.
 */
function useTrainingState(): void {
  const { view } = useStores();
  const status = useTraining((state) => state.status);
  const hasUnfinished = useTraining(
    ({ saved }) => saved !== null && saved.finished < saved.job.proxies.length,
  );
  const word = useTrainingSummary('train here', (total) => `${total} trained`);
  useEffect(() => {
    view.setState({ training: word });
  }, [view, word]);
  useEffect(() => {
    const isUnfinished = status === 'idle' ? hasUnfinished : status !== 'done';
    unfinishedTrainingFlag.set(isUnfinished ? 'yes' : null);
  }, [status, hasUnfinished]);
}
