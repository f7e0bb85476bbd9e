import type { Advice } from '../../lib/model/limits';
import type { Grade } from '../../lib/optimum/verdict';

const marks: Readonly<Record<Grade, { color: string; filled: boolean; dash?: string }>> = {
  holds: { color: 'var(--good)', filled: true },
  partly: { color: 'var(--human)', filled: false },
  fails: { color: 'var(--danger)', filled: false, dash: '2 1.5' },
  unknown: { color: 'var(--prior)', filled: false },
};

/** The grade that an advice comes to. */
export const gradeOfAdvice: Readonly<Record<Advice['verb'], Grade>> = {
  train: 'holds',
  try: 'partly',
  none: 'unknown',
};

/** A full disc, a ring, a broken ring, or a faint ring: the words beside it say the same. */
export function GradeMark({ grade }: { grade: Grade }) {
  const { color, filled, dash } = marks[grade];
  return (
    <svg className="grade-mark" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <circle
        cx="5"
        cy="5"
        r="3.75"
        fill={filled ? color : 'none'}
        stroke={color}
        strokeWidth="2"
        strokeDasharray={dash}
      />
    </svg>
  );
}
