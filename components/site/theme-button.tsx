'use client';

import { toggleTheme } from '../explorer/theme';

/** Switches between light and dark. */
export function ThemeButton() {
  return (
    <button type="button" onClick={toggleTheme}>
      Theme
    </button>
  );
}
