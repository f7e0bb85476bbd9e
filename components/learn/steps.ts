import type { ComponentType } from 'react';
import type { StepProps } from './lesson';
import { CapStep } from './step-cap';
import { DrawStep } from './step-draw';
import { FitStep } from './step-fit';
import { InsightsStep } from './step-insights';
import { LawStep } from './step-law';
import { OptimumStep } from './step-optimum';
import { PaperStep } from './step-paper';
import { ProxiesStep } from './step-proxies';
import { QuestionStep } from './step-question';
import { ScaleStep } from './step-scale';

/** One step of the tour. */
export interface Step {
  /** In the address after `#`. */
  readonly id: string;
  readonly title: string;
  readonly Body: ComponentType<StepProps>;
}

/** In the order in which they are taken. */
export const steps: readonly Step[] = [
  { id: 'question', title: 'The question', Body: QuestionStep },
  { id: 'draw', title: 'Draw mixtures', Body: DrawStep },
  { id: 'proxies', title: 'Watch proxies learn', Body: ProxiesStep },
  { id: 'fit', title: 'Fit a regression', Body: FitStep },
  { id: 'law', title: 'Meet the law', Body: LawStep },
  { id: 'optimum', title: 'The best mixture', Body: OptimumStep },
  { id: 'cap', title: 'Run out of tokens', Body: CapStep },
  { id: 'scale', title: 'Does it hold for larger models?', Body: ScaleStep },
  { id: 'insights', title: 'What the paper learnt', Body: InsightsStep },
  { id: 'paper', title: 'An example on the paper’s runs', Body: PaperStep },
];
