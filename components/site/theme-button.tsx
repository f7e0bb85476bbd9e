'use client';

import { toggleTheme } from '../../lib/browser/first-paint';

/** Switches between light and dark. */
export function ThemeButton() {
  return (
    <button type="button" onClick={toggleTheme}>
      Theme
    </button>
  );
}
