'use client';

import { type SizeId, sizeIds } from '../../lib/training/shape';
import { Select } from '../ui/select';
import { useTraining, useTrainingControl } from './session';

/** How large the models are. @param note what is said of a size beside its name */
export function SizeSelect({ note }: { note: (size: SizeId) => string }) {
  const control = useTrainingControl();
  const value = useTraining((state) => state.settings.size);
  return (
    <Select
      label="Parameters"
      value={value}
      options={sizeIds.map((size) => ({ value: size, label: note(size) }))}
      onChange={(next) => {
        const size = sizeIds.find((each) => each === next);
        if (size) control.change({ size });
      }}
    />
  );
}
