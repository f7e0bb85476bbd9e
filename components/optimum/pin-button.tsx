'use client';

/** Pins a domain where it is, or takes the pin out. */
export default function PinButton({
  name,
  isPinned,
  onToggle,
}: {
  name: string;
  isPinned: boolean;
  onToggle: () => void;
}) {
  return (
    <button
      type="button"
      className="pin-button"
      aria-pressed={isPinned}
      aria-label={`${name} pinned`}
      title={isPinned ? 'Unpin' : 'Pin at this weight'}
      // Arrow keys on the mark pin, too: one stop per row is enough.
      tabIndex={isPinned ? 0 : -1}
      onClick={onToggle}
    >
      <svg aria-hidden="true" width={16} height={16} viewBox="0 0 16 16">
        <path
          d="M8 9v6M5 2h6M6 2v3.5l-2 3.5h8l-2 -3.5V2"
          fill={isPinned ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeLinejoin="round"
        />
      </svg>
    </button>
  );
}
