/** Models as JSON and back, checked field by field. */

import { StageError } from '../model/errors';
import { parseJson } from '../model/json';
import type { Model, PredictionRange, RowModel, TreeModel } from '../model/regressor';
import { predictRow } from './predict';

/** The format name in our files. */
const format = 'regmix-model';
const version = 1;

/** What a model predicts, and from the weights of which domains, in order. */
export interface ModelLabels {
  /** Target id. */
  readonly target: string;
  /** D names of domains as in the user's files. */
  readonly domains: readonly string[];
}

/**
 * A model as JSON: `{"format":"regmix-model","version":1,"model":{...}}`, with `target` and `domains` before
 * the model where labels are given. The model has the fields of its kind (see `lib/model/regressor.ts`),
 * arrays as arrays of numbers. Numbers are written with enough digits to restore every bit.
 *
 * @throws StageError when a number of the model is not finite, or it is an imported ONNX model
 */
export function modelToJson(model: Model, labels?: ModelLabels): string {
  const about = labels
    ? `"target":${textOf(labels.target)},"domains":${textOf(labels.domains)},`
    : '';
  return `{"format":"${format}","version":${version},${about}"model":${modelText(model)}}\n`;
}

/**
 * The model alone, as JSON.
 *
 * @throws StageError when a number of it is not finite, or it is an imported ONNX model
 */
export function modelText(model: Model): string {
  if (model.kind === 'onnx') {
    throw new StageError(
      'regression',
      'An imported ONNX model cannot be saved as JSON.',
      'Save its ONNX file instead.',
    );
  }
  return textOf(model);
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Float64Array || value instanceof Int32Array) {
    return `[${Array.from(value, numberText).join(',')}]`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `"${name}":${textOf(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** JSON.stringify would write null for what is not finite, and lose the sign of -0. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) {
    throw new StageError(
      'regression',
      `A model that contains ${value} cannot be saved.`,
      'Fit again.',
    );
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * Reads what {@link modelToJson} wrote. The text is untrusted: every field is checked, so that a returned
 * model can be evaluated for any mixture of as many domains without reading beyond an array or looping.
 *
 * @throws StageError when the text is no such JSON, of another version, too large, or its fields are
 * missing, not finite, out of range or do not fit together
 */
export function modelFromJson(text: string): RowModel {
  if (text.length > modelLimits.characters) throw refusal('the file is too large');
  const fields = fieldsOf(parse(text), 'the file');
  if (fields.source.format !== format) throw refusal('the file is not marked as a model');
  if (fields.source.version !== version) {
    throw refusal(`its version is ${describe(fields.source.version)}, not ${version}`);
  }
  const model = readModel(fields.source.model, 'model', 0);
  // Finite parameters can still overflow: exp(1000), say.
  const domains = domainsOf(model);
  const equal = new Float64Array(domains).fill(1 / domains);
  if (!Number.isFinite(predictRow(model, equal))) {
    throw refusal('it predicts no finite value for equal weights');
  }
  return model;
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw refusal('the file is not JSON');
  }
}

function readModel(value: unknown, name: string, depth: number): RowModel {
  const fields = fieldsOf(value, name);
  const { number, column } = fields;
  const sign = () => (number('sign', isSign) === 1 ? 1 : -1);
  const kind = fields.source.kind;
  switch (kind) {
    case 'linear':
      return {
        kind,
        intercept: number('intercept', isAny),
        coefficients: column('coefficients', isAny),
        penalty: number('penalty', isAtLeast0),
      };
    case 'law': {
      const amounts = column('amounts', isAtLeast0);
      return {
        kind,
        sign: sign(),
        constant: number('constant', isAny),
        base: number('base', isAbove0),
        exponent: number('exponent', isAbove0),
        amounts,
        powers: column('powers', isShare, amounts.length),
        offset: number('offset', isAbove0),
        ...(fields.source.range === undefined ? {} : { range: readRange(fields, name) }),
      };
    }
    case 'corrected': {
      if (depth >= modelLimits.depth) throw refusal(`${name} is nested too deep`);
      const law = readModel(fields.source.law, `${name}.law`, depth + 1);
      if (law.kind !== 'law') throw refusal(`${name}.law is of kind ${law.kind}`);
      const processes = partsOf(fields, 'processes', name).map((part, index) => {
        const place = `${name}.processes[${index}]`;
        const process = readModel(part, place, depth + 1);
        if (process.kind !== 'gp') throw refusal(`${place} is of kind ${process.kind}`);
        return process;
      });
      if (processes.some((process) => domainsOf(process) !== domainsOf(law))) {
        throw refusal(`${name} corrects a law of other domains`);
      }
      return {
        kind,
        law,
        processes,
        asymptote: number('asymptote', isAny),
        centre: number('centre', isAny),
        share: number('share', isShare),
        range: readRange(fields, name),
      };
    }
    case 'exponential':
      return {
        kind,
        sign: sign(),
        constant: number('constant', isAny),
        intercept: number('intercept', isAny),
        coefficients: column('coefficients', isAny),
      };
    case 'powers': {
      const scales = column('scales', isAtLeast0);
      return {
        kind,
        sign: sign(),
        constant: number('constant', isAny),
        scales,
        offsets: column('offsets', isAbove0, scales.length),
        exponents: column('exponents', isAbove0, scales.length),
      };
    }
    case 'gp': {
      const centre = column('centre', isAny);
      const alpha = fields.array('alpha', isAny);
      const inputs = fieldsOf(fields.source.inputs, `${name}.inputs`);
      const rows = inputs.number('rows', (count) => count === alpha.length);
      const columns = inputs.number('columns', (count) => count === centre.length);
      return {
        kind,
        offset: number('offset', isAbove0),
        inputs: { rows, columns, values: inputs.array('values', isAny, rows * columns) },
        centre,
        lengths: column('lengths', isAbove0, columns),
        variance: number('variance', isAtLeast0),
        linearVariance: number('linearVariance', isAtLeast0),
        noise: number('noise', isAtLeast0),
        mean: number('mean', isAny),
        alpha,
      };
    }
    case 'sum': {
      if (depth >= modelLimits.depth) throw refusal(`${name} is a sum nested too deep`);
      const parts = partsOf(fields, 'models', name);
      const models = parts.map((part, index) => {
        const model = readModel(part, `${name}.models[${index}]`, depth + 1);
        if (model.kind === 'trees') throw refusal(`${name}.models[${index}] are trees`);
        return model;
      });
      if (models.some((part) => domainsOf(part) !== domainsOf(models[0]))) {
        throw refusal(`${name} adds models of different numbers of domains`);
      }
      return { kind, weights: [...fields.array('weights', isAny, parts.length)], models };
    }
    case 'trees': {
      const features = number('features', isDomainCount);
      const nodeStart = fields.integers('nodeStart');
      const feature = fields.integers('feature');
      const model: RowModel = {
        kind,
        features,
        rounds: number('rounds', (rounds) => rounds >= 1 && rounds === nodeStart.length - 1),
        nodeStart,
        leafStart: fields.integers('leafStart', nodeStart.length),
        feature,
        threshold: fields.array('threshold', isAny, feature.length),
        left: fields.integers('left', feature.length),
        right: fields.integers('right', feature.length),
        gain: fields.array('gain', isAtLeast0, feature.length),
        value: fields.array('value', isAny),
      };
      const wrong = checkTrees(model);
      if (wrong !== null) throw refusal(`${name}: ${wrong}`);
      return model;
    }
    default:
      throw refusal(`${name}.kind is ${describe(kind)}, which is not a kind of model`);
  }
}

/** The models that another one is made of, not yet read. */
function partsOf({ source }: Fields, field: string, name: string): readonly unknown[] {
  const parts = source[field];
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > modelLimits.parts) {
    throw refusal(`${name}.${field} is not a list of 1 to ${modelLimits.parts} models`);
  }
  return parts;
}

function readRange({ source }: Fields, name: string): PredictionRange {
  const { number } = fieldsOf(source.range, `${name}.range`);
  const low = number('low', isAny);
  const slack = number('slack', isAtLeast0);
  return { low, slack, high: number('high', (high) => high >= low + 2 * slack) };
}

/** Weights of a mixture that the model is for. */
function domainsOf(model: RowModel): number {
  switch (model.kind) {
    case 'trees':
      return model.features;
    case 'gp':
      return model.centre.length;
    case 'law':
      return model.amounts.length;
    case 'powers':
      return model.scales.length;
    case 'corrected':
      return domainsOf(model.law);
    case 'sum':
      return domainsOf(model.models[0]);
    default:
      return model.coefficients.length;
  }
}

/** Limits of a model's file, larger than any model of a table that can be read. */
const modelLimits = {
  characters: 200_000_000,
  domains: 2_000,
  /** Numbers in one array. */
  entries: 10_000_000,
  parts: 16,
  /** Sums within sums. */
  depth: 3,
} as const;

/** Whether a finite number is valid for a field. */
type Check = (value: number) => boolean;

const isAny: Check = () => true;
const isAbove0: Check = (value) => value > 0;
const isAtLeast0: Check = (value) => value >= 0;
const isShare: Check = (value) => value >= 0 && value <= 1;
const isSign: Check = (value) => value === 1 || value === -1;
const isDomainCount: Check = (value) =>
  Number.isInteger(value) && value >= 1 && value <= modelLimits.domains;

/** The fields of an untrusted object, each checked when it is read. */
interface Fields {
  readonly source: Readonly<Record<string, unknown>>;
  number(field: string, check: Check): number;
  /** @param length required length; any by default */
  array(field: string, check: Check, length?: number): Float64Array;
  /** Numbers, one per domain: 1 to `modelLimits.domains` of them. */
  column(field: string, check: Check, domains?: number): Float64Array;
  /** Integers of 32 bits. */
  integers(field: string, length?: number): Int32Array;
}

/**
 * @param name name of the object in errors
 * @throws StageError when the value is no object; the readers throw one when a field does not pass
 */
function fieldsOf(value: unknown, name: string): Fields {
  if (!isRecord(value)) throw refusal(`${name} is ${describe(value)} instead of an object`);
  const list = (field: string, length?: number): readonly unknown[] => {
    const found = value[field];
    if (!Array.isArray(found)) throw refusal(`${name}.${field} is not a list`);
    if (found.length > modelLimits.entries) throw refusal(`${name}.${field} is too long`);
    if (length !== undefined && found.length !== length) {
      throw refusal(`${name}.${field} has ${found.length} numbers, not ${length}`);
    }
    return found;
  };
  const checked = (found: unknown, place: string, check: Check): number => {
    if (typeof found !== 'number' || !Number.isFinite(found) || !check(found)) {
      throw refusal(`${name}.${place} may not be ${describe(found)}`);
    }
    return found;
  };
  const array = (field: string, check: Check, length?: number) =>
    Float64Array.from(list(field, length), (entry, index) =>
      checked(entry, `${field}[${index}]`, check),
    );
  return {
    source: value,
    number: (field, check) => checked(value[field], field, check),
    array,
    column(field, check, domains) {
      const column = array(field, check, domains);
      if (isDomainCount(column.length)) return column;
      throw refusal(`${name}.${field} does not have 1 to ${modelLimits.domains} domains`);
    },
    integers: (field, length) =>
      Int32Array.from(list(field, length), (entry, index) =>
        checked(entry, `${field}[${index}]`, (number) => number === (number | 0)),
      ),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Describes a value in a short text for messages. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `“${value.slice(0, 40)}”`;
  if (typeof value === 'number') return String(value);
  if (value === undefined) return 'missing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** @param what clause without a full stop */
function refusal(what: string): StageError {
  return new StageError(
    'regression',
    `This model cannot be read: ${what}.`,
    'Save the model again and open the new file.',
  );
}

/**
 * Checks whether the flat arrays of an untrusted model are trees: every tree's nodes and leaves lie within
 * its own part of the arrays, are each reached from the root exactly once (so that no walk runs in circles),
 * and split on features that exist. Lengths of the arrays per node must agree.
 *
 * @returns the problem, as a clause; null when there is none
 */
export function checkTrees(model: TreeModel): string | null {
  const { features, rounds, nodeStart, leafStart, feature, value } = model;
  if (!isPartition(nodeStart, rounds, feature.length))
    return 'nodeStart does not partition the nodes';
  if (!isPartition(leafStart, rounds, value.length))
    return 'leafStart does not partition the leaves';
  if (feature.some((index) => index < 0 || index >= features)) {
    return 'a node splits on a feature that does not exist';
  }
  const seen = new Uint8Array(feature.length + value.length);
  for (let tree = 0; tree < rounds; tree++) {
    if (!isTree(model, tree, seen)) return `tree ${tree} is not a tree`;
  }
  return null;
}

/** Whether starts go from 0 to the count without falling. */
function isPartition(starts: Int32Array, parts: number, count: number): boolean {
  if (starts.length !== parts + 1 || starts[0] !== 0 || starts[parts] !== count) return false;
  return starts.every((start, part) => part === 0 || start >= starts[part - 1]);
}

/** @param seen per node, then per leaf, of all trees: 1 once reached */
function isTree(
  { nodeStart, leafStart, feature, left, right }: TreeModel,
  tree: number,
  seen: Uint8Array,
): boolean {
  const nodes = nodeStart[tree + 1] - nodeStart[tree];
  const leaves = leafStart[tree + 1] - leafStart[tree];
  // A tree has one leaf more than it has inner nodes. With this count, if nothing is reached twice, nothing
  // is missed.
  if (leaves !== nodes + 1) return false;
  const pending = [nodes > 0 ? 0 : -1];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    const isNode = child >= 0;
    const within = isNode ? child < nodes : -1 - child < leaves;
    if (!within) return false;
    const at = isNode ? nodeStart[tree] + child : feature.length + leafStart[tree] - 1 - child;
    if (seen[at] === 1) return false;
    seen[at] = 1;
    if (isNode) pending.push(left[at], right[at]);
  }
  return true;
}
