import { linkPrefix } from '../model/text-kinds';
import { lastStudyFlag, lessonFlag, themeFlag } from './flags';

/**
 * Inline scripts that set attributes of the root element before the first paint, for the styles to use, and
 * functions that change these attributes later.
 */

/** Sets the theme: the one chosen last, else the system's, following its changes. */
const themeScript = `(function () {
  var system = matchMedia('(prefers-color-scheme: dark)');
  function set() {
    var chosen = null;
    try { chosen = localStorage.getItem('${themeFlag.key}'); } catch (error) {}
    if (chosen !== 'light' && chosen !== 'dark') chosen = system.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = chosen;
  }
  set();
  system.addEventListener('change', set);
})();`;

/** Marks a page that is about to open a saved or linked study. */
const openingScript = `(function () {
  try {
    if (localStorage.getItem('${lastStudyFlag.key}')) document.documentElement.dataset.opening = 'true';
  } catch (error) {}
})();`;

/**
 * Hides a page that may have to hide its answer until that is known, since the prerendered page contains the
 * answer.
 */
const veilScript = `(function () {
  var lesson = null;
  try { lesson = sessionStorage.getItem('${lessonFlag.key}'); } catch (error) {}
  if (lesson || location.hash.indexOf('${linkPrefix}') === 0) document.documentElement.dataset.veiled = 'true';
})();`;

export const firstPaintScript = `${themeScript}${openingScript}${veilScript}`;

/** Switches between light and dark, and stores the choice where the browser allows it. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  root.dataset.theme = theme;
  themeFlag.set(theme);
}

/** Removes the mark of a page that is about to open a study. */
export function endOpening(): void {
  delete document.documentElement.dataset.opening;
}

/** Shows a page that was hidden by the veil script. */
export function unveil(): void {
  delete document.documentElement.dataset.veiled;
}
