'use client';

import { FailedPage } from '../components/site/failed-page';
import './styles/base.css';
import './styles/ui.css';
import './styles/stages.css';

/** Shown instead of everything when the root layout fails. */
export default function GlobalError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en" data-theme="light" suppressHydrationWarning>
      <body>
        <FailedPage problem={error.message} retry={reset} />
      </body>
    </html>
  );
}
