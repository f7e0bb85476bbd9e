'use client';

import { backendNames } from '../../lib/training/engine';
import { Select } from '../ui/select';
import { useTraining, useTrainingControl } from './session';

const engines = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'] as const;

/** Which backend trains. */
export function TrainBy() {
  const control = useTrainingControl();
  const value = useTraining((state) => state.settings.engine);
  return (
    <Select
      label="Train by"
      value={value}
      options={engines.map((engine) => ({
        value: engine,
        label: engine === 'auto' ? 'the fastest here' : backendNames[engine],
      }))}
      onChange={(next) => {
        const engine = engines.find((each) => each === next);
        if (engine) control.change({ engine });
      }}
    />
  );
}
