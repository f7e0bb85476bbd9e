export type Theme = 'light' | 'dark';

const storageKey = 'regmix-theme';

/** Sets the theme before the first paint, the one chosen last, else the system's, which it then follows. */
export const themeScript = `(function () {
  var system = matchMedia('(prefers-color-scheme: dark)');
  function set() {
    var chosen = null;
    try { chosen = localStorage.getItem('${storageKey}'); } catch (error) {}
    if (chosen !== 'light' && chosen !== 'dark') chosen = system.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = chosen;
  }
  set();
  system.addEventListener('change', set);
})();`;

/** Switches between light and dark and remembers the choice where the browser lets it. */
export function toggleTheme(): Theme {
  const root = document.documentElement;
  const theme: Theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  root.dataset.theme = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
  return theme;
}
