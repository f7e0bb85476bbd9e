'use client';

import { download } from '../../lib/browser/files';
import { plural } from '../../lib/format';
import { writeRuns, writeTrajectory } from '../../lib/runs/write-runs';
import { trainedRuns, trainedTargets } from '../../lib/study/trained';
import { useTraining } from './session';

/** The finished runs as files: RegMix's pair of CSVs, and the losses on the way. */
export function RunsDownload() {
  const job = useTraining((state) => state.job);
  const finished = useTraining((state) => state.finished);
  if (!job || finished.length === 0) return null;

  function save(part: 'mixtures' | 'losses' | 'trajectory'): void {
    if (!job) return;
    const table = trainedRuns(job, finished);
    const targets = trainedTargets(job);
    const text =
      part === 'trajectory'
        ? writeTrajectory(table, targets)
        : writeRuns(table, job.domains, targets)[part];
    download(`proxy-${part}.csv`, 'text/csv;charset=utf-8', text);
  }

  return (
    <div className="button-row">
      <span className="quiet small">{plural(finished.length, 'finished run')} as files:</span>
      <button type="button" className="button" onClick={() => save('mixtures')}>
        Mixtures CSV
      </button>
      <button type="button" className="button" onClick={() => save('losses')}>
        Losses CSV
      </button>
      <button type="button" className="button" onClick={() => save('trajectory')}>
        Losses on the way CSV
      </button>
    </div>
  );
}
