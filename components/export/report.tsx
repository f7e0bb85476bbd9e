'use client';

/** The printed report: one A4 page with the optimum, its prediction, its limits and its caveats. */
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { fitKey } from '../../lib/analysis/keys';
import { StageError } from '../../lib/model/errors';
import {
  formatList,
  formatNumber,
  formatPercent,
  formatTokens,
  plural,
} from '../../lib/model/format';
import { boundsOf, heldBy, isUntried } from '../../lib/optimum/constraints';
import { leadingWeights, predictedAt } from '../../lib/optimum/finding';
import { regressorInfo } from '../../lib/regression/catalogue';
import { linkedRegressor, linkFor, longestInline } from '../../lib/share/link-for';
import type { OpenedStudy } from '../../lib/study/from-runs';
import packageInfo from '../../package.json';
import { lightTheme } from '../charts/picture';
import { axisTitle } from '../charts/plot-geometry';
import { useOptimism } from '../optimum/hooks';
import { useAnalysis, useOptimum, useSession, useStores, useView } from '../shell/stores';
import './report.css';
import type { Advice, Bounds, OptimumReport } from '../../lib/model/limits';
import type { RegressorInfo } from '../../lib/model/regressor';
import type { Domain, NamedMixture, Study } from '../../lib/model/study';

/**
 * The study's result on one A4 page, for print only: the page itself is not printed while the
 * report is mounted. Opens the browser's print dialog once drawn and closes with it.
 */
export default function Report({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { study, settings } = session;
  const { view } = useStores();
  const { report, solved, advice } = useOptimum((state) => state);
  const fits = useAnalysis((state) => state.fits);
  const band = useView((state) => state.band);
  const optimism = useOptimism();
  const at = optimism.status === 'done' ? optimism.value : null;
  const sheet = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  const [reference, setReference] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    linkFor(session, view.getState(), window.location.href)
      .then((link) => linkText(link, session), noLinkText)
      .then((text) => isCurrent && setReference(text));
    return () => {
      isCurrent = false;
    };
  }, [session, view]);
  const isReady = reference !== null && optimism.status !== 'running';
  useEffect(() => {
    if (!isReady) return;
    // Printed in the light theme, whatever theme is on screen.
    for (const [name, value] of lightTheme()) sheet.current?.style.setProperty(name, value);
    const onPrinted = () => close.current();
    window.addEventListener('afterprint', onPrinted, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', onPrinted);
  }, [isReady]);
  if (!report || !solved) return null;
  const { optimum } = report;
  const bounds = boundsOf(settings.constraints, study);
  const first = solved.terms[0];
  const fit = fits.get(fitKey(study, first.target, solved.regressor, settings));
  const assessed = fit?.status === 'done' ? fit.report : null;
  const regressor = regressorInfo(solved.regressor);
  const binding = optimum.binding.map((domain) => {
    const { name } = study.domains[domain];
    const held = heldBy(bounds, domain, optimum.weights[domain]);
    if (held === 'min') return `${name} (least weight)`;
    if (held === 'lock') return `${name} (pinned)`;
    return held === 'tried' ? `${name} (largest tried)` : name;
  });
  const untried = study.domains.filter((_, domain) => isUntried(bounds, domain));
  const isAdvised = advice?.verb !== 'none';

  return createPortal(
    <div ref={sheet} className="report">
      <header>
        <h1>{study.name}: data mixture</h1>
        <p>
          RegMix Explorer {packageInfo.version}, {new Date().toISOString().slice(0, 10)}, seed{' '}
          {settings.seed}
        </p>
      </header>
      {advice && <p>{verdict(study, optimum.weights, advice)}</p>}
      <table className="report-figures">
        <thead>
          <tr>
            <th scope="col">Predicted</th>
            {isAdvised && (
              <th scope="col">{solved.seek === 'worst' ? 'Worst mixture' : 'Optimum'}</th>
            )}
            <th scope="col">Prior</th>
            {report.human && <th scope="col">{study.human?.name}</th>}
            {report.yours && <th scope="col">Yours</th>}
            <th scope="col">± {band}% of runs</th>
          </tr>
        </thead>
        <tbody>
          {solved.terms.slice(0, maxTargets).map(({ target, weight }, place) => {
            const found = study.targets.find(({ id }) => id === target);
            const state = fits.get(fitKey(study, target, solved.regressor, settings));
            const bands = state?.status === 'done' ? state.report.bands : null;
            const { mean, interval } = isAdvised
              ? predictedAt(optimum.predictions[place], bands, band, at?.[place] ?? null)
              : predictedAt(report.prior[place], bands, band, null);
            return (
              <tr key={target}>
                <th scope="row">
                  {found ? axisTitle(found.name, found.unit) : target}
                  {solved.terms.length > 1 && `, weight ${formatPercent(weight, 0)}`}
                </th>
                {isAdvised && <td>{formatNumber(mean, 3)}</td>}
                <td>{formatNumber(report.prior[place], 3)}</td>
                {report.human && <td>{formatNumber(report.human[place], 3)}</td>}
                {report.yours && <td>{formatNumber(report.yours[place], 3)}</td>}
                <td>{formatNumber(interval ? interval[1] - mean : Number.NaN, 3)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {solved.terms.length > maxTargets && (
        <p>and {plural(solved.terms.length - maxTargets, 'more target')}.</p>
      )}
      {isAdvised && (
        <ReportWeights
          domains={study.domains}
          weights={optimum.weights}
          prior={study.prior.weights}
          human={study.human}
          bounds={bounds}
          binding={optimum.binding}
        />
      )}
      <div className="report-columns">
        <section>
          <h2>Fit</h2>
          {assessed ? (
            <p>
              {regressor.name}, {plural(study.training.ids.length, 'training run')}
              {study.leftOut ? `, ${study.leftOut.ids.length} more left out` : ''}
              {assessed.outliers.length > 0
                ? `, of which ${assessed.outliers.map((row) => study.training.ids[row]).join(', ')} look diverged and are not fitted`
                : ''}
              . {describeRows(regressor.mayHaveSeenRuns ?? false)}: n = {assessed.crossValidation.n}
              , rho {formatNumber(assessed.crossValidation.spearman, 3)} (95%{' '}
              {formatNumber(assessed.crossValidation.interval[0], 3)} to{' '}
              {formatNumber(assessed.crossValidation.interval[1], 3)}), RMSE{' '}
              {formatNumber(assessed.crossValidation.rmse, 3)}.
              {assessed.tests
                .slice(0, maxTests)
                .map(
                  ({ name, statistics }) =>
                    ` ${name}: n = ${statistics.n}, rho ${formatNumber(statistics.spearman, 3)}, RMSE ${formatNumber(statistics.rmse, 3)}.`,
                )}
            </p>
          ) : (
            <p>{regressor.name}; how well it fits is not known yet.</p>
          )}
          <p>{study.source.detail.slice(0, longestSource)}</p>
        </section>
        <section>
          <h2>Limits</h2>
          <p>
            {settings.constraints.requestedTokens === null
              ? ''
              : `${formatTokens(settings.constraints.requestedTokens)} tokens requested. `}
            {!isAdvised
              ? ''
              : binding.length === 0
                ? 'No limit binds.'
                : `At their limit: ${binding.slice(0, maxNamed).join(', ')}${binding.length > maxNamed ? ` and ${binding.length - maxNamed} more` : ''}.`}
            {isAdvised && costText(report, solved.terms, study, settings.objective.kl > 0)}
            {settings.constraints.beyondTried && ' Weights may exceed the largest tried.'}
            {untried.length > 0 &&
              ` Not in any run, so without weight: ${untried
                .slice(0, maxNamed)
                .map(({ name }) => name)
                .join(', ')}${untried.length > maxNamed ? ', …' : ''}.`}
            {settings.objective.kl > 0 && ` Pull to the prior ${settings.objective.kl}.`}
            {settings.objective.discountRepeats && ' Repeated tokens count less.'}
          </p>
        </section>
        <section>
          <h2>Caveats</h2>
          <ul>
            {reportCaveats(study, report, regressor, isAdvised).map((caveat) => (
              <li key={caveat}>{caveat}</li>
            ))}
          </ul>
        </section>
      </div>
      <footer>
        <p>{reference}</p>
      </footer>
    </div>,
    document.body,
  );
}

/** Maximum numbers of items that fit on the page beside the weights. */
const maxTargets = 6;
const maxTests = 3;
const maxNamed = 8;
const longestSource = 300;

function linkText(link: string, session: OpenedStudy): string {
  const linked = regressorInfo(linkedRegressor(session)).name;
  const but =
    session.settings.regressor === 'imported'
      ? `, but for the imported model, which no link holds (it shows ${linked})`
      : '';
  return link.length <= longestInline
    ? `This page as it was${but}: ${link}`
    : 'A link to this page would be too long to print: the study goes as a file.';
}

function noLinkText(error: unknown): string {
  const why = error instanceof StageError ? `${error.message} ${error.advice}` : String(error);
  return `No link to this page. ${why}`;
}

function describeRows(mayIncludeTrainingRuns: boolean): string {
  return mayIncludeTrainingRuns
    ? 'On the training runs, which it may have seen'
    : 'On runs that the fit has not seen (out of fold)';
}

/** What the limits cost together, in a sentence; empty where they cost nothing. */
function costText(
  { cost }: OptimumReport,
  terms: readonly { readonly target: string }[],
  { targets }: Study,
  isPulled: boolean,
): string {
  if (!cost || cost.score < 0.00005) return '';
  if (terms.length > 1 || isPulled) {
    return ` They cost ${formatNumber(cost.score, 4)} in the objective.`;
  }
  const unit = targets.find(({ id }) => id === terms[0].target)?.unit ?? '';
  return ` They cost ${formatNumber(cost.score, 4)}${unit === '' ? '' : ` ${unit}`}.`;
}

/** What the report says first: the verb with what is named by it, and why. */
function verdict(study: Study, weights: Float64Array, { verb, words, reason }: Advice): string {
  if (verb === 'none') return `${words}: ${reason}. There is no mixture to recommend.`;
  const named = leadingWeights(study.domains, weights).map(
    ({ name, weight }) => `${formatPercent(weight, 0)} ${name}`,
  );
  return `${words} ${formatList(named)}, since ${reason}.`;
}

/** The caveats to know before training on the mixture, the most serious first. */
function reportCaveats(
  study: Study,
  { optimum, coverage }: OptimumReport,
  regressor: RegressorInfo,
  isAdvised: boolean,
): string[] {
  const distance = `${formatPercent(coverage.distance, 0)} of its weight differs from the nearest tested run`;
  return [
    ...(study.source.kind === 'simulated' ? ['The runs are simulated.'] : []),
    ...(isAdvised && optimum.violated.length > 0
      ? ['The mixture breaks limits that were set.']
      : []),
    ...(isAdvised
      ? [
          coverage.far
            ? `${distance}: unusually far, where bands do not hold.`
            : `${distance}; ${formatPercent(coverage.percentile, 0)} of runs are at least as far from theirs.`,
        ]
      : []),
    ...(regressor.mayHaveSeenRuns
      ? ['The model was fitted elsewhere and may have seen the runs used to test it.']
      : []),
    'Proxies rank mixtures. They do not show a larger model’s loss, the abilities that only it has, or repeated data at scale.',
    ...(isAdvised
      ? ['Verify: train a larger model on this mixture and on the prior before you rely on it.']
      : []),
  ];
}

/** More domains than this do not fit on the page: the smallest are summed up in one row. */
const maxRows = 24;

/** Weights as a table with bars, the largest first. */
function ReportWeights({
  domains,
  weights,
  prior,
  human,
  bounds,
  binding,
}: {
  domains: readonly Domain[];
  weights: Float64Array;
  prior: Float64Array;
  human: NamedMixture | null;
  bounds: Bounds;
  binding: readonly number[];
}) {
  const { lower, upper } = bounds;
  const bindsBy = (domain: number) =>
    binding.includes(domain) ? heldBy(bounds, domain, weights[domain]) : 'none';
  const order = domains.map((_, domain) => domain).sort((a, b) => weights[b] - weights[a] || a - b);
  const shown = order.slice(0, order.length > maxRows ? maxRows - 1 : maxRows);
  const rest = order.slice(shown.length);
  const sumOf = (values: ArrayLike<number>) =>
    rest.reduce((sum, domain) => sum + values[domain], 0);
  const largest = Math.max(...weights);
  return (
    <table className="report-weights">
      <thead>
        <tr>
          <th scope="col">Domain</th>
          <th scope="col">Weight</th>
          <th scope="col" aria-label="Bar" />
          <th scope="col">Prior</th>
          {human && <th scope="col">{human.name}</th>}
          <th scope="col">At least</th>
          <th scope="col">At most</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((domain) => (
          <tr key={domains[domain].id}>
            <th scope="row">{domains[domain].name}</th>
            <td>{formatPercent(weights[domain], 2)}</td>
            <td className="report-bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * weights[domain]) / largest} height="8" fill="var(--accent)" />
              </svg>
            </td>
            <td>{formatPercent(prior[domain], 2)}</td>
            {human && <td>{formatPercent(human.weights[domain], 2)}</td>}
            <td>
              {lower[domain] > 0 ? formatPercent(lower[domain], 1) : '–'}
              {bindsBy(domain) === 'min' && ' binds'}
            </td>
            <td>
              {upper[domain] < 1 ? formatPercent(upper[domain], 1) : '–'}
              {!['none', 'min'].includes(bindsBy(domain)) && ' binds'}
            </td>
          </tr>
        ))}
        {rest.length > 0 && (
          <tr>
            <th scope="row">{rest.length} others</th>
            <td>{formatPercent(sumOf(weights), 2)}</td>
            <td />
            <td>{formatPercent(sumOf(prior), 2)}</td>
            {human && <td>{formatPercent(sumOf(human.weights), 2)}</td>}
            <td />
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
