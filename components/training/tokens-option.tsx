'use client';

import { formatTokens } from '../../lib/format';
import { parseQuantity } from '../../lib/runs/quantity';
import { TypedOption } from '../ui/typed-option';
import { useTraining, useTrainingControl, useTrainingNoun } from './session';

const leastTokens = 1_000;
const mostTokens = 1e9;

/** How much text each model reads. @param usual taken when nothing is typed */
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
        return tokens !== null && tokens >= leastTokens && tokens <= mostTokens
          ? Math.round(tokens)
          : null;
      }}
      expected="an amount from 1K to 1B"
      onChange={(tokens) => control.change({ tokens: tokens ?? usual })}
    />
  );
}
