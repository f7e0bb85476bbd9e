'use client';

/** The heatmap of domains against targets: by rank correlation, by linear slope or by the law. */
import { type ReactNode, useMemo } from 'react';
import type { AnalysisState } from '../../lib/analysis/analysis-store';
import { fitKey } from '../../lib/analysis/keys';
import { fitsLaws } from '../../lib/analysis/plan';
import { plural } from '../../lib/model/format';
import type { Matrix } from '../../lib/model/matrix';
import { ownDomains } from '../../lib/model/own-domains';
import type { Model } from '../../lib/model/regressor';
import type { Study } from '../../lib/model/study';
import { modelInteractions } from '../../lib/regression/effects';
import { fewestForLinear, type Interactions } from '../../lib/regression/interactions';
import type { Session } from '../../lib/session/study-store';
import type { ViewState } from '../../lib/session/view-store';
import { ChartFrame } from '../charts/chart-frame';
import { Heatmap, HeatmapBlank } from '../charts/heatmap';
import { mostDrawn, useDemand, useHover, useOrderedDomains } from '../shell/hooks';
import { useAnalysis, useSession, useStores, useView } from '../shell/stores';
import { Segmented } from '../ui/controls';
import { DrawnNote } from '../ui/layout';
import { ProgressLine } from '../ui/progress';
import type { ShownInteractions } from './use-interactions';

type Mode = ViewState['heatmap'];

const modes: readonly {
  readonly value: Mode;
  readonly label: string;
  /** What a cell shows, with its unit. */
  readonly quantity: string;
  readonly how: string;
}[] = [
  {
    value: 'spearman',
    label: 'Spearman’s rho',
    quantity: 'Spearman’s rho',
    how: 'Spearman’s rho between a domain’s weight and a target, over the training runs: repeats of a mixture averaged, diverged runs left out. Negative: more of the domain goes with a lower value. Weights sum to 1, so more of one domain means less of the others.',
  },
  {
    value: 'coefficients',
    label: 'Linear model',
    quantity: 'standardised linear coefficient',
    how: 'Coefficient of the ordinary least squares model of each target on all weights, times sd(weight) / sd(target). Unlike rho, it accounts for the other domains, as far as a linear model can.',
  },
  {
    value: 'law',
    label: 'Law',
    quantity: 'change per point of weight, in sd of the target',
    how: 'The effective-data law, fitted to every target. A cell is the change of the prediction at the prior for one more point (1%) of the domain’s weight, in standard deviations of the target over the runs; the other domains shrink in proportion. Unlike the other two, it is local to the prior.',
  },
];

/**
 * The effect of each domain’s data on each target: by rank, by the linear model, and by the law.
 */
export function DomainTargets({
  study,
  shown,
  closest,
  isNear,
}: {
  study: Study;
  shown: ShownInteractions;
  /** The closest tie in words; null while it is not known. */
  closest: string | null;
  /** Whether the panel is near the viewport: laws are fitted only then. */
  isNear: boolean;
}) {
  const { settings } = useSession();
  const { view } = useStores();
  const mode = useView((state) => state.heatmap);
  useDemand('laws', isNear && mode === 'law');
  const ordered = useOrderedDomains();
  const drawn = ordered.slice(0, mostDrawn);
  const hover = useHover(drawn);
  const fits = useAnalysis((state) => state.fits);
  const law = useMemo(() => byLaw({ study, settings }, fits), [study, settings, fits]);
  const { value, isBrushed } = shown;
  const isTooFew = isBrushed && shown.runs < fewestForLinear(study.domains.length);
  const matrix = mode === 'coefficients' && isTooFew ? null : matrixFor(mode, value, law);
  const own = useMemo(() => ownDomains(study), [study]);
  const { quantity, how } = modes.find((each) => each.value === mode) ?? modes[0];
  const scales = mode === 'law' ? value?.targetSpread : null;
  const cells = matrix
    ? ordered.map((domain) =>
        study.targets.map(
          (_, target) =>
            matrix.values[domain * matrix.columns + target] / (scales ? scales[target] : 1),
        ),
      )
    : [];
  return (
    <ChartFrame
      title="Which text helps which loss"
      note={
        mode === 'law' && isBrushed
          ? 'The law is fitted to all runs: no brush changes it.'
          : [shown.over, mode === 'spearman' && closest].filter(Boolean).join(' ')
      }
      fileName={`regmix-domain-target-${mode}`}
      how={how}
      data={{
        columns: [
          { key: 'domain', label: 'domain' },
          ...study.targets.map(({ id, name }) => ({ key: id, label: name, numeric: true })),
        ],
        rows: () =>
          cells.map((row, place) => [
            study.domains[ordered[place]].name,
            ...row.map((cell) => (Number.isFinite(cell) ? cell : null)),
          ]),
      }}
    >
      <Segmented
        label="Cells show"
        value={mode}
        options={modes.map(({ value: each, label }) => ({ value: each, label }))}
        onChange={(next) =>
          view.setState({ heatmap: modes.find((each) => each.value === next)?.value ?? 'spearman' })
        }
      />
      {matrix ? (
        <Heatmap
          rows={drawn.map((domain) => study.domains[domain].name)}
          columns={study.targets.map(({ name }) => name)}
          values={cells.slice(0, mostDrawn)}
          quantity={quantity}
          rowAxis="domain"
          columnAxis="target"
          isOutlined={(row, column) => own[column] === drawn[row]}
          hoveredRow={hover.hovered}
          onHoverRow={hover.onHover}
        />
      ) : (
        <HeatmapBlank
          rows={drawn.map((domain) => study.domains[domain].name)}
          columns={study.targets.map(({ name }) => name)}
          rowAxis="domain"
        >
          {waiting()}
        </HeatmapBlank>
      )}
      <DrawnNote drawn={mostDrawn} total={ordered.length} />
    </ChartFrame>
  );

  function waiting(): ReactNode {
    if (shown.problem !== '') return shown.problem;
    if (mode === 'coefficients' && isTooFew) {
      const fewest = fewestForLinear(study.domains.length);
      return `No data: ${plural(shown.runs, 'run')} brushed, and a linear model of ${plural(study.domains.length, 'domain')} needs ${fewest}. Widen the brush or clear it.`;
    }
    if (mode === 'law' && value) {
      return fitsLaws(study)
        ? 'Fitting the law to every target…'
        : 'This study is too large, or has too few runs, to fit a law to every target.';
    }
    return shown.progress ? <ProgressLine progress={shown.progress} /> : 'Not measured yet.';
  }
}

/** The slopes of all targets' laws at the prior; null until every law is fitted or has failed. */
function byLaw({ study, settings }: Session, fits: AnalysisState['fits']): Matrix | null {
  const states = study.targets.map(({ id }) => fits.get(fitKey(study, id, 'law', settings)));
  const models: (Model | null)[] = [];
  for (const state of states) {
    if (state?.status === 'failed') models.push(null);
    else if (state?.status === 'done' && state.model) models.push(state.model);
    else return null;
  }
  return modelInteractions(models, study.prior.weights);
}

function matrixFor(mode: Mode, value: Interactions | null, law: Matrix | null): Matrix | null {
  // Slopes are given in spreads, which are measured with the rest.
  if (mode === 'law' || !value) return value && law;
  return mode === 'spearman' ? value.domainTarget : value.coefficients;
}
