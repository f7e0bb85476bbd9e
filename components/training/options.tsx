'use client';

/** Options of a training: size, tokens and device. */
import { formatTokens, parseQuantity } from '../../lib/model/format';
import { backendNames } from '../../lib/training/engine';
import { type SizeId, sizeIds } from '../../lib/training/shape';
import { Select } from '../ui/controls';
import { TypedOption } from '../ui/typed-value';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

/** How large the models are. @param note remark on a size, shown beside its name */
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

const engines = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'] as const;

/** The backend that trains. */
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

const minTokens = 1_000;
const maxTokens = 1e9;

/** The number of tokens that each model reads. */
export function TokensOption({ usual }: { usual: number }) {
  const control = useTrainingControl();
  const { one } = useTrainingNoun();
  const value = useTraining((state) => state.settings.tokens);
  return (
    <TypedOption
      label={`Tokens per ${one}`}
      name={`bytes that each ${one} reads`}
      value={value}
      format={formatTokens}
      parse={(text) => {
        const tokens = parseQuantity(text);
        return tokens !== null && tokens >= minTokens && tokens <= maxTokens
          ? Math.round(tokens)
          : null;
      }}
      expected="an amount from 1K to 1B"
      onChange={(tokens) => control.change({ tokens: tokens ?? usual })}
    />
  );
}
