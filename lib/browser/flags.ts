const lastDocumentKey = 'regmix-document';

/** Which document was open last in this browser; null when none was, or storage is blocked. */
export const lastDocument = {
  get(): string | null {
    try {
      return localStorage.getItem(lastDocumentKey);
    } catch {
      return null;
    }
  },
  set(id: string | null): void {
    try {
      if (id === null) localStorage.removeItem(lastDocumentKey);
      else localStorage.setItem(lastDocumentKey, id);
    } catch {
      // Storage is blocked: the page opens with the built-in study.
    }
  },
};

/** Runs before the first paint: a page that is about to open a study of the reader's own says so. */
export const openingScript = `(function () {
  try {
    if (localStorage.getItem('${lastDocumentKey}')) document.documentElement.dataset.opening = 'true';
  } catch (error) {}
})();`;
