/**
 * The custom properties that the page's style sheets give its root in the light theme, by name:
 * `--ink` -> `#16181d`.
 */
export function lightTheme(): Map<string, string> {
  const found = new Map<string, string>();
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSStyleRule) || rule.selectorText !== ':root') continue;
      for (const name of rule.style) {
        if (name.startsWith('--')) found.set(name, rule.style.getPropertyValue(name).trim());
      }
    }
  }
  return found;
}
