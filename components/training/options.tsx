'use client';

import { formatTokens, parseQuantity } from '../../lib/model/format';
import { backendNames } from '../../lib/training/engine';
/** Options of a training: size, tokens, device, and the expected duration. */
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

/** A duration in words to about two digits: `40 seconds`, `3.5 minutes`, `2.1 hours`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} seconds`;
  const minutes = seconds / 60;
  if (minutes < 90) return `${trimmed(minutes)} minutes`;
  return `${trimmed(minutes / 60)} hours`;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(2)));
}
