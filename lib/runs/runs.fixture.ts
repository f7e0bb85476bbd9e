import { runJob } from '../model/job';
import { buildStudyRuns } from './build';
import { RunsError } from './errors';
import { readTable } from './read-table';
import { recognise } from './recognise';
import type { BuildOptions, Recognition, StudyRuns } from './recognition';
import type { CsvTable } from './table';

/** Reads files given as name and text. */
export function tablesOf(files: Readonly<Record<string, string>>): CsvTable[] {
  return Object.entries(files).map(([name, text]) => runJob(readTable({ name, text })));
}

/** From files to a study as it is recognised, with corrections by hand if there are any. */
export function studyOf(
  files: Readonly<Record<string, string>>,
  options: BuildOptions = { acceptUnpaired: false },
  correct: (recognition: Recognition) => Recognition = (recognition) => recognition,
): StudyRuns {
  const tables = tablesOf(files);
  const recognition = correct(recognise(tables, options.base !== undefined));
  return runJob(buildStudyRuns(tables, recognition, options));
}

/** The refusal that `action` ends with; anything else fails the test. */
export function refusal(action: () => unknown): RunsError {
  try {
    action();
  } catch (error) {
    if (error instanceof RunsError) return error;
    throw error;
  }
  throw new Error('expected a refusal, but nothing was refused');
}

/** Ten runs of two domains and one target, as RegMix's pair; `edit` may change the rows. */
export function pair(
  edit: (rows: { mixtures: string[]; losses: string[] }) => void = () => {},
): Record<string, string> {
  const mixtures = Array.from({ length: 10 }, (_, run) => `${run + 1},0.${run},${(10 - run) / 10}`);
  const losses = Array.from({ length: 10 }, (_, run) => `${run + 1},${3 + run / 8}`);
  const rows = {
    mixtures: ['index,train_web,train_code', ...mixtures],
    losses: ['index,metric/web_val_loss', ...losses],
  };
  edit(rows);
  return {
    'train_mixture.csv': `${rows.mixtures.join('\n')}\n`,
    'train_loss.csv': `${rows.losses.join('\n')}\n`,
  };
}

/** Header of {@link wide}. */
export const wideHeader = 'id,train_web,train_code,web_loss';

/** Eight sound rows below {@link wideHeader}, as many as a fit needs. */
export const filler = Array.from({ length: 8 }, (_, run) => `f${run},0.5,0.5,3.${run}`);

/** A wide file of two domains and one target. */
export function wide(...rows: readonly string[]): string {
  return `${wideHeader}\n${rows.join('\n')}\n`;
}
