import { describe, expect, it } from 'vitest';
import { splitTables } from './split-tables';

describe('splitTables', () => {
  it('takes text without blank lines as one table, as it is', () => {
    expect(splitTables('a,b\n1,2\n')).toEqual([{ name: 'pasted text', text: 'a,b\n1,2\n' }]);
    expect(splitTables('')).toEqual([{ name: 'pasted text', text: '' }]);
  });

  it('parts tables at blank lines, however the lines end', () => {
    expect(splitTables('a,b\r\n1,2\r\n\r\n \r\nc,d\n3,4\n\n')).toEqual([
      { name: 'pasted table 1', text: 'a,b\r\n1,2' },
      { name: 'pasted table 2', text: 'c,d\n3,4' },
    ]);
  });

  it('keeps JSON together, and comments with their table', () => {
    const json = '{"run":"a"}\n\n{"run":"b"}\n';
    expect(splitTables(json)).toEqual([{ name: 'pasted text', text: json }]);
    expect(splitTables('# one\n\na,b\n1,2\n\n# two\n# three\n\nc,d\n3,4\n')).toEqual([
      { name: 'pasted table 1', text: '# one\na,b\n1,2' },
      { name: 'pasted table 2', text: '# two\n# three\nc,d\n3,4\n' },
    ]);
  });
});
