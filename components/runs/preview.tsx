'use client';

import {
  type Purpose,
  purposeOf,
  type Recognition,
  withColumnRole,
  withDirection,
  withPurpose,
  withSet,
} from '../../lib/runs/recognition';
import { Segmented } from '../ui/segmented';
import { FilePreview } from './file-preview';
import { SetRow } from './set-row';

const purposes: readonly { readonly value: Purpose; readonly label: string }[] = [
  { value: 'study', label: 'Replace the study' },
  { value: 'tests', label: 'Add as test sets' },
  { value: 'round', label: 'Add as the next round of training runs' },
];
const explanations: Record<Purpose, string> = {
  study: 'A new study takes the place of the one that is open; undo brings it back.',
  tests: 'The study that is open keeps its training runs and is tested on these, too.',
  round:
    'The training runs of the study that is open stay, and these join them. Domains and targets must be the same.',
};

/** What was understood, before anything is replaced: what it is for, the sets of runs and every column's role. */
export function Preview({
  recognition,
  onChange,
}: {
  recognition: Recognition;
  onChange: (recognition: Recognition) => void;
}) {
  const purpose = purposeOf(recognition);
  return (
    <div className="preview">
      {recognition.sets.length > 0 && (
        <div>
          <Segmented
            label="Use of these files"
            value={purpose}
            options={purposes}
            onChange={(value) => {
              const chosen = purposes.find((option) => option.value === value);
              if (chosen) onChange(withPurpose(recognition, chosen.value));
            }}
          />
          <p className="quiet small">{explanations[purpose]}</p>
        </div>
      )}
      <section className="controls" aria-label="Sets of runs">
        <h3>Sets of runs</h3>
        {recognition.sets.length === 0 && (
          <p className="refused">
            No file of weights was found to go with the target values. Mark the columns below, or
            open the other file with it.
          </p>
        )}
        {recognition.sets.map((set, index) => (
          <SetRow
            // biome-ignore lint/suspicious/noArrayIndexKey: sets are edited in place and never reordered
            key={index}
            set={set}
            place={index + 1}
            files={recognition.files}
            onChange={(change) => onChange(withSet(recognition, index, change))}
          />
        ))}
      </section>
      {recognition.files.map((file, index) => (
        <FilePreview
          key={file.name}
          file={file}
          onRole={(column, role) => onChange(withColumnRole(recognition, index, column, role))}
          onDirection={(column, direction) =>
            onChange(withDirection(recognition, index, column, direction))
          }
        />
      ))}
    </div>
  );
}
