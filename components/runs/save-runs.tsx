'use client';

import { download } from '../../lib/browser/files';
import type { Study } from '../../lib/study/types';
import { Menu } from '../ui/menu';

/** The training runs as files, in both pairs of CSVs that are read. */
export function SaveRuns({ study }: { study: Study }) {
  const { training, domains, targets } = study;
  const save = (name: string, text: string) => download(name, 'text/csv;charset=utf-8', text);
  const regmix = async (kind: 'mixtures' | 'losses') => {
    const { writeRuns } = await import('../../lib/runs/write-runs');
    save(`regmix-${kind}.csv`, writeRuns(training, domains, targets)[kind]);
  };
  const olmix = async (kind: 'ratios' | 'metrics') => {
    const { writeOlmixRuns } = await import('../../lib/runs/write-runs');
    save(`${kind}.csv`, writeOlmixRuns(training, domains, targets)[kind]);
  };
  return (
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
  );
}
