'use client';

import { formatTokens } from '../../lib/model/format';
import type { Study } from '../../lib/model/study';
import { ChallengePanel } from '../challenge/challenge-panel';
import { useChallengeSummary } from '../challenge/use-challenge-summary';
import { ExportPanel } from '../export/export-panel';
import { LimitsPanel } from '../limits/limits-panel';
import { Answer, Trust } from '../optimum/headline';
import { OptimumPanel } from '../optimum/optimum-panel';
import { hrefOf } from '../shell/rooms';
import { useSession } from '../shell/stores';
import { Term } from '../ui/term';
import { RoomHead } from './room-head';
import { StageTabs } from './stage-tabs';
import { Stages } from './stages';

/** What must be known about the origin of the runs before reading any result. */
const labels: Readonly<Record<Study['source']['kind'], string | null>> = {
  simulated: 'Simulated runs',
  trained: 'Trained by this page',
  files: null,
  published: null,
};

/** The mixture to train on, the limits that hold it, and what else could be trained on. */
export default function AnswerRoom() {
  const { study } = useSession();
  const label = labels[study.source.kind];
  const challenge = useChallengeSummary();
  return (
    <>
      <RoomHead finding={<Answer />} isLive>
        <p>
          {label && <span className="label">{label}</span>}
          <Trust />
        </p>
        <Goal />
      </RoomHead>
      <div className="answer">
        <Stages panels={{ optimum: OptimumPanel, limits: LimitsPanel }} />
      </div>
      <StageTabs
        label="Parts of Answer"
        panels={[
          { id: 'challenge', note: challenge, Panel: ChallengePanel },
          { id: 'export', note: 'YAML, CSV, JSON, Python', Panel: ExportPanel },
        ]}
      />
    </>
  );
}

/** What is looked for, in a sentence whose parts lead to where they are set. */
function Goal() {
  const { study, settings } = useSession();
  const { objective, constraints } = settings;
  const target = study.targets.find(({ id }) => id === settings.target) ?? study.targets[0];
  const { requestedTokens, epochs } = constraints;
  const isShared = epochs.every((each) => each === epochs[0]);
  const best = target.direction === 'lower' ? 'Lowest' : 'Highest';
  const what =
    objective.kind === 'single'
      ? `${objective.seek === 'worst' ? 'Worst' : best} ${target.name}`
      : 'Best of several targets';
  return (
    <p>
      <a href={hrefOf('optimum')}>{what}</a>
      {requestedTokens !== null && (
        <>
          {' '}
          for <a href={hrefOf('limits')}>{formatTokens(requestedTokens)} tokens</a>
        </>
      )}
      , each domain for at most{' '}
      <a href={hrefOf('limits')}>{isShared ? Number(epochs[0].toFixed(2)) : 'the set number of'}</a>{' '}
      <Term of="epochs">{isShared && epochs[0] === 1 ? 'epoch' : 'epochs'}</Term> (its{' '}
      <Term of="cap">cap</Term>). Drop or paste a table of tokens anywhere.
    </p>
  );
}
