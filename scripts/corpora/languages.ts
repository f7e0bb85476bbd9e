import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { withoutNearDuplicates } from '../../lib/corpora/duplicates';
import { sourceAt } from '../licences';
import type { SourceCorpora } from './source';

const names: Readonly<Record<string, string>> = {
  en: 'English',
  cs: 'Czech',
  de: 'German',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  ja: 'Japanese',
  ko: 'Korean',
  pl: 'Polish',
  'pt-br': 'Portuguese',
  ru: 'Russian',
  tr: 'Turkish',
  'zh-cn': 'Chinese (simplified)',
  'zh-tw': 'Chinese (traditional)',
};

/**
 * The compiler's messages: one document per message, with the message's key as its id, so that a
 * message is training text in all languages or in none. Near-duplicates of another English message
 * are omitted from every language.
 */
export function readLanguages(root: string): SourceCorpora {
  const english = englishMessages(root);
  const distinct = withoutNearDuplicates([...english].map(([id, text]) => ({ id, text })));
  return {
    id: 'languages',
    name: 'Languages',
    description:
      'The messages of the TypeScript compiler in 14 languages: real text, small enough that tokens run out, and translations of one another, so that transfer between languages can be read off.',
    sources: [sourceAt(root, 'node_modules/typescript')],
    domains: Object.entries(names).map(([id, name]) => {
      const messages = id === 'en' ? english : translatedMessages(root, id);
      return {
        id: id.replace('-', '_'),
        name,
        source: `typescript, ${id === 'en' ? 'messages of the compiler' : `lib/${id}/diagnosticMessages.generated.json`}`,
        licence: 'Apache-2.0',
        documents: distinct.flatMap(({ id: key }) => {
          const text = messages.get(key);
          return text ? [{ id: key, text }] : [];
        }),
      };
    }),
  };
}

function englishMessages(root: string): Map<string, string> {
  const compiler: unknown = createRequire(resolve(root, 'package.json'))('typescript');
  const messages = new Map<string, string>();
  for (const each of Object.values(fieldOf(compiler, 'Diagnostics'))) {
    const { key, message } = Object(each);
    if (typeof key === 'string' && typeof message === 'string') messages.set(key, message);
  }
  if (messages.size < 1000) throw new Error('the compiler has no messages where they are expected');
  return messages;
}

function fieldOf(value: unknown, name: string): object {
  return Object(Object(value)[name]);
}

function translatedMessages(root: string, locale: string): Map<string, string> {
  const path = join(
    root,
    'node_modules/typescript/lib',
    locale,
    'diagnosticMessages.generated.json',
  );
  const read: Record<string, string> = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(Object.entries(read));
}
