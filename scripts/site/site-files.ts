/** Large and rarely needed files: cached on first use. */
const onUse = /^(?:(?:corpora|studies|wasm)\/|licences\.txt$)/;
/** Files that no page requests: for hosts, or for addresses that do not exist. */
const never = /^(?:_headers|sw\.js|404\.html|_not-found(?:\.|\/)|.*\.map$)/;

/**
 * Splits the files of a built site into those that a service worker fetches at once and those that
 * it caches on use, as the paths that a page requests: `learn.html` is `/learn`, `index.html` is
 * `/`.
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

/** The path by which a page or another file is requested. */
export function pathOf(file: string): string {
  return `/${file.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '')}`;
}
