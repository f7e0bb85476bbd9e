import type { Job } from '../../job';
import type { Matrix } from '../../matrix';
import { withProgress } from '../progress';
import type { TreeModel } from '../types';
import { walkTrees } from './walk-trees';

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
  if (rows < fewRows || !fitsWords(model, thresholds)) {
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
function fitsWords(model: TreeModel, thresholds: readonly Float64Array[]): boolean {
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

/** What every interval of every feature rules out in trees `first` to `end - 1`. */
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
