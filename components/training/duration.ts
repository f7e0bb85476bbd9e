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
