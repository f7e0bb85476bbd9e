'use client';

/** The choice of one of several groups of columns as the weights of a file. */
import { plural } from '../../lib/model/format';
import { type Recognition, withGroup } from '../../lib/runs/recognition';
import { Segmented } from '../ui/controls';

/** Asks, for every file in which several groups of columns could be the weights, which one they are. */
export function WeightGroups({
  recognition,
  onChange,
}: {
  recognition: Recognition;
  onChange: (recognition: Recognition) => void;
}) {
  return recognition.files.map(({ name, groups, columns }, file) => {
    if (groups.length < 2) return null;
    const isTaken = (indices: readonly number[]) =>
      indices.every((index) => columns[index].role === 'domain');
    const taken = groups.findIndex((group) => isTaken(group.columns));
    return (
      <div key={name}>
        <Segmented
          label={`Weights of ${name}`}
          value={String(taken)}
          options={groups.map((group, index) => ({
            value: String(index),
            label: `${group.name} (${plural(group.columns.length, 'column')})`,
          }))}
          onChange={(value) => onChange(withGroup(recognition, file, groups[Number(value)]))}
        />
        {taken < 0 && (
          <p className="refused">
            Each of these groups of columns sums to 1, as with training in phases. Choose the one to
            study; the others are ignored.
          </p>
        )}
      </div>
    );
  });
}
