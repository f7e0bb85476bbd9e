/** Large, and needed by few: kept when it is first asked for. */
const onUse = /^(?:corpora|studies|wasm)\//;
/** Never asked for by a page: for hosts, or for addresses that do not exist. */
const never = /^(?:_headers|sw\.js|404\.html|_not-found(?:\.|\/)|.*\.map$)/;

/**
 * Splits the files of a built site into those that a service worker fetches at once and those that it
 * keeps on use, as paths that a page asks for: `learn.html` is `/learn`, `index.html` is `/`.
 *
 * @param files relative to the site, with forward slashes
 */
export function splitFiles(files: readonly string[]): {
  readonly now: readonly string[];
  readonly onUse: readonly string[];
} {
  const served = files.filter((file) => !never.test(file)).sort();
  return {
    now: served.filter((file) => !onUse.test(file)).map(pathOf),
    onUse: served.filter((file) => onUse.test(file)).map(pathOf),
  };
}

/** The path that a page's or another file is asked for by. */
export function pathOf(file: string): string {
  return `/${file.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '')}`;
}
