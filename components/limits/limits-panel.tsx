'use client';

/**
 * The limits panel: what holds for all domains, with remedies for infeasible limits. Those of each domain stand
 * in its row of the table of weights.
 */
import { formatPercent, formatTokensExactly } from '../../lib/model/format';
import type { Constraints, Remedy } from '../../lib/model/limits';
import { unlimited } from '../../lib/model/settings';
import { boundsOf } from '../../lib/optimum/constraints';
import { Whose } from '../optimum/whose';
import { Stage } from '../shell/stage';
import { useOptimum, useSession, useStores } from '../shell/stores';
import { Switch } from '../ui/controls';
import { Slider } from '../ui/slider';
import {
  editConstraints,
  withBeyondTried,
  withRemedy,
  withRequestedTokens,
  withSharedEpochs,
} from './limits';
import { TokenSources } from './token-sources';
import { parseEpochs, parseRequested, tokensAtExponent } from './token-text';

/** Requested tokens are set on a logarithmic slider from 100 K to 100 T. */
const requestedRange = { low: 5, high: 14 };

/** The limits of all domains together: tokens requested, epochs, tables of tokens at hand. */
export function LimitsPanel() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const feasibility = useOptimum((state) => state.feasibility);
  const { constraints } = settings;
  const requested = constraints.requestedTokens ?? 0;
  const bounds = boundsOf(constraints, study);
  const edit = (change: (limits: Constraints) => Constraints) => editConstraints(store, change);
  const request = (tokens: number) => edit((limits) => withRequestedTokens(limits, tokens));
  const repeat = (epochs: number) => edit((limits) => withSharedEpochs(limits, epochs));
  const gesture = { onStart: store.beginGesture, onCommit: store.endGesture };
  const sharedEpochs = constraints.epochs.every((epochs) => epochs === constraints.epochs[0])
    ? constraints.epochs[0]
    : null;

  return (
    <Stage
      id="limits"
      title="Token limits"
      finding="The tokens you have, and how often they may repeat."
    >
      {/* A new study starts with fields that hold nothing typed for the old one. */}
      <div key={study.id} className="limits-room">
        <div className="limits">
          <Whose />
          {!feasibility.feasible && (
            <Infeasible message={feasibility.message} remedies={feasibility.remedies} />
          )}
          <Slider
            label="Requested tokens"
            value={Math.log10(Math.max(requested, 1))}
            min={requestedRange.low}
            max={requestedRange.high}
            step={0.01}
            bigStep={0.1}
            format={(exponent) => formatTokensExactly(tokensAtExponent(exponent))}
            display={formatTokensExactly(requested)}
            parse={parseRequested}
            expected="a number of tokens from 1M to 1000T, such as 25B"
            onChange={(exponent) => request(tokensAtExponent(exponent))}
            onTyped={request}
            {...gesture}
          />
          <Slider
            label="Epochs at most"
            value={sharedEpochs ?? constraints.epochs[0]}
            min={0.5}
            max={16}
            step={0.1}
            bigStep={1}
            format={(epochs) => `${Number(epochs.toFixed(2))} ×`}
            display={sharedEpochs === null ? 'varies' : undefined}
            parse={parseEpochs}
            expected="how often tokens may be repeated, such as 4"
            onChange={repeat}
            onTyped={repeat}
            {...gesture}
          />
          <Switch
            label="No domain beyond the largest weight tried"
            hint="No run went beyond it. A domain in no run gets no weight either way, unless you pin it or set a least weight."
            checked={!constraints.beyondTried}
            onChange={(isHeld) => edit((limits) => withBeyondTried(limits, !isHeld))}
          />
          <div className="limits-head">
            <button
              type="button"
              className="link"
              onClick={() =>
                edit(({ requestedTokens, beyondTried }) => ({
                  ...unlimited(study.domains.length),
                  requestedTokens,
                  beyondTried,
                }))
              }
            >
              No limits
            </button>
          </div>
          <p className="quiet small">
            A domain may weigh at most epochs × tokens at hand ÷ requested tokens
            {constraints.beyondTried ? '' : ', and at most the largest weight tried'}. Caps now sum
            to{' '}
            {formatPercent(
              bounds.upper.reduce((sum, cap) => sum + cap, 0),
              0,
            )}
            .
          </p>
          <TokenSources />
        </div>
      </div>
    </Stage>
  );
}

function Infeasible({ message, remedies }: { message: string; remedies: readonly Remedy[] }) {
  const { study: store } = useStores();
  return (
    <div className="notice notice-danger" role="alert">
      <p>{message}</p>
      {remedies.length > 0 && (
        <ul>
          {remedies.map((remedy) => (
            <li key={remedy.text}>
              {remedy.text} <RemedyButton remedy={remedy} />
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="link" onClick={store.undo}>
        Undo the last change
      </button>
    </div>
  );
}

function RemedyButton({ remedy }: { remedy: Remedy }) {
  const { study: store } = useStores();
  const constraints = useSession().settings.constraints;
  if (withRemedy(constraints, remedy.change) === null) return null;
  const apply = () =>
    editConstraints(store, (limits) => withRemedy(limits, remedy.change) ?? limits);
  return (
    <button type="button" className="link" onClick={apply}>
      Do this
    </button>
  );
}
