'use client';

import { FailedPage } from '../components/site/failed-page';

/** Shown instead of a page that could not be rendered. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <FailedPage problem={error.message} retry={reset} />;
}
