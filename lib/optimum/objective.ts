/** What an optimum minimises: weighted targets or the worst-off, the pull to the prior, repeated tokens discounted. */
import type { Job } from '../model/job';
import type { Objective, ObjectiveTerm } from '../model/limits';
import { type Matrix, rowOf, zeros } from '../model/matrix';
import type { RowModel, SmoothModel } from '../model/regressor';
import { evaluateSmooth, isRowModel, predictModel, predictRow } from '../regression/predict';

/** Minimum prior weight of a domain in the divergence, which keeps it finite. */
const minPrior = 1e-6;

/** Scores single mixtures by an objective: lower is better. */
export interface Scorer {
  /** @throws RangeError when a model is scored in batches only: see {@link isByRows} */
  score(mixture: Float64Array): number;
  /**
   * Score and its gradient; null when a model has none.
   *
   * @param gradient D entries, overwritten
   * @param inEffective D entries, overwritten: the derivatives in each domain's effective data, without the
   *   pull to the prior
   */
  readonly withGradient:
    | ((mixture: Float64Array, gradient: Float64Array, inEffective?: Float64Array) => number)
    | null;
  /**
   * What each term's model predicts, in its target's unit.
   *
   * @throws RangeError as `score` does
   */
  predictions(mixture: Float64Array): number[];
}

/** Predictions of an objective's models for many mixtures, from which scores follow for any least values. */
export interface RatedRows {
  /** Per term N predictions in its target's unit. */
  readonly predictions: readonly Float64Array[];
  /** N: the pull to the prior. */
  readonly pull: Float64Array;
}

/** Whether all models of an objective are evaluated in this thread, so that single mixtures can be scored. */
export function isByRows({ terms }: Pick<Objective, 'terms'>): boolean {
  return terms.every(({ model }) => isRowModel(model));
}

/**
 * Predicts many mixtures with the models of an objective.
 *
 * @param mixtures N x D
 */
export function* rateRows(objective: Objective, mixtures: Matrix): Job<RatedRows> {
  const { terms, unique, kl, seek } = objective;
  let seen = mixtures;
  if (unique) {
    seen = zeros(mixtures.rows, mixtures.columns);
    for (let row = 0; row < seen.rows; row++) {
      seen.values.set(effectiveMixture(rowOf(mixtures, row), unique), row * seen.columns);
      if (row % rowsPerReport === 0) yield { done: row, total: seen.rows, unit: 'mixtures' };
    }
  }
  const predictions: Float64Array[] = [];
  for (const { model } of terms) predictions.push(yield* predictModel(model, seen));
  const pull = new Float64Array(mixtures.rows);
  if (seek === 'best' && kl > 0) {
    const logPrior = logPriorOf(objective);
    for (let row = 0; row < pull.length; row++) {
      pull[row] = kl * divergenceFrom(logPrior, rowOf(mixtures, row));
      if (row % rowsPerReport === 0) yield { done: row, total: pull.length, unit: 'mixtures' };
    }
  }
  return { predictions, pull };
}

/**
 * Scores of rated mixtures, lower is better; to rounding those of {@link createScorer}.
 *
 * @param least as for {@link createScorer}
 */
export function scoresOf(
  { kind, terms, seek }: Objective,
  { predictions, pull }: RatedRows,
  least: readonly number[] = [],
): Float64Array {
  const way = seek === 'best' ? 1 : -1;
  const start = kind === 'weighted' ? 0 : Number.NEGATIVE_INFINITY;
  const out = new Float64Array(pull.length).fill(start);
  terms.forEach((term, place) => {
    const factor = signOf(term) / term.scale;
    const predicted = predictions[place];
    const from = least[place] ?? 0;
    for (let row = 0; row < out.length; row++) {
      const value = factor * predicted[row];
      out[row] =
        kind === 'weighted' ? out[row] + term.weight * value : Math.max(out[row], value - from);
    }
  });
  for (let row = 0; row < out.length; row++) out[row] = way * out[row] + pull[row];
  return out;
}

const rowsPerReport = 1_024;

function logPriorOf({ prior }: Objective): Float64Array {
  return prior.map((share) => Math.log(Math.max(share, minPrior)));
}

function divergenceFrom(logPrior: Float64Array, mixture: Float64Array): number {
  let sum = 0;
  for (let domain = 0; domain < mixture.length; domain++) {
    sum += mixture[domain] * (Math.log(Math.max(mixture[domain], 1e-12)) - logPrior[domain]);
  }
  return sum;
}

/** 1 where lower is better, -1 where higher is. */
export function signOf({ direction }: Pick<ObjectiveTerm, 'direction'>): 1 | -1 {
  return direction === 'lower' ? 1 : -1;
}

/**
 * Creates the scorer of an objective.
 *
 * @param least per term the least value of f within the bounds: what regrets are measured from
 * @param temperature of the smoothed maximum of regrets, > 0: as it falls to 0, so does the difference
 * to the true maximum (at most temperature x log terms)
 */
export function createScorer(
  objective: Objective,
  least: readonly number[] = [],
  temperature = 0,
): Scorer {
  const { kind, terms, kl, unique, seek } = objective;
  const logPrior = logPriorOf(objective);
  const factors = terms.map((term) => signOf(term) / term.scale);
  const pull = seek === 'best' ? kl : 0;
  const way = seek === 'best' ? 1 : -1;
  const values = new Float64Array(terms.length);
  const seen = (mixture: Float64Array) => (unique ? effectiveMixture(mixture, unique) : mixture);

  /** Sum or maximum of the terms; `shares` is overwritten with each term's factor in the gradient. */
  function combine(shares: Float64Array | null): number {
    if (kind === 'weighted') {
      return terms.reduce((sum, { weight }, index) => {
        if (shares) shares[index] = weight;
        return sum + weight * values[index];
      }, 0);
    }
    const regrets = values.map((value, index) => value - (least[index] ?? 0));
    const worst = Math.max(...regrets);
    if (temperature <= 0) {
      shares?.fill(0).fill(1, regrets.indexOf(worst), regrets.indexOf(worst) + 1);
      return worst;
    }
    const exponentials = regrets.map((regret) => Math.exp((regret - worst) / temperature));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    shares?.set(exponentials.map((value) => value / total));
    return worst + temperature * Math.log(total);
  }

  function addPull(mixture: Float64Array, gradient: Float64Array): void {
    for (let domain = 0; domain < mixture.length; domain++) {
      const ratio = Math.log(Math.max(mixture[domain], 1e-12)) - logPrior[domain];
      gradient[domain] += pull * (ratio + 1);
    }
  }

  const smooth = terms.flatMap(({ model }): SmoothModel[] =>
    model.kind === 'trees' || model.kind === 'onnx' ? [] : [model],
  );

  const rowModels: readonly RowModel[] = terms.map(({ model }) => model).filter(isRowModel);

  function checkRows(): void {
    if (rowModels.length < terms.length) {
      throw new RangeError('an imported model is scored in batches');
    }
  }

  function withGradient(
    mixture: Float64Array,
    gradient: Float64Array,
    inEffective?: Float64Array,
  ): number {
    const input = seen(mixture);
    const parts = smooth.map((model, index) => {
      const part = new Float64Array(mixture.length);
      values[index] = factors[index] * evaluateSmooth(model, input, part);
      return part;
    });
    const shares = new Float64Array(terms.length);
    const value = combine(shares);
    gradient.fill(0);
    parts.forEach((part, index) => {
      const factor = way * shares[index] * factors[index];
      for (let domain = 0; domain < part.length; domain++)
        gradient[domain] += factor * part[domain];
    });
    inEffective?.set(gradient);
    if (unique) {
      for (let domain = 0; domain < gradient.length; domain++) {
        gradient[domain] *= effectiveWeight(mixture[domain], unique[domain]).slope;
      }
    }
    if (pull > 0) addPull(mixture, gradient);
    return way * value + (pull > 0 ? pull * divergenceFrom(logPrior, mixture) : 0);
  }

  return {
    score(mixture) {
      checkRows();
      const input = seen(mixture);
      rowModels.forEach((model, index) => {
        values[index] = factors[index] * predictRow(model, input);
      });
      return way * combine(null) + (pull > 0 ? pull * divergenceFrom(logPrior, mixture) : 0);
    },
    withGradient: smooth.length === terms.length ? withGradient : null,
    predictions(mixture) {
      checkRows();
      const input = seen(mixture);
      return rowModels.map((model) => predictRow(model, input));
    },
  };
}

/**
 * R* of Muennighoff et al. (2023, arXiv 2305.16264, section 5): how fast repeats of data lose their
 * worth, in epochs.
 */
const fadingEpochs = 15.39;

/** A domain's weight in units of fresh data, and its derivative. */
export interface EffectiveWeight {
  /** 0..weight. */
  readonly value: number;
  /** d value / d weight, 0..1. */
  readonly slope: number;
}

/**
 * Effective data of a domain of which `unique` tokens exist, both as shares of the requested tokens: D' = U +
 * U R* (1 - exp(-R / R*)) with R = weight / U - 1 repeats (Muennighoff et al. 2023, section 5). Weights
 * within the unique tokens count fully.
 */
export function effectiveWeight(weight: number, unique: number): EffectiveWeight {
  if (weight <= unique) return { value: weight, slope: 1 };
  if (unique <= 0) return { value: 0, slope: 0 };
  const fading = Math.exp(-(weight / unique - 1) / fadingEpochs);
  return { value: unique + unique * fadingEpochs * (1 - fading), slope: fading };
}

/**
 * Derivatives of a domain's effective data at a number of epochs: weight over unique tokens (see
 * {@link effectiveWeight}; with U the unique tokens, d D' / d U at a fixed weight).
 *
 * @param epochs >= 0
 */
export function effectiveSlopes(epochs: number): { weight: number; unique: number } {
  if (epochs <= 1) return { weight: 1, unique: 0 };
  const fading = Math.exp(-(epochs - 1) / fadingEpochs);
  return { weight: fading, unique: 1 + fadingEpochs * (1 - fading) - epochs * fading };
}

/** The mixture in effective data. It sums to less than 1 where anything is repeated. */
function effectiveMixture(mixture: Float64Array, unique: Float64Array): Float64Array {
  return mixture.map((weight, domain) => effectiveWeight(weight, unique[domain]).value);
}
