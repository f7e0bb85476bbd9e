import { StageError } from '../errors';
import type { RegressorId, RegressorInfo } from './types';

const usual = { usesRecordedWeights: false, stopsOnTestSet: false } as const;
/** Laws and processes: as few as five held out of ten still leave something to learn from. */
const fromTen = { ...usual, minimumRows: () => 10 };
/** Fitted in seconds: the law stands in meanwhile. */
const accurate = { ...fromTen, standIn: 'law' } as const;
/** LightGBM's default of rows a leaf, in two leaves. */
const fewestForTwoLeaves = 40;

/** Every regressor, the recommended one first. */
export const catalogue: readonly RegressorInfo[] = [
  {
    ...accurate,
    id: 'mean',
    name: 'Law + Gaussian process, mean',
    description:
      'The mean of the effective-data law and a Gaussian process: the law knows the shape, the process what the law misses.',
    meanOf: ['law', 'gp'],
  },
  {
    ...fromTen,
    id: 'law',
    name: 'Effective-data law',
    description:
      'Every domain adds effective data with diminishing returns, and the loss falls as a power of their sum: C + (D₀ + Σ aᵢ rᵢ^bᵢ)^−g. Convex, so that its optimum under limits is exact.',
  },
  {
    ...accurate,
    id: 'gp',
    name: 'Gaussian process',
    description:
      'A Gaussian process on log weights: Matérn 5/2 with a length scale per domain and a linear term, by maximum marginal likelihood.',
  },
  {
    ...accurate,
    id: 'law+gp',
    name: 'Law, corrected by a Gaussian process',
    description:
      'The effective-data law plus a Gaussian process fitted to its residuals: far from the runs it falls back to the law.',
  },
  {
    ...fromTen,
    id: 'mixing-law',
    name: 'Data Mixing Laws',
    description:
      'The exponential law c + exp(Σ tⱼ rⱼ) of Ye et al. (2024), olmix’s log-linear regressor.',
  },
  {
    ...fromTen,
    id: 'autoscale',
    name: 'AutoScale',
    description: 'A sum of powers, one per domain: L + Σ (N₀ᵢ + N rᵢ)^−γᵢ (Kang et al. 2024).',
  },
  {
    ...fromTen,
    id: 'bimix',
    name: 'BiMix',
    description: 'A sum of powers without a constant: Σ Fᵢ rᵢ^−αᵢ (Ge et al. 2024).',
  },
  {
    ...fromTen,
    id: 'gbdt',
    name: 'LightGBM trees',
    description:
      'Gradient-boosted trees with LightGBM’s semantics (learning rate 0.01, 31 leaves); rounds chosen by 5-fold cross-validation on the training runs.',
  },
  {
    id: 'gbdt-paper',
    name: 'LightGBM, as published',
    description:
      'The published notebook’s trees: weights as in the file, at least 20 rows a leaf, stopped early on the first test set, whose runs are therefore not unseen.',
    usesRecordedWeights: true,
    stopsOnTestSet: true,
    minimumRows: () => fewestForTwoLeaves,
  },
  {
    ...usual,
    id: 'ridge',
    name: 'Ridge',
    description:
      'Linear in the weights, with a penalty on squared coefficients chosen by exact leave-one-out.',
    minimumRows: () => 5,
  },
  {
    ...usual,
    id: 'ols',
    name: 'Linear',
    description: 'Ordinary least squares on the weights.',
    minimumRows: () => 5,
  },
];

/** What is said of a model that was fitted elsewhere; it stands in no list of what can be fitted. */
const imported: RegressorInfo = {
  ...usual,
  id: 'imported',
  name: 'Imported model',
  description:
    'A model fitted elsewhere, read from an ONNX file; which runs it was fitted on is not known here.',
  minimumRows: () => 1,
  mayHaveSeenRuns: true,
};

/** @throws StageError when there is no regressor of that id */
export function regressorInfo(id: RegressorId | string): RegressorInfo {
  const found = [...catalogue, imported].find((regressor) => regressor.id === id);
  if (found) return found;
  const known = catalogue.map((regressor) => regressor.id).join(', ');
  throw new StageError('regression', `There is no regressor “${id}”.`, `Choose one of ${known}.`);
}
