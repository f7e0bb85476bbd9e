'use client';

import { formatNumber, plural } from '../../lib/model/format';
import { regressorInfo } from '../../lib/regression/catalogue';
import { Stage, WhenNear } from '../shell/stage';
import { useActiveFit, useSession } from '../shell/stores';
import { lazyPart } from '../ui/lazy-part';

const TrustBody = lazyPart(() => import('./trust-body'));

/** How far to trust the regression: how much more proxies would help, and what they cannot show. */
export function TrustPanel() {
  const { study } = useSession();
  const { state: fit, regressor } = useActiveFit();
  const statistics = fit?.status === 'done' ? fit.report.crossValidation : null;
  return (
    <Stage id="trust" title="Trust" below finding={finding()}>
      <WhenNear height={420}>
        <TrustBody />
      </WhenNear>
      <p className="quiet small measure">
        What proxies of this size are known not to tell: how long a mixture keeps improving a model
        that trains on far more tokens, which abilities appear only in larger models, and how
        repeated data behave at scale. In RegMix, ranks held from 1M to 1B parameters (Liu et al.
        2024, section 4); the values themselves did not.
      </p>
    </Stage>
  );

  function finding(): string {
    if (!statistics) return 'Waiting for the fit.';
    const pairs = formatNumber(100 * statistics.pairsRight, 1);
    const seen = regressorInfo(regressor).mayHaveSeenRuns
      ? ' It may have seen these very mixtures.'
      : '';
    const regret = formatNumber(statistics.topRegret, 3);
    return `Of any two of ${plural(study.training.ids.length, 'mixture')}, the fit names the better one ${pairs} times in 100; training the mixture it likes best would have cost ${regret} against the best one measured.${seen}`;
  }
}
