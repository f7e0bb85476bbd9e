'use client';

/**
 * The editor of several targets' weights and families, with the functions that read and change
 * them.
 */
import { useId } from 'react';
import { formatPercent, targetLabel } from '../../lib/model/format';
import { cleanLabel } from '../../lib/model/labels';
import type { Target } from '../../lib/model/study';
import { type Draft, settle } from './draft';
import { NumericHead } from './layout';
import { TypedValue } from './typed-value';
import { useKeyedState } from './use-keyed-state';

/**
 * The weights of several targets: a number each and, optionally, a family that shares its weight.
 */
export function MultiWeight({
  targets,
  weights,
  families,
  shares,
  onChange,
}: {
  targets: readonly Pick<Target, 'id' | 'name' | 'direction'>[];
  weights: Weights;
  families: Families;
  /** The resulting shares per target id: 0..1, summing to 1; a missing target has no share. */
  shares: ReadonlyMap<string, number>;
  /** Called with the changes, one gesture each. */
  onChange: (change: { readonly weights: Weights } | { readonly families: Families }) => void;
}) {
  const familyList = useId();
  const weighted = targets.some(({ id }) => weightOf(weights, id) > 0);
  const known = [...new Set(targets.map(({ id }) => familyOf(families, id)))].filter(Boolean);
  return (
    <div className="multi-weight">
      <div className="multi-weight-scroll">
        <table aria-label="Weights of the targets">
          <thead>
            <tr>
              <th scope="col">Target</th>
              <NumericHead>Weight</NumericHead>
              <th scope="col" title="The targets of a family share the weight of one">
                Family
              </th>
              <NumericHead>Share</NumericHead>
            </tr>
          </thead>
          <tbody>
            {targets.map(({ id, name, direction }) => (
              <tr key={id}>
                <th scope="row" title={name}>
                  {targetLabel({ name, direction })}
                </th>
                <td className="numeric">
                  <TypedValue
                    label={`Weight of ${name}`}
                    text={String(weightOf(weights, id))}
                    parse={parseWeight}
                    expected={`a number from 0 to ${maxWeight}`}
                    onValue={(weight) => onChange({ weights: { ...weights, [id]: weight } })}
                  />
                </td>
                <td>
                  <FamilyField
                    label={`Family of ${name}`}
                    family={familyOf(families, id)}
                    list={familyList}
                    onFamily={(family) => onChange({ families: withFamily(families, id, family) })}
                  />
                </td>
                <td className="numeric quiet">{weighted ? shareText(shares.get(id) ?? 0) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <datalist id={familyList}>
        {known.map((family) => (
          <option key={family} value={family} />
        ))}
      </datalist>
      <div className="multi-weight-foot">
        <button
          type="button"
          className="link"
          onClick={() => onChange({ weights: sameWeights(targets, 1) })}
        >
          Equal
        </button>
        <button
          type="button"
          className="link"
          onClick={() => onChange({ weights: sameWeights(targets, 0) })}
        >
          Clear
        </button>
        <span className="quiet small" role="status">
          {weighted ? '' : 'Give at least one target a weight.'}
        </span>
      </div>
    </div>
  );
}

/** Formats with two digits, enough to compare: `33%`, `7.7%`. */
function shareText(share: number): string {
  return formatPercent(share, share > 0 && share < 0.1 ? 1 : 0);
}

/** A family's name, committed by Enter or on blur; empty = none. */
function FamilyField({
  label,
  family,
  list,
  onFamily,
}: {
  label: string;
  family: string;
  /** Id of the list of suggested names. */
  list: string;
  onFamily: (family: string) => void;
}) {
  const [draft, setDraft] = useKeyedState<Draft>([family]);

  function take(): void {
    const settled = settle(draft, family, cleanLabel);
    setDraft(null);
    if (settled.kind === 'taken') onFamily(settled.value);
  }

  return (
    <input
      className="field"
      aria-label={label}
      autoComplete="off"
      placeholder="none"
      maxLength={longestFamily}
      list={list}
      value={draft?.text ?? family}
      data-in-force={family}
      onChange={(event) => setDraft({ text: event.currentTarget.value, refused: false })}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

/** Weight per target id, >= 0; a missing target has weight 0. */
type Weights = Readonly<Record<string, number>>;
/** Family per target id; targets without one stand alone. */
type Families = Readonly<Record<string, string>>;

/** Largest weight that is accepted. */
const maxWeight = 100;
/** Longest accepted family name, in characters. */
const longestFamily = 40;

/** A target's weight, 0 where it has none. */
export function weightOf(weights: Weights, target: string): number {
  return Object.hasOwn(weights, target) ? weights[target] : 0;
}

/** A target's family, empty where it has none. */
export function familyOf(families: Families, target: string): string {
  return Object.hasOwn(families, target) ? families[target] : '';
}

/** The same weight for every target; 0 clears them. */
export function sameWeights(targets: readonly { readonly id: string }[], weight: number): Weights {
  return Object.fromEntries(targets.map(({ id }) => [id, weight]));
}

/** The families with one target's changed; an empty name removes the target from its family. */
export function withFamily(families: Families, target: string, family: string): Families {
  const others = Object.entries(families).filter(([id]) => id !== target);
  return Object.fromEntries(family === '' ? others : [...others, [target, family]]);
}

/** Parses a weight, 0..100; null when the text is not one. */
export function parseWeight(text: string): number | null {
  const value = /^\s*(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= maxWeight ? value : null;
}
