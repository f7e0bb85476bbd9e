'use client';

import { useState } from 'react';
import { download } from '../../lib/browser/files';
import { inWords } from '../../lib/errors';
import { loadCode } from '../../lib/load-code';
import type { Study } from '../../lib/study/types';
import { Menu } from '../ui/menu';

type Writers = typeof import('../../lib/runs/write-runs');

/** The training runs as files, in both pairs of CSVs that are read. */
export function SaveRuns({ study }: { study: Study }) {
  const { training, domains, targets } = study;
  const [problem, setProblem] = useState('');

  async function save(name: string, write: (writers: Writers) => string): Promise<void> {
    setProblem('');
    try {
      const writers = await loadCode(() => import('../../lib/runs/write-runs'));
      download(name, 'text/csv;charset=utf-8', write(writers));
    } catch (error) {
      setProblem(inWords(error));
    }
  }
  const regmix = (kind: 'mixtures' | 'losses') =>
    save(`regmix-${kind}.csv`, ({ writeRuns }) => writeRuns(training, domains, targets)[kind]);
  const olmix = (kind: 'ratios' | 'metrics') =>
    save(`${kind}.csv`, ({ writeOlmixRuns }) => writeOlmixRuns(training, domains, targets)[kind]);
  return (
    <>
      <Menu
        label="Save these runs"
        accessibleLabel="Save these runs as CSV files"
        items={[
          { label: 'RegMix, mixtures', onSelect: () => void regmix('mixtures') },
          { label: 'RegMix, losses', onSelect: () => void regmix('losses') },
          { label: 'olmix, ratios.csv', onSelect: () => void olmix('ratios') },
          { label: 'olmix, metrics.csv', onSelect: () => void olmix('metrics') },
        ]}
      />
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </>
  );
}
