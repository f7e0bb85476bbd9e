/** What went wrong, in words. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = 'advice' in error && typeof error.advice === 'string' ? error.advice : '';
  return `${error.message} ${advice}`.trim();
}
