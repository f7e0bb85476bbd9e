'use client';

import { RegressionPanel } from '../regression/regression-panel';
import { TrustPanel } from '../trust/trust-panel';
import { RoomHead } from './room-head';
import { Stages } from './stages';

/** How far to trust the answer. */
export default function EvidenceRoom() {
  return (
    <>
      <RoomHead finding="How far to trust it" />
      <div className="stages stages-evidence">
        <Stages panels={{ regression: RegressionPanel, trust: TrustPanel }} />
      </div>
    </>
  );
}
