'use client';

import { formatNumber, plural } from '../../lib/model/format';
import { regressorInfo } from '../../lib/regression/catalogue';
import { Stage, WhenNear } from '../shell/stage';
import { useActiveFit } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';
import { Term } from '../ui/term';

const TrustBody = lazyPart(() => import('./trust-body'));

/** How far to trust the regression: how much more proxies would help, and what they cannot show. */
export function TrustPanel() {
  const { state: fit, regressor } = useActiveFit();
  const statistics = fit?.status === 'done' ? fit.report.crossValidation : null;
  return (
    <Stage id="trust" title="Trust" below finding={finding()}>
      <WhenNear height={420}>
        <TrustBody />
      </WhenNear>
      <p className="quiet small measure">
        What small <Term of="proxy">proxies</Term> cannot show: gains from much longer training,
        abilities of large models only, and repeated data at scale. In RegMix, ranks held from 1M to
        1B parameters (Liu et al. 2024, section 4); values did not.
      </p>
    </Stage>
  );

  function finding(): string {
    if (!statistics) return 'Waiting for the fit.';
    const pairs = formatNumber(100 * statistics.pairsRight, 1);
    const seen = regressorInfo(regressor).mayHaveSeenRuns
      ? ' It may have seen these mixtures.'
      : '';
    const { topRegret } = statistics;
    const first =
      topRegret === 0
        ? 'also the best measured'
        : `${formatNumber(topRegret, 3)} worse than the best measured`;
    const { n, mixtures } = statistics;
    const repeated = mixtures < n ? ` (${plural(mixtures, 'mixture')})` : '';
    return `Of any two of ${plural(n, 'training run')}${repeated}, the fit picks the better one ${pairs} times in 100. The one that it ranks first is ${first}.${seen}`;
  }
}
