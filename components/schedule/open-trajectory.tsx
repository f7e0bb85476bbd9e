'use client';

import { useState } from 'react';
import { formatNumber } from '../../lib/format';
import { readTrajectory } from '../../lib/runs/read-trajectory';
import { revisionOf } from '../../lib/study/revision';
import { useSession, useStores } from '../explorer/stores';
import { FilePicker } from '../ui/file-picker';

const mostBytes = 20e6;

/** What is needed where a study has no losses on the way, and the way to give them. */
export function OpenTrajectory() {
  const { study } = useSession();
  const { study: store } = useStores();
  const [problem, setProblem] = useState('');

  async function open(file: File): Promise<void> {
    try {
      if (file.size > mostBytes) {
        throw new Error(
          `${file.name}: found ${formatNumber(file.size / 1e6, 0)} MB, expected at most ${mostBytes / 1e6} MB.`,
        );
      }
      const trajectory = readTrajectory({ name: file.name, text: await file.text() }, study);
      // One step of the history, and kept with the study.
      store.edit((session) => {
        // Other runs may be on view by now: it was read for these.
        if (session.study.id !== study.id || revisionOf(session.study) !== revisionOf(study)) {
          throw new Error('The runs have changed while the file was read. Open it again.');
        }
        const training = { ...session.study.training, trajectory };
        return { ...session, study: { ...session.study, training } };
      });
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <div className="notice schedule-empty">
      <p className="measure">
        These runs have only their last losses. A schedule needs losses on the way: a CSV with a row
        for every run and checkpoint and the columns <code>index</code>, <code>step</code> and{' '}
        <code>metric/{study.targets[0].id}</code> or the like. Proxies that train in this tab keep
        them.
      </p>
      <FilePicker
        label="Open a trajectory"
        accept=".csv,.tsv,text/csv"
        onFiles={([file]) => void open(file)}
      />
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );
}
