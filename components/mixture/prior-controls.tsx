'use client';

import { meanOfRuns, uniformPrior } from '../../lib/mixture/prior';
import type { Prior } from '../../lib/study/types';
import { useSession, useStores } from '../explorer/stores';
import { FilePicker } from '../ui/file-picker';
import { Select } from '../ui/select';
import { useStateAbout } from '../ui/use-state-about';
import { basisOf, type ReadMessage, readDomains } from './read-domains';

const names: Record<Prior['kind'], string> = {
  uniform: 'Uniform',
  runs: 'Mean of the runs',
  file: 'From a file',
  typed: 'Typed',
};

/** Where prior and human mixtures come from: a rule, typed weights, or a CSV of domains. */
export function PriorControls({ onEdit }: { onEdit: (which: 'prior' | 'human') => void }) {
  const session = useSession();
  const { study } = session;
  const { study: store } = useStores();
  const [message, setMessage] = useStateAbout<ReadMessage>(basisOf(session));
  const { kind } = study.prior;
  const options: Prior['kind'][] = ['uniform', 'runs'];
  if (kind === 'file' || kind === 'typed') options.push(kind);

  function choose(next: string): void {
    if (next === kind || (next !== 'uniform' && next !== 'runs')) return;
    const prior =
      next === 'uniform' ? uniformPrior(study.domains.length) : meanOfRuns(study.training.mixtures);
    store.edit((old) => ({ ...old, study: { ...old.study, prior } }));
  }

  async function read(file: File): Promise<void> {
    const read = await readDomains(store, file);
    setMessage(read, basisOf(store.getState().session));
  }

  return (
    <div className="controls">
      <Select
        label="Prior"
        value={kind}
        options={options.map((id) => ({ value: id, label: names[id] }))}
        onChange={choose}
      />
      <div className="button-row">
        <button type="button" className="button" onClick={() => onEdit('prior')}>
          Type a prior
        </button>
        <button type="button" className="button" onClick={() => onEdit('human')}>
          {study.human ? 'Change' : 'Add'} a human mixture
        </button>
      </div>
      <FilePicker
        label="Domains CSV: prior, human, tokens, epochs"
        accept=".csv,.tsv,.txt"
        onFiles={([file]) => void read(file)}
      />
      {message && (
        <p className={message.refused ? 'refused' : 'quiet small'} role="status">
          {message.text}
        </p>
      )}
    </div>
  );
}
