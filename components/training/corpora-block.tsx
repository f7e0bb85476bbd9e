'use client';

import type { LoadedCorpora } from '../../lib/corpora/types';
import { formatPercent, formatTokens, plural } from '../../lib/format';
import type { Client } from '../../lib/rpc/client';
import type { CorporaMethods } from '../../lib/rpc/methods';
import { isUnderWay, type TrainingState } from '../../lib/training/state';
import { NumericHead } from '../ui/numeric-head';
import { ScrollX } from '../ui/scroll-x';
import { Segmented } from '../ui/segmented';
import { OwnText } from './own-text';
import { useTraining, useTrainingControl } from './session';

const builtIn = [
  { value: 'languages', label: 'Languages' },
  { value: 'software', label: 'Software' },
] as const;
/** Overlap above which it is said, and above which it is a reason to look at the files. */
const notable = 0.01;
const suspicious = 0.25;

/** Which text proxies are trained on: a built-in set, or the user's own. */
export function CorporaBlock({ corpora: client }: { corpora: Client<CorporaMethods> }) {
  const control = useTrainingControl();
  const corpora = useTraining((state) => state.corpora);
  const underWay = useTraining((state) => isUnderWay(state.status));
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

/** What the text on view, or the text that is waited for, is chosen by. */
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
