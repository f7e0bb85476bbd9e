'use client';

import { RegressionPanel, RegressorTable } from '../regression/regression-panel';
import { TrustPanel } from '../trust/trust-panel';
import { Verdict } from '../trust/verdict';
import { Stages } from './stages';

/** How far to trust the answer. */
export default function EvidenceRoom() {
  return (
    <>
      <Verdict />
      <div className="stages stages-evidence">
        <Stages panels={{ regression: RegressionPanel, trust: TrustPanel }} />
      </div>
      <RegressorTable />
    </>
  );
}
