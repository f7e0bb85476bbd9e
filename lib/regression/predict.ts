/** Predictions of fitted models of every kind: linear, laws, process, trees. */
import { StageError } from '../model/errors';
import { type Job, type PredictionRequest, withProgress } from '../model/job';
import { type Matrix, rowOf } from '../model/matrix';
import type {
  CorrectedLawModel,
  ExponentialModel,
  GaussianProcessModel,
  LawModel,
  LinearModel,
  Model,
  OnnxModel,
  PowersModel,
  PredictionRange,
  RowModel,
  SmoothModel,
  TreeModel,
} from '../model/regressor';

/** Multiplications between two reports: a few milliseconds of work. */
const workPerReport = 2_000_000;
/** Weights per request to onnxruntime, which cannot be interrupted. */
const weightsPerRequest = 200_000;

/**
 * Predictions of a model for many mixtures, bit for bit equal to {@link predictRow} where that is defined.
 * Those of an imported ONNX model are requested from the driver of the job.
 *
 * @param features N x D
 * @returns N values in the target's unit
 */
export function* predictModel(model: Model, features: Matrix): Job<Float64Array> {
  if (model.kind === 'trees') return yield* predictTrees(model, features);
  if (model.kind === 'onnx') return yield* requestPredictions(model, features);
  const out = new Float64Array(features.rows);
  const work = workOf(model, features.columns);
  const rowsPerReport = Math.max(1, Math.floor(workPerReport / work));
  for (let row = 0; row < features.rows; row++) {
    out[row] = evaluateSmooth(model, rowOf(features, row), null);
    if (row % rowsPerReport === 0) yield { done: row, total: features.rows, unit: 'mixtures' };
  }
  return out;
}

function* requestPredictions({ id }: OnnxModel, features: Matrix): Job<Float64Array> {
  const { rows, columns, values } = features;
  const out = new Float64Array(rows);
  const most = Math.max(1, Math.floor(weightsPerRequest / Math.max(1, columns)));
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start);
    // A copy: the page transfers it to another thread.
    const mixtures = {
      rows: count,
      columns,
      values: values.slice(start * columns, (start + count) * columns),
    };
    const request: PredictionRequest = { model: id, mixtures, predicted: null };
    yield { done: start, total: rows, unit: 'mixtures', request };
    if (request.predicted === null) {
      throw new StageError(
        'regression',
        'An imported ONNX model cannot be used here.',
        'Choose another regressor for this.',
      );
    }
    out.set(request.predicted, start);
  }
  return out;
}

/** Whether a model is evaluated in this thread, rather than by onnxruntime in its own worker. */
export function isRowModel(model: Model): model is RowModel {
  return model.kind !== 'onnx';
}

/**
 * Prediction of a model for one mixture.
 *
 * @param mixture D weights
 * @returns a value in the target's unit
 * @throws RangeError for an imported ONNX model, which is predicted in batches: {@link predictModel}
 */
export function predictRow(model: Model, mixture: Float64Array): number {
  if (model.kind === 'onnx') throw new RangeError('an imported ONNX model predicts in batches');
  return model.kind === 'trees' ? walkTrees(model, mixture) : evaluateSmooth(model, mixture, null);
}

/** About how many multiplications one prediction takes. */
function workOf(model: SmoothModel, domains: number): number {
  if (model.kind === 'gp') return model.inputs.rows * (domains + 20);
  if (model.kind === 'sum') {
    return model.models.reduce((sum, part) => sum + workOf(part, domains), 0);
  }
  if (model.kind === 'corrected') {
    return model.processes.reduce((sum, part) => sum + workOf(part, domains), 20 * domains);
  }
  return 20 * Math.max(1, domains);
}

/**
 * Value of a smooth model at one mixture, and its gradient.
 *
 * @param mixture D weights >= 0; they need not sum to 1
 * @param gradient D entries, overwritten with d value / d weight; null = only the value
 * @returns a value in the target's unit
 */
export function evaluateSmooth(
  model: SmoothModel,
  mixture: Float64Array,
  gradient: Float64Array | null,
): number {
  switch (model.kind) {
    case 'linear':
      return evaluateLinear(model, mixture, gradient);
    case 'law':
      return evaluateLaw(model, mixture, gradient);
    case 'exponential':
      return evaluateExponential(model, mixture, gradient);
    case 'powers':
      return evaluatePowers(model, mixture, gradient);
    case 'gp':
      return evaluateGaussianProcess(model, mixture, gradient);
    case 'corrected':
      return evaluateCorrected(model, mixture, gradient);
    case 'sum': {
      const part = gradient && new Float64Array(gradient.length);
      gradient?.fill(0);
      let sum = 0;
      model.models.forEach((each, index) => {
        const weight = model.weights[index];
        sum += weight * evaluateSmooth(each, mixture, part);
        if (gradient && part) {
          for (let j = 0; j < part.length; j++) gradient[j] += weight * part[j];
        }
      });
      return sum;
    }
  }
}

function evaluateLinear(
  { intercept, coefficients }: LinearModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * x[j];
  gradient?.set(coefficients);
  return sum;
}

function evaluateLaw(
  { sign, constant, base, exponent, amounts, powers, offset, range }: LawModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let data = base;
  for (let i = 0; i < amounts.length; i++) {
    const term = amounts[i] * (x[i] + offset) ** powers[i];
    data += term;
    if (gradient) gradient[i] = (powers[i] * term) / (x[i] + offset);
  }
  const reducible = data ** -exponent;
  if (gradient) {
    const slope = (-sign * exponent * reducible) / data;
    for (let i = 0; i < amounts.length; i++) gradient[i] *= slope;
  }
  const value = constant + sign * reducible;
  return range ? withinRange(value, range, gradient) : value;
}

/** Largest size of the exponent of a correction: far beyond any that runs support, far from overflow. */
const maxCorrection = 50;

function evaluateCorrected(
  { law, processes, asymptote, centre, share, range }: CorrectedLawModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  const part = gradient && new Float64Array(x.length);
  const slopes = gradient && new Float64Array(x.length);
  let correction = 0;
  for (const process of processes) {
    correction += evaluateGaussianProcess(process, x, part) / processes.length;
    if (slopes && part) for (let j = 0; j < x.length; j++) slopes[j] += part[j] / processes.length;
  }
  const isFlat = Math.abs(correction) > maxCorrection;
  const factor = Math.exp(Math.max(-maxCorrection, Math.min(maxCorrection, correction)));
  const reducible = (evaluateLaw(law, x, gradient) - asymptote) * factor;
  if (gradient && slopes) {
    for (let j = 0; j < x.length; j++) {
      gradient[j] = share * (factor * gradient[j] + (isFlat ? 0 : reducible * slopes[j]));
    }
  }
  return withinRange(centre + share * (asymptote + reducible - centre), range, gradient);
}

/** Bends a value into a range; `gradient`, that of the value, is scaled likewise. */
function withinRange(
  value: number,
  { low, high, slack }: PredictionRange,
  gradient: Float64Array | null,
): number {
  const below = low + slack - value;
  const above = value - (high - slack);
  const excess = Math.max(below, above);
  if (!(excess > 0)) return value;
  const bent = slack > 0 ? Math.tanh(excess / slack) : 1;
  if (gradient) {
    const slope = slack > 0 ? 1 - bent * bent : 0;
    for (let j = 0; j < gradient.length; j++) gradient[j] *= slope;
  }
  return below > above ? low + slack - slack * bent : high - slack + slack * bent;
}

function evaluateExponential(
  { sign, constant, intercept, coefficients }: ExponentialModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j++) sum += coefficients[j] * x[j];
  const value = sign * Math.exp(sum);
  if (gradient) for (let j = 0; j < coefficients.length; j++) gradient[j] = value * coefficients[j];
  return constant + value;
}

function evaluatePowers(
  { sign, constant, scales, offsets, exponents }: PowersModel,
  x: Float64Array,
  gradient: Float64Array | null,
): number {
  let sum = 0;
  for (let i = 0; i < scales.length; i++) {
    const term = scales[i] * (offsets[i] + x[i]) ** -exponents[i];
    sum += term;
    if (gradient) gradient[i] = (-sign * exponents[i] * term) / (offsets[i] + x[i]);
  }
  return constant + sign * sum;
}

/** Rows of a process that are summed side by side: a processor then waits for none of them. */
const rowsAbreast = 4;

/** What every prediction of a process needs of it, made once. Rows are filled up to whole groups abreast. */
interface PreparedProcess {
  /** Rows x D: the inputs divided by the lengths, then zeros. */
  readonly scaled: Float64Array;
  /** Per row alpha x variance, then zeros. */
  readonly weights: Float64Array;
  /** D: the linear term as one line, sum over rows of alpha x linear variance x input. */
  readonly line: Float64Array;
}

const preparedProcesses = new WeakMap<GaussianProcessModel, PreparedProcess>();

function preparedOf(model: GaussianProcessModel): PreparedProcess {
  const known = preparedProcesses.get(model);
  if (known) return known;
  const { inputs, lengths, variance, linearVariance, alpha } = model;
  const { rows, columns, values } = inputs;
  const line = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const weight = alpha[row] * linearVariance;
    for (let j = 0; j < columns; j++) line[j] += weight * values[row * columns + j];
  }
  const filled = Math.ceil(rows / rowsAbreast) * rowsAbreast;
  const scaled = new Float64Array(filled * columns);
  values.forEach((value, at) => {
    scaled[at] = value / lengths[at % columns];
  });
  const weights = new Float64Array(filled);
  weights.set(alpha.map((each) => each * variance));
  const prepared = { scaled, weights, line };
  preparedProcesses.set(model, prepared);
  return prepared;
}

/**
 * Mean of a Gaussian process at one mixture, and its gradient.
 *
 * @param mixture D weights >= 0
 * @param gradient D entries, overwritten with d mean / d weight; null = only the mean
 * @returns a value in the target's unit
 */
function evaluateGaussianProcess(
  model: GaussianProcessModel,
  mixture: Float64Array,
  gradient: Float64Array | null,
): number {
  const { inputs, offset, centre, lengths, mean } = model;
  const { columns } = inputs;
  const { scaled, weights, line } = preparedOf(model);
  const feature = new Float64Array(columns);
  let sum = mean;
  for (let j = 0; j < columns; j++) {
    const centred = Math.log(mixture[j] + offset) - centre[j];
    sum += line[j] * centred;
    feature[j] = centred / lengths[j];
  }
  gradient?.fill(0);
  let slopes = 0;
  for (let row = 0; row < weights.length; row += rowsAbreast) {
    const at0 = row * columns;
    const at1 = at0 + columns;
    const at2 = at1 + columns;
    const at3 = at2 + columns;
    let squared0 = 0;
    let squared1 = 0;
    let squared2 = 0;
    let squared3 = 0;
    for (let j = 0; j < columns; j++) {
      const here = feature[j];
      const difference0 = here - scaled[at0 + j];
      const difference1 = here - scaled[at1 + j];
      const difference2 = here - scaled[at2 + j];
      const difference3 = here - scaled[at3 + j];
      squared0 += difference0 * difference0;
      squared1 += difference1 * difference1;
      squared2 += difference2 * difference2;
      squared3 += difference3 * difference3;
    }
    const distance0 = Math.sqrt(5 * squared0);
    const distance1 = Math.sqrt(5 * squared1);
    const distance2 = Math.sqrt(5 * squared2);
    const distance3 = Math.sqrt(5 * squared3);
    const covariance0 = weights[row] * Math.exp(-distance0);
    const covariance1 = weights[row + 1] * Math.exp(-distance1);
    const covariance2 = weights[row + 2] * Math.exp(-distance2);
    const covariance3 = weights[row + 3] * Math.exp(-distance3);
    sum +=
      covariance0 * (1 + distance0 + (distance0 * distance0) / 3) +
      covariance1 * (1 + distance1 + (distance1 * distance1) / 3) +
      covariance2 * (1 + distance2 + (distance2 * distance2) / 3) +
      covariance3 * (1 + distance3 + (distance3 * distance3) / 3);
    if (gradient) {
      // d/ds (1 + s + s^2/3) e^-s = -s (1 + s) e^-s / 3, and s ds = 5 x difference / length.
      const slope0 = (-5 / 3) * covariance0 * (1 + distance0);
      const slope1 = (-5 / 3) * covariance1 * (1 + distance1);
      const slope2 = (-5 / 3) * covariance2 * (1 + distance2);
      const slope3 = (-5 / 3) * covariance3 * (1 + distance3);
      slopes += slope0 + slope1 + slope2 + slope3;
      for (let j = 0; j < columns; j++) {
        gradient[j] -=
          slope0 * scaled[at0 + j] +
          slope1 * scaled[at1 + j] +
          slope2 * scaled[at2 + j] +
          slope3 * scaled[at3 + j];
      }
    }
  }
  if (gradient) {
    for (let j = 0; j < columns; j++) {
      const ofKernel = (slopes * feature[j] + gradient[j]) / lengths[j];
      gradient[j] = (ofKernel + line[j]) / (mixture[j] + offset);
    }
  }
  return sum;
}

/**
 * Prediction for one row by walking every tree: the reference for faster methods.
 *
 * @param values holds the row's D features from `offset` on
 */
export function walkTrees(model: TreeModel, values: Float64Array, offset = 0): number {
  const { nodeStart, leafStart, feature, threshold, left, right, value } = model;
  let sum = 0;
  for (let tree = 0; tree < model.rounds; tree++) {
    const start = nodeStart[tree];
    let node = nodeStart[tree + 1] > start ? 0 : -1;
    while (node >= 0) {
      const at = start + node;
      node = values[offset + feature[at]] <= threshold[at] ? left[at] : right[at];
    }
    sum += value[leafStart[tree] - 1 - node];
  }
  return sum;
}

/** Leaves of a tree are bits of one word. */
const maxLeaves = 32;
/** Trees scored together: their table of masks then fits a core's cache. Tuned by `npm run bench`. */
const treesPerBlock = 64;
/** With fewer rows than this, building the tables takes longer than walking. Measured at 613 trees. */
const fewRows = 128;
/** Rows between two reports: a few milliseconds of work. */
const rowsPerReport = 8_192;

/**
 * Predictions for many rows, equal to the last bit to walking each tree for each row, without a
 * branch per node. After QuickScorer (Lucchese et al. 2015): each tree's leaves are bits, left to
 * right; a node whose test fails rules out the leaves of its left side; the first bit left is the
 * leaf reached. Here the masks of all tests that a value fails are combined beforehand, per feature
 * and per interval between thresholds, so that a tree costs one AND per feature.
 *
 * @param features N x D
 */
export function* predictTrees(model: TreeModel, features: Matrix): Job<Float64Array> {
  const { rows, columns, values } = features;
  const out = new Float64Array(rows);
  const thresholds = rankThresholds(model);
  if (rows < fewRows || !fitsBitMasks(model, thresholds)) {
    for (let row = 0; row < rows; row++) {
      out[row] = walkTrees(model, values, row * columns);
      if (row % fewRows === 0) yield { done: row, total: rows, unit: 'mixtures' };
    }
    return out;
  }
  const blocks = Math.ceil(model.rounds / treesPerBlock);
  const report = (part: number) => ({
    done: Math.floor(part * rows),
    total: rows,
    unit: 'mixtures',
  });
  const codes = yield* withProgress(encode(features, thresholds), () => report(0));
  for (let block = 0; block < blocks; block++) {
    const first = block * treesPerBlock;
    const end = Math.min(first + treesPerBlock, model.rounds);
    const table = maskTable(model, first, end, thresholds);
    for (let row = 0; row < rows; row += rowsPerReport) {
      scoreRows(model, table, codes, columns, row, Math.min(row + rowsPerReport, rows), out);
      yield report((block + row / rows) / blocks);
    }
  }
  return out;
}

/** Whether leaves fit the bits of a word and ranks of thresholds fit 16 bits: LightGBM's defaults do. */
function fitsBitMasks(model: TreeModel, thresholds: readonly Float64Array[]): boolean {
  if (thresholds.some(({ length }) => length > 0xffff)) return false;
  for (let tree = 0; tree < model.rounds; tree++) {
    if (model.leafStart[tree + 1] - model.leafStart[tree] > maxLeaves) return false;
  }
  return true;
}

/** Per feature: the distinct thresholds of all trees, ascending. */
function rankThresholds(model: TreeModel): Float64Array[] {
  const found = Array.from({ length: model.features }, () => new Set<number>());
  for (let node = 0; node < model.feature.length; node++) {
    found[model.feature[node]].add(model.threshold[node]);
  }
  return found.map((set) => Float64Array.from(set).sort());
}

/** How many thresholds lie below the value: it fails the test `value <= thresholds[r]` for r < count. */
function countBelow(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Row-major like the features: per value, how many of its feature's thresholds lie below it. */
function* encode(
  { rows, columns, values }: Matrix,
  thresholds: readonly Float64Array[],
): Job<Uint16Array> {
  const codes = new Uint16Array(rows * columns);
  for (let at = 0, row = 0; row < rows; row++) {
    for (let feature = 0; feature < columns; feature++, at++) {
      codes[at] = countBelow(thresholds[feature], values[at]);
    }
    if (row % rowsPerReport === 0) yield { done: row, total: rows, unit: 'mixtures' };
  }
  return codes;
}

interface MaskTable {
  readonly trees: number;
  /** Where the row of masks for (feature, code) starts in `masks`; 0 = rules nothing out. */
  readonly rowOf: Int32Array;
  /** Where a feature's codes start in `rowOf`. */
  readonly codeStart: Int32Array;
  /** Rows of `trees` masks; row 0 is all ones. */
  readonly masks: Int32Array;
  /** Per tree `maxLeaves` leaf values, left to right. */
  readonly leafValues: Float64Array;
}

/** The leaves that every interval of every feature rules out in trees `first` to `end - 1`. */
function maskTable(
  model: TreeModel,
  first: number,
  end: number,
  thresholds: readonly Float64Array[],
): MaskTable {
  const trees = end - first;
  const codeStart = new Int32Array(model.features + 1);
  for (let feature = 0; feature < model.features; feature++) {
    codeStart[feature + 1] = codeStart[feature] + thresholds[feature].length + 1;
  }
  const leafValues = new Float64Array(trees * maxLeaves);
  // Per feature: the tests of this block, each with what its failing rules out.
  const tests: { code: number; tree: number; mask: number }[][] = thresholds.map(() => []);
  for (let tree = 0; tree < trees; tree++) {
    const start = model.nodeStart[first + tree];
    const leafStart = model.leafStart[first + tree];
    let leaf = 0;
    const visit = (child: number): number => {
      if (child < 0) {
        leafValues[tree * maxLeaves + leaf] = model.value[leafStart - 1 - child];
        return 1 << leaf++;
      }
      const node = start + child;
      const leftLeaves = visit(model.left[node]);
      const rightLeaves = visit(model.right[node]);
      const feature = model.feature[node];
      const code = countBelow(thresholds[feature], model.threshold[node]) + 1;
      tests[feature].push({ code, tree, mask: ~leftLeaves });
      return leftLeaves | rightLeaves;
    };
    visit(model.nodeStart[first + tree + 1] > start ? 0 : -1);
  }
  const rowCount = tests.reduce((sum, list) => sum + list.length, 1);
  const masks = new Int32Array(rowCount * trees).fill(-1, 0, trees);
  const rowOf = new Int32Array(codeStart[model.features]);
  let rows = 1;
  tests.forEach((list, feature) => {
    list.sort((a, b) => a.code - b.code);
    let row = 0;
    let next = 0;
    for (let code = 1; code <= thresholds[feature].length; code++) {
      if (next < list.length && list[next].code === code) {
        masks.copyWithin(rows * trees, row * trees, (row + 1) * trees);
        row = rows++;
        while (next < list.length && list[next].code === code) {
          masks[row * trees + list[next].tree] &= list[next].mask;
          next++;
        }
      }
      rowOf[codeStart[feature] + code] = row * trees;
    }
  });
  return { trees, rowOf, codeStart, masks, leafValues };
}

function scoreRows(
  model: TreeModel,
  { trees, rowOf, codeStart, masks, leafValues }: MaskTable,
  codes: Uint16Array,
  columns: number,
  firstRow: number,
  endRow: number,
  out: Float64Array,
): void {
  const { features } = model;
  const alive = new Int32Array(trees);
  const maskRows = new Int32Array(features + 1);
  for (let row = firstRow; row < endRow; row++) {
    let used = 0;
    for (let feature = 0; feature < features; feature++) {
      const at = rowOf[codeStart[feature] + codes[row * columns + feature]];
      if (at > 0) maskRows[used++] = at;
    }
    // Two features a pass; an odd one out is paired with the row that rules nothing out.
    maskRows[used] = 0;
    alive.fill(-1);
    for (let pair = 0; pair < used; pair += 2) {
      const one = maskRows[pair];
      const two = maskRows[pair + 1];
      for (let tree = 0; tree < trees; tree++) alive[tree] &= masks[one + tree] & masks[two + tree];
    }
    let sum = out[row];
    for (let tree = 0; tree < trees; tree++) {
      const left = alive[tree];
      sum += leafValues[tree * maxLeaves + 31 - Math.clz32(left & -left)];
    }
    out[row] = sum;
  }
}
