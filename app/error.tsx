'use client';

import { FailedPage } from '../components/site/failed-page';

/** Stands in the place of a page that could not be drawn. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <FailedPage problem={error.message} retry={reset} />;
}
