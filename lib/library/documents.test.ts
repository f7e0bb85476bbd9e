import { describe, expect, it } from 'vitest';
import { createStudyStore } from '../session/study-store';
import { revisionOf } from '../study/identity';
import { smallSession } from '../study/session.fixture';
import { parseSession, sessionToJson } from '../study/session-file';
import {
  type DocumentHead,
  type DocumentNews,
  type DocumentStorage,
  type NewsChannel,
  parseNews,
} from './document';
import { createDocuments } from './documents';
import { createDocumentsStore, savingSummary } from './documents-state';

/** A browser: one storage and one channel for all of its tabs, and timers that are run by hand. */
function createBrowser() {
  const heads = new Map<string, DocumentHead>();
  const texts = new Map<string, unknown>();
  const channels = new Set<NewsChannel>();
  let failure: Error | null = null;
  let last: string | null = null;
  let clock = 0;
  const writes: string[] = [];

  const attempt = () => {
    if (failure) throw failure;
  };
  const storage: DocumentStorage = {
    heads: async () => {
      attempt();
      return [...heads.values()];
    },
    text: async (id) => {
      attempt();
      return texts.get(id);
    },
    write: async (head, text, base) => {
      attempt();
      if ((heads.get(head.id)?.revision ?? base) !== base) return false;
      heads.set(head.id, head);
      texts.set(head.id, text);
      writes.push(head.id);
      return true;
    },
    remove: async (id) => {
      attempt();
      const head = heads.get(id);
      const removed = head ? { head, text: texts.get(id) } : null;
      heads.delete(id);
      texts.delete(id);
      return removed;
    },
  };

  function openTab(listens = true) {
    const study = createStudyStore(smallSession('built-in'));
    const state = createDocumentsStore();
    let waiting: (() => void) | null = null;
    let persisted = 0;
    const channel: NewsChannel = {
      onmessage: null,
      close: () => channels.delete(channel),
      postMessage: (news: DocumentNews) => {
        for (const other of channels) {
          if (other !== channel) other.onmessage?.({ data: news } as MessageEvent);
        }
      },
    };
    if (listens) channels.add(channel);
    const documents = createDocuments(study, state, {
      storage,
      channel,
      last: {
        get: () => last,
        set: (id) => {
          last = id;
        },
      },
      write: async (session) => sessionToJson(session),
      read: async (text) => parseSession(typeof text === 'string' ? text : await text.text()),
      now: () => ++clock,
      persist: () => {
        persisted++;
      },
      later: (run) => {
        waiting = run;
        return () => {
          waiting = null;
        };
      },
    });
    return {
      study,
      state,
      documents,
      isWaiting: () => waiting !== null,
      persisted: () => persisted,
      topK: () => study.getState().session.settings.topK,
      edit: (topK: number) => study.editSettings({ topK }),
    };
  }
  return {
    openTab,
    storage,
    heads,
    texts,
    writes,
    fail: (error: Error | null) => {
      failure = error;
    },
  };
}

/** Waits until messages of other tabs are read. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('documents', () => {
  it('saves nothing of a study that was not edited', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    await tab.documents.flush();
    expect(browser.heads.size).toBe(0);
    expect(tab.state.getState().status).toBe('untouched');
    tab.edit(7);
    expect(tab.state.getState().status).toBe('unsaved');
    tab.study.undo();
    expect(tab.state.getState().status).toBe('untouched');
    expect(tab.isWaiting()).toBe(false);
  });

  it('opens what was edited last in a fresh page, without its history', async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    expect(first.isWaiting()).toBe(true);
    await first.documents.flush();
    expect(savingSummary(first.state.getState())).toBe('Saved');
    expect(first.persisted()).toBe(1);
    first.edit(8);
    await first.documents.flush();
    expect(browser.heads.size).toBe(1);
    first.documents.stop();

    const second = browser.openTab();
    await second.documents.start();
    expect(second.study.getState().session).toEqual(first.study.getState().session);
    expect(second.study.getState().past).toEqual([]);
    expect(second.state.getState().status).toBe('saved');
    await second.documents.flush();
    expect(browser.writes).toHaveLength(2);
  });

  it('opens, duplicates and brings back what is stored as a Blob, as long studies are', async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    await first.documents.flush();
    first.documents.stop();
    const [id] = browser.texts.keys();
    browser.texts.set(id, new Blob([String(browser.texts.get(id))]));

    const second = browser.openTab();
    await second.documents.start();
    expect(second.topK()).toBe(7);
    await second.documents.duplicate(id);
    expect(browser.texts.size).toBe(2);
    const [head] = (await second.documents.list()).filter((each) => each.id === id);
    const deleted = await second.documents.remove(head);
    await second.documents.restore(deleted);
    expect(browser.texts.get(id)).toBe(deleted.text);
    browser.texts.set(id, 7);
    await expect(second.documents.textOf(id)).rejects.toThrow('no longer saved');
  });

  it('saves edits that come while it saves, and goes back with undo', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.edit(7);
    const saving = tab.documents.flush();
    await Promise.resolve();
    tab.edit(9);
    await saving;
    expect(tab.state.getState().status).toBe('unsaved');
    await tab.documents.flush();
    const [text] = browser.texts.values();
    expect(text).toContain('"topK":9');
    tab.study.undo();
    await tab.documents.flush();
    expect([...browser.texts.values()][0]).toContain('"topK":7');
    expect(browser.heads.size).toBe(1);
  });

  it('opens another study as another document, and undo goes back to the first', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.edit(7);
    await tab.documents.openAsNew(smallSession('linked'), 'From a link');
    expect([...browser.heads.values()].map(({ name }) => name)).toEqual([
      'Small study',
      'From a link',
    ]);
    const [own] = browser.heads.keys();
    const before = browser.texts.get(own);
    tab.edit(11);
    await tab.documents.flush();
    expect(browser.texts.get(own)).toBe(before);
    tab.study.undo();
    tab.study.undo();
    expect(tab.study.getState().session.document).toBe(own);
    expect(tab.topK()).toBe(7);
    await tab.documents.open([...browser.heads.keys()][1]);
    expect(tab.study.getState().session.study.name).toBe('From a link');
  });

  it.each(['saved before', 'never saved'])(
    'saves the last edit of a study that another one replaces: %s',
    async (what) => {
      const browser = createBrowser();
      const tab = browser.openTab();
      await tab.documents.start();
      if (what === 'saved before') {
        tab.edit(7);
        await tab.documents.flush();
      }
      tab.edit(9);
      // As an example or a link does, before the edit was saved.
      tab.study.open(smallSession('example'));
      await tab.documents.flush();
      const saved = [...browser.texts.values()].map(
        (text) => /"topK":(\d+)/.exec(String(text))?.[1],
      );
      expect(saved[0]).toBe('9');
      expect(saved).toHaveLength(2);
      // Gone back to, it is the document that was saved.
      tab.study.undo();
      const [own] = browser.heads.keys();
      expect(tab.study.getState().session.document).toBe(own);
      await tab.documents.flush();
      expect(browser.heads.size).toBe(2);
    },
  );

  it('reports when the last edit of a study that is left cannot be saved', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.edit(7);
    await tab.documents.flush();
    tab.edit(9);
    browser.fail(Object.assign(new Error('no room'), { name: 'QuotaExceededError' }));
    tab.study.open(smallSession('example'));
    await tab.documents.flush();
    expect(tab.state.getState().notice).toContain('“Small study” are not saved (storage is full)');
    expect(tab.state.getState().status).toBe('failed');
  });

  it('saves nothing of an opening that was undone before it was saved', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.study.open(smallSession('example'));
    tab.study.undo();
    await tab.documents.flush();
    expect(browser.heads.size).toBe(0);
  });

  it('does not save the study that came with the page when undo goes back to it', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    await tab.documents.openAsNew(smallSession('linked'), 'From a link');
    tab.study.undo();
    await tab.documents.flush();
    expect(browser.heads.size).toBe(1);
    expect(tab.state.getState().status).toBe('untouched');
  });

  it('reports that storage is full or closed, and saves once it can', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    browser.fail(new DOMException('no room', 'QuotaExceededError'));
    await tab.documents.start();
    tab.edit(7);
    await tab.documents.flush();
    expect(savingSummary(tab.state.getState())).toBe('Not saved: storage is full');
    browser.fail(new Error('storage is closed'));
    tab.edit(8);
    await tab.documents.flush();
    expect(savingSummary(tab.state.getState())).toContain('storage is closed');
    expect(tab.topK()).toBe(8);
    browser.fail(null);
    tab.edit(9);
    await tab.documents.flush();
    expect(savingSummary(tab.state.getState())).toBe('Saved');
    expect(browser.heads.size).toBe(1);
  });

  it('reports an entry that cannot be read and does not change it', async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    await first.documents.flush();
    const [id] = browser.heads.keys();
    browser.texts.set(id, '{"format":"regmix-study","version":1}');
    const second = browser.openTab();
    await second.documents.start();
    expect(second.state.getState()).toMatchObject({ status: 'untouched' });
    expect(second.state.getState().notice).toContain('cannot be read');
    await expect(second.documents.open(id)).rejects.toThrow(/at study, found/);
    expect(await second.documents.textOf(id)).toContain('regmix-study');
    second.edit(12);
    await second.documents.flush();
    expect(browser.texts.get(id)).toBe('{"format":"regmix-study","version":1}');
    expect(browser.heads.size).toBe(2);
  });

  it('starts afresh on request, but not with unsaved work', async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    browser.fail(new Error('storage is closed'));
    await expect(first.documents.leave()).rejects.toThrow(/not saved/);
    browser.fail(null);
    await first.documents.leave();
    const second = browser.openTab();
    await second.documents.start();
    expect(second.state.getState().status).toBe('untouched');
    expect(second.topK()).not.toBe(7);
    expect(browser.heads.size).toBe(1);
  });

  it('saves a name that can be read again, whatever was pasted with it', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.edit(7);
    await tab.documents.flush();
    const [id] = browser.heads.keys();
    await tab.documents.rename(id, 'Mi\u200bne\n ');
    await tab.documents.openAsNew(smallSession('linked'), 'From a link');
    await tab.documents.rename(id, '\ufeffIts name\u2028again');
    await tab.documents.open(id);
    expect(tab.study.getState().session.study.name).toBe('Its name again');
    await tab.documents.rename(id, '\u200b');
    expect(tab.study.getState().session.study.name).toBe('Its name again');
  });

  it('renames, duplicates, deletes and brings back', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    tab.edit(7);
    await tab.documents.flush();
    const [id] = browser.heads.keys();
    await tab.documents.rename(id, 'Mine');
    expect(tab.study.getState().session.study.name).toBe('Mine');
    await tab.documents.duplicate(id);
    const [copy] = await tab.documents.list();
    expect(copy.name).toBe('Mine (copy)');
    const idOf = (document: string) => parseSession(browser.texts.get(document)).study.id;
    expect(idOf(id)).toBe(tab.study.getState().session.study.id);
    expect(idOf(copy.id)).not.toBe(idOf(id));
    await tab.documents.rename(copy.id, 'Other');
    const saved = browser.texts.get(copy.id);
    const [head] = await tab.documents.list();
    const deleted = await tab.documents.remove(head);
    expect(browser.heads.size).toBe(1);
    await tab.documents.restore(deleted);
    expect(browser.texts.get(copy.id)).toBe(saved);
    expect(browser.heads.get(copy.id)).toEqual(head);
  });

  it('keeps the study that it is through saving, undo, deleting and bringing back', async () => {
    const browser = createBrowser();
    const tab = browser.openTab();
    await tab.documents.start();
    const { study } = tab.study.getState().session;
    tab.edit(7);
    await tab.documents.flush();
    const [head] = await tab.documents.list();
    const deleted = await tab.documents.remove(head);
    await tab.documents.restore(deleted);
    tab.study.undo();
    tab.study.redo();
    await tab.documents.open(head.id);
    const { session } = tab.study.getState();
    expect(session.study.id).toBe(study.id);
    // Read anew from storage: fits of the same runs are found again.
    expect(session.study.training).not.toBe(study.training);
    expect(revisionOf(session.study)).toBe(revisionOf(study));
  });
});

describe('undo of a delete', () => {
  /** One study that was saved, deleted in the first tab and saved again by the second. */
  async function deletedHereEditedThere() {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    await first.documents.flush();
    const second = browser.openTab();
    await second.documents.start();
    const [head] = await first.documents.list();
    const deleted = await first.documents.remove(head);
    second.edit(9);
    await second.documents.flush();
    expect(browser.heads.get(head.id)?.revision).toBe(2);
    return { browser, first, id: head.id, deleted };
  }

  it('comes back as a copy when another tab saved the study again meanwhile', async () => {
    const { browser, first, id, deleted } = await deletedHereEditedThere();
    await first.documents.restore(deleted);
    expect(browser.texts.get(id)).toContain('"topK":9');
    const [copy] = (await first.documents.list()).filter((each) => each.id !== id);
    expect(copy.name).toBe('Small study (copy)');
    await first.documents.open(copy.id);
    expect(first.topK()).toBe(7);
    expect(first.study.getState().session.study.name).toBe('Small study (copy)');
  });

  it('is restored as a copy even if it cannot be read', async () => {
    const { browser, first, id, deleted } = await deletedHereEditedThere();
    await first.documents.restore({ ...deleted, text: '{"format":"regmix-study"' });
    const [copy] = (await first.documents.list()).filter((each) => each.id !== id);
    expect(copy.name).toBe('Small study (copy)');
    expect(browser.texts.get(copy.id)).toBe('{"format":"regmix-study"');
  });

  it('brings back what was deleted, not what was listed before another tab saved it', async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    await first.documents.start();
    first.edit(7);
    await first.documents.flush();
    const second = browser.openTab();
    await second.documents.start();
    const [listed] = await first.documents.list();
    // Saved by the other tab after the text was read and before it was deleted.
    const { remove } = browser.storage;
    browser.storage.remove = async (id) => {
      second.edit(9);
      await second.documents.flush();
      return remove(id);
    };
    const deleted = await first.documents.remove(listed);
    expect(browser.heads.size).toBe(0);
    await first.documents.restore(deleted);
    expect(browser.texts.get(listed.id)).toContain('"topK":9');
    expect(browser.heads.get(listed.id)?.revision).toBe(2);
    // The other tab goes on with its study, not with a copy.
    second.edit(10);
    await second.documents.flush();
    expect([...browser.heads.keys()]).toEqual([listed.id]);
  });
});

describe('two tabs on one study', () => {
  async function openTwo(listens: boolean) {
    const browser = createBrowser();
    const first = browser.openTab(listens);
    await first.documents.start();
    first.edit(7);
    await first.documents.flush();
    const second = browser.openTab(listens);
    await second.documents.start();
    return { browser, first, second };
  }

  it('lets a tab without edits of its own follow', async () => {
    const { browser, first, second } = await openTwo(true);
    first.edit(8);
    await first.documents.flush();
    await settle();
    expect(second.topK()).toBe(8);
    expect(second.state.getState().notice).toContain('shows the change');
    const [one, other] = [first, second].map((tab) => tab.study.getState().session.study);
    expect(other.id).toBe(one.id);
    expect(revisionOf(other)).toBe(revisionOf(one));
    second.edit(9);
    await second.documents.flush();
    await settle();
    expect(first.topK()).toBe(9);
    expect(browser.heads.size).toBe(1);
  });

  it('never writes over what the other tab saved while this one followed', async () => {
    const { browser, first, second } = await openTwo(true);
    const { text } = browser.storage;
    let meanwhile: (() => Promise<void>) | null = async () => {
      first.edit(9);
      await first.documents.flush();
    };
    browser.storage.text = async (id) => {
      const read = await text(id);
      const save = meanwhile;
      meanwhile = null;
      await save?.();
      return read;
    };
    first.edit(8);
    await first.documents.flush();
    await settle();
    expect(second.topK()).toBe(9);
    second.edit(10);
    await second.documents.flush();
    expect(browser.heads.size).toBe(1);
  });

  it.each([true, false])('saves edits of both, listening to each other: %s', async (listens) => {
    const { browser, first, second } = await openTwo(listens);
    second.edit(9);
    first.edit(8);
    await first.documents.flush();
    await settle();
    expect(second.topK()).toBe(9);
    await second.documents.flush();
    expect(second.state.getState()).toMatchObject({ status: 'saved' });
    expect(second.state.getState().notice).toContain('was saved as a copy');
    const names = (await first.documents.list()).map(({ name }) => name);
    expect(names).toEqual(['Small study (copy)', 'Small study']);
    expect(
      [...browser.texts.values()].map((text) => /"topK":(\d+)/.exec(String(text))?.[1]),
    ).toEqual(['8', '9']);
    expect(first.topK()).toBe(8);
    const ids = [...browser.texts.values()].map((text) => parseSession(text).study.id);
    expect(new Set(ids).size).toBe(2);
    const [mine, theirs] = [second, first].map((tab) => tab.study.getState().session.study.id);
    expect(ids).toEqual([theirs, mine]);
  });

  it('brings back what the other tab deleted once it is edited here', async () => {
    const { browser, first, second } = await openTwo(true);
    const [head] = await first.documents.list();
    await first.documents.remove(head);
    await settle();
    second.edit(9);
    expect(savingSummary(second.state.getState())).toBe('Saving…');
    await second.documents.flush();
    expect(browser.heads.get(head.id)?.revision).toBe(2);
    expect(savingSummary(second.state.getState())).toBe('Saved');
    // The deletion is past: undo leads to a session that is saved, too.
    second.study.undo();
    await second.documents.flush();
    expect(browser.heads.get(head.id)?.revision).toBe(3);
    expect(savingSummary(second.state.getState())).toBe('Saved');
  });

  it('reports a study on view that the other tab deleted as not saved', async () => {
    const { browser, first, second } = await openTwo(true);
    const [head] = await first.documents.list();
    await first.documents.remove(head);
    await settle();
    expect(second.state.getState().status).toBe('unsaved');
    expect(savingSummary(second.state.getState())).toBe('Not saved: deleted in another tab');
    expect(second.state.getState().notice).toContain('deleted in another tab');
    // Neither hiding the tab nor an edit that is undone at once saves it again.
    await second.documents.flush();
    second.edit(9);
    second.study.undo();
    await second.documents.flush();
    expect(browser.heads.size).toBe(0);
    expect(savingSummary(second.state.getState())).toBe('Not saved: deleted in another tab');
  });

  it('reports a study with unsaved edits as deleted, and saves them', async () => {
    const { browser, first, second } = await openTwo(true);
    const [head] = await first.documents.list();
    second.edit(9);
    await first.documents.remove(head);
    await settle();
    expect(second.state.getState().notice).toContain('deleted in another tab');
    await second.documents.flush();
    expect(savingSummary(second.state.getState())).toBe('Saved');
    expect(second.state.getState().notice).toBe('');
    expect(browser.texts.get(head.id)).toContain('"topK":9');
  });

  it('shows a study as saved once its deletion in the other tab is undone', async () => {
    const { browser, first, second } = await openTwo(true);
    const [head] = await first.documents.list();
    const deleted = await first.documents.remove(head);
    await settle();
    await first.documents.restore(deleted);
    await settle();
    expect(savingSummary(second.state.getState())).toBe('Saved');
    expect(second.state.getState().notice).toContain('restored');
    second.edit(9);
    await second.documents.flush();
    expect([...browser.heads.keys()]).toEqual([head.id]);
  });

  it('reports after a reload that the last study is deleted, once', async () => {
    const { first, browser } = await openTwo(true);
    const [head] = await first.documents.list();
    await first.documents.remove(head);
    const reloaded = browser.openTab();
    await reloaded.documents.start();
    expect(reloaded.state.getState()).toMatchObject({
      status: 'untouched',
      notice: 'The last study is no longer saved here.',
    });
    const again = browser.openTab();
    await again.documents.start();
    expect(again.state.getState().notice).toBe('');
  });

  it('reports a last study that is deleted while it is being opened', async () => {
    const { first, browser } = await openTwo(true);
    const [head] = await first.documents.list();
    const { text } = browser.storage;
    browser.storage.text = async (id) => {
      browser.storage.text = text;
      await first.documents.remove(head);
      return text(id);
    };
    const reloaded = browser.openTab();
    await reloaded.documents.start();
    expect(reloaded.state.getState().notice).toBe('The last study is no longer saved here.');
  });

  it('does not claim a copy that could not be written', async () => {
    const { browser, first, second } = await openTwo(false);
    second.edit(9);
    first.edit(8);
    await first.documents.flush();
    const { write } = browser.storage;
    browser.storage.write = async (head, text, base) => {
      if (base === 0) throw new Error('storage is closed');
      return write(head, text, base);
    };
    await second.documents.flush();
    expect(browser.heads.size).toBe(1);
    expect(savingSummary(second.state.getState())).toContain('storage is closed');
    expect(second.state.getState().notice).toBe('');
    browser.storage.write = write;
    second.edit(10);
    await second.documents.flush();
    expect(savingSummary(second.state.getState())).toBe('Saved');
    expect(browser.heads.size).toBe(2);
  });
});

describe('news of other tabs', () => {
  it.each([
    { kind: 'saved', id: 'a', revision: 2 },
    { kind: 'deleted', id: 'a' },
  ])('reads $kind', (news) => {
    expect(parseNews(news)).toEqual(news);
  });

  it.each([
    null,
    'deleted',
    { kind: 'renamed', id: 'a' },
    { kind: 'deleted' },
    { kind: 'deleted', id: '' },
    { kind: 'deleted', id: 'a'.repeat(101) },
    { kind: 'saved', id: 'a' },
    { kind: 'saved', id: 'a', revision: 0.5 },
  ])('ignores what it does not know: %j', (news) => {
    expect(parseNews(news)).toBeNull();
  });

  it('is counted, whichever study it is about', async () => {
    const browser = createBrowser();
    const [first, second] = [browser.openTab(), browser.openTab()];
    await first.documents.start();
    await second.documents.start();
    first.edit(7);
    await first.documents.flush();
    expect(second.state.getState().news).toBe(1);
    const [head] = await first.documents.list();
    const deleted = await first.documents.remove(head);
    expect(second.state.getState().news).toBe(2);
    await first.documents.restore(deleted);
    expect(second.state.getState().news).toBe(3);
    expect(first.state.getState().news).toBe(0);
  });
});
