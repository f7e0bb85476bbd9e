/** The options that correct what was recognised of the columns of files, as the page's dialog does. */
import { formatList } from '../../lib/model/format';
import { type Corrections, corrected } from '../../lib/runs/corrections';
import { doubtfulTargets, type Recognition } from '../../lib/runs/recognition';
import { choice, pair } from './arguments';

/** Options of every command that reads runs. */
export const columnOptions = {
  'weights-columns': { type: 'string', multiple: true },
  targets: { type: 'string', multiple: true },
  drop: { type: 'string', multiple: true },
  id: { type: 'string' },
  higher: { type: 'string', multiple: true },
  lower: { type: 'string', multiple: true },
  direction: { type: 'string', multiple: true },
} as const;

/** What was given of {@link columnOptions}. */
export interface ColumnArguments {
  readonly 'weights-columns'?: readonly string[];
  readonly targets?: readonly string[];
  readonly drop?: readonly string[];
  readonly id?: string;
  readonly higher?: readonly string[];
  readonly lower?: readonly string[];
  readonly direction?: readonly string[];
}

/** What of it was given, without other options. */
export function columnArguments(options: ColumnArguments): ColumnArguments {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => name in columnOptions && value !== undefined),
  );
}

const directions = ['lower', 'higher'] as const;

/**
 * The recognition with what the options say.
 * @throws UsageError at a direction that is none
 * @throws RunsError where no column or target has a name that is given
 */
export function correctColumns(recognition: Recognition, options: ColumnArguments): Recognition {
  const corrections: Corrections = {
    weights: options['weights-columns'],
    targets: options.targets,
    drop: options.drop,
    id: options.id,
    directions: [
      ...directions.flatMap((direction) =>
        (options[direction] ?? []).map((target) => ({ target, direction })),
      ),
      ...(options.direction ?? []).map((text) => {
        const [target, said] = pair(text, '--direction');
        return { target, direction: choice(said, '--direction', directions) ?? 'lower' };
      }),
    ],
  };
  return corrected(recognition, corrections);
}

const mostNamed = 5;

/** What to ask about targets whose direction is only assumed; a line for each direction. */
export function directionQuestions(recognition: Recognition): string[] {
  const doubtful = doubtfulTargets(recognition);
  return directions.flatMap((direction) => {
    const headers = doubtful.filter((column) => column.direction === direction);
    if (headers.length === 0) return [];
    const named = headers.slice(0, mostNamed).map(({ header }) => header);
    const rest = headers.length - named.length;
    const names = formatList(rest > 0 ? [...named, `${rest} more`] : named);
    const example = named[0].includes(',') || named[0].includes(' ') ? `"${named[0]}"` : named[0];
    return [
      `${names}: nothing says which way is better, ${direction} is assumed; set it with --higher ${example} or --lower ${example}`,
    ];
  });
}
