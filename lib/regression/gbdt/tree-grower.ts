/** Grows regression trees leaf by leaf, as LightGBM does. */
import type { Job } from '../../model/job';
import type { BinnedFeatures } from './bins';

/** Where to split a leaf; `gain <= 0` when nowhere. */
interface Split {
  gain: number;
  feature: number;
  /** Rows of this bin and below go left. */
  bin: number;
  leftCount: number;
  leftGradient: number;
  rightGradient: number;
  // Both with one epsilon.
  leftHessian: number;
  rightHessian: number;
}

/** One tree, its leaves numbered in the order in which they came to be. */
export interface GrownTree {
  leaves: number;
  // Per inner node, leaves - 1 of them; children as in TreeModel.
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float64Array;
  // Per leaf.
  readonly value: Float64Array;
  readonly rowStart: Int32Array;
  readonly rowCount: Int32Array;
  /** Row indices, grouped by leaf: those of leaf l start at `rowStart[l]`. */
  readonly rowsByLeaf: Int32Array;
}

export interface TreeGrower {
  /**
   * Grows one tree to the gradients; the result is overwritten by the next call.
   *
   * @param gradients one per row, of the squared error; hessians are 1
   */
  grow(gradients: Float32Array): Job<GrownTree>;
}

/** Values and bins visited between two reports: a few milliseconds of work. */
const workPerReport = 5_000_000;
/** Keeps empty sums away from zero; LightGBM's, a single-precision constant. */
const epsilon = Math.fround(1e-15);

/**
 * Leaf-wise growth as in LightGBM (Ke et al. 2017, section 2): the leaf whose split gains most is
 * split next. Sums are added in LightGBM's order, since ties between splits are decided by the last bit.
 */
export function createTreeGrower(
  binned: BinnedFeatures,
  maxLeaves: number,
  minRowsPerLeaf: number,
): TreeGrower {
  const { rows, features, codes, upperBounds, impliedBin } = binned;
  const binStart = new Int32Array(features + 1);
  for (let feature = 0; feature < features; feature++) {
    binStart[feature + 1] = binStart[feature] + upperBounds[feature].length;
  }
  const bins = binStart[features];
  const histograms = Array.from({ length: maxLeaves }, () => ({
    gradient: new Float64Array(bins),
    count: new Int32Array(bins),
    /** Per feature 1 unless the leaf, or one it came from, gains nothing by splitting on it. */
    splittable: new Uint8Array(features),
  }));
  const slot = new Int32Array(maxLeaves);
  const nodeOfLeaf = new Int32Array(maxLeaves);
  const splits: Split[] = Array.from({ length: maxLeaves }, emptySplit);
  const sumGradient = new Float64Array(maxLeaves);
  const sumHessian = new Float64Array(maxLeaves);
  const scratch = new Int32Array(rows);
  const tree: GrownTree = {
    leaves: 1,
    feature: new Int32Array(maxLeaves - 1),
    bin: new Int32Array(maxLeaves - 1),
    left: new Int32Array(maxLeaves - 1),
    right: new Int32Array(maxLeaves - 1),
    gain: new Float64Array(maxLeaves - 1),
    value: new Float64Array(maxLeaves),
    rowStart: new Int32Array(maxLeaves),
    rowCount: new Int32Array(maxLeaves),
    rowsByLeaf: new Int32Array(rows),
  };
  const { rowsByLeaf, rowStart, rowCount } = tree;
  let work = 0;

  function buildHistogram(leaf: number, gradients: Float32Array): void {
    const { gradient, count, splittable } = histograms[slot[leaf]];
    gradient.fill(0);
    count.fill(0);
    const start = rowStart[leaf];
    const end = start + rowCount[leaf];
    for (let feature = 0; feature < features; feature++) {
      if (splittable[feature] === 0) continue;
      const offset = binStart[feature];
      const column = feature * rows;
      for (let place = start; place < end; place++) {
        const row = rowsByLeaf[place];
        const bin = offset + codes[column + row];
        gradient[bin] += gradients[row];
        count[bin]++;
      }
      // Bin 0 is never read: a split scans bins from the right and leaves the first to the left side.
      if (impliedBin[feature] > 0) {
        let rest = sumGradient[leaf];
        const implied = offset + impliedBin[feature];
        for (let bin = offset; bin < binStart[feature + 1]; bin++) {
          if (bin !== implied) rest -= gradient[bin];
        }
        gradient[implied] = rest;
      }
    }
  }

  /** The larger child's histogram is its parent's less the smaller child's. */
  function subtractHistogram(parent: number, smaller: number): void {
    const from = histograms[parent];
    const less = histograms[smaller];
    for (let bin = 0; bin < bins; bin++) {
      from.gradient[bin] -= less.gradient[bin];
      from.count[bin] -= less.count[bin];
    }
  }

  function findSplit(leaf: number): void {
    const best = splits[leaf];
    best.gain = 0;
    const total = rowCount[leaf];
    if (total < 2 * minRowsPerLeaf) return;
    const { gradient, count, splittable } = histograms[slot[leaf]];
    const totalGradient = sumGradient[leaf];
    const totalHessian = sumHessian[leaf] + 2 * epsilon;
    const ownGain = (totalGradient * totalGradient) / totalHessian;
    for (let feature = 0; feature < features; feature++) {
      if (splittable[feature] === 0) continue;
      const first = binStart[feature];
      let rightGradient = 0;
      let rightHessian = epsilon;
      let rightCount = 0;
      let bestGain = ownGain;
      let bestBin = -1;
      let bestRightGradient = 0;
      let bestRightHessian = 0;
      let bestRightCount = 0;
      for (let bin = binStart[feature + 1] - 1; bin > first; bin--) {
        rightGradient += gradient[bin];
        rightHessian += count[bin];
        rightCount += count[bin];
        if (rightCount < minRowsPerLeaf) continue;
        if (total - rightCount < minRowsPerLeaf) break;
        const leftGradient = totalGradient - rightGradient;
        const leftHessian = totalHessian - rightHessian;
        const gain =
          (leftGradient * leftGradient) / leftHessian +
          (rightGradient * rightGradient) / rightHessian;
        if (gain <= bestGain) continue;
        bestGain = gain;
        bestBin = bin - 1 - first;
        bestRightGradient = rightGradient;
        bestRightHessian = rightHessian;
        bestRightCount = rightCount;
      }
      if (bestBin < 0) splittable[feature] = 0;
      if (bestBin < 0 || bestGain - ownGain <= best.gain) continue;
      best.gain = bestGain - ownGain;
      best.feature = feature;
      best.bin = bestBin;
      best.leftCount = total - bestRightCount;
      best.leftGradient = totalGradient - bestRightGradient;
      best.rightGradient = totalGradient - best.leftGradient;
      best.leftHessian = totalHessian - bestRightHessian;
      best.rightHessian = totalHessian - best.leftHessian;
    }
  }

  /** Moves the rows of `leaf` that go right behind those that go left, preserving order. */
  function partition(leaf: number, feature: number, bin: number): void {
    const start = rowStart[leaf];
    const end = start + rowCount[leaf];
    const column = feature * rows;
    let left = start;
    let right = 0;
    for (let place = start; place < end; place++) {
      const row = rowsByLeaf[place];
      if (codes[column + row] <= bin) rowsByLeaf[left++] = row;
      else scratch[right++] = row;
    }
    for (let place = 0; place < right; place++) rowsByLeaf[left + place] = scratch[place];
  }

  function splitLeaf(leaf: number, gradients: Float32Array): void {
    const split = splits[leaf];
    const { feature, bin, leftCount, leftGradient, leftHessian, rightGradient, rightHessian } =
      split;
    const node = tree.leaves - 1;
    const added = tree.leaves++;
    const parent = nodeOfLeaf[leaf];
    if (parent >= 0) {
      if (tree.left[parent] === -1 - leaf) tree.left[parent] = node;
      else tree.right[parent] = node;
    }
    tree.feature[node] = feature;
    tree.bin[node] = bin;
    tree.gain[node] = split.gain;
    tree.left[node] = -1 - leaf;
    tree.right[node] = -1 - added;
    nodeOfLeaf[leaf] = node;
    nodeOfLeaf[added] = node;

    partition(leaf, feature, bin);
    const rightCount = rowCount[leaf] - leftCount;
    rowStart[added] = rowStart[leaf] + leftCount;
    rowCount[added] = rightCount;
    rowCount[leaf] = leftCount;
    sumGradient[leaf] = leftGradient;
    sumHessian[leaf] = leftHessian - epsilon;
    sumGradient[added] = rightGradient;
    sumHessian[added] = rightHessian - epsilon;
    tree.value[leaf] = -leftGradient / leftHessian;
    tree.value[added] = -rightGradient / rightHessian;

    const parentSlot = slot[leaf];
    const freeSlot = added;
    if (Math.max(leftCount, rightCount) < 2 * minRowsPerLeaf || tree.leaves >= maxLeaves) {
      slot[added] = freeSlot;
      splits[leaf].gain = 0;
      splits[added].gain = 0;
      return;
    }
    const smaller = leftCount < rightCount ? leaf : added;
    const larger = smaller === leaf ? added : leaf;
    slot[smaller] = freeSlot;
    slot[larger] = parentSlot;
    histograms[freeSlot].splittable.set(histograms[parentSlot].splittable);
    buildHistogram(smaller, gradients);
    subtractHistogram(parentSlot, freeSlot);
    findSplit(smaller);
    findSplit(larger);
  }

  return {
    *grow(gradients) {
      tree.leaves = 1;
      let total = 0;
      for (let row = 0; row < rows; row++) {
        rowsByLeaf[row] = row;
        total += gradients[row];
      }
      rowStart[0] = 0;
      rowCount[0] = rows;
      sumGradient[0] = total;
      sumHessian[0] = rows;
      slot[0] = 0;
      nodeOfLeaf[0] = -1;
      tree.value[0] = 0;
      histograms[0].splittable.fill(1);
      buildHistogram(0, gradients);
      findSplit(0);
      while (tree.leaves < maxLeaves) {
        let best = 0;
        for (let leaf = 1; leaf < tree.leaves; leaf++) {
          if (splits[leaf].gain > splits[best].gain) best = leaf;
        }
        if (!(splits[best].gain > 0)) break;
        work += rowCount[best] * features + 3 * bins;
        splitLeaf(best, gradients);
        if (work < workPerReport) continue;
        work = 0;
        yield { done: tree.leaves, total: maxLeaves, unit: 'leaves' };
      }
      return tree;
    },
  };
}

function emptySplit(): Split {
  return {
    gain: 0,
    feature: 0,
    bin: 0,
    leftCount: 0,
    leftGradient: 0,
    leftHessian: 0,
    rightGradient: 0,
    rightHessian: 0,
  };
}
