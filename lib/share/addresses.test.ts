import { expect, test } from 'vitest';
import { canonicalAddress, isInOwnNetwork } from './addresses';

test.each([
  'https://localhost/a.csv',
  'https://files.localhost:8443/a.csv',
  'https://printer.local/a.csv',
  'https://nas/a.csv',
  'https://wiki.corp/a.csv',
  'https://127.0.0.1/a.csv',
  'https://2130706433/a.csv',
  'https://0x7f.1/a.csv',
  'https://0/a.csv',
  'https://10.1.2.3/a.csv',
  'https://100.64.0.1/a.csv',
  'https://169.254.169.254/latest/meta-data',
  'https://172.31.255.255/a.csv',
  'https://192.168.1.1/a.csv',
  'https://[::1]/a.csv',
  'https://[::]/a.csv',
  'https://[fe80::1]/a.csv',
  'https://[fd12:3456::1]/a.csv',
  'https://[::ffff:192.168.0.1]/a.csv',
  'https://[64:ff9b::10.0.0.1]/a.csv',
  'https://router.home.arpa./a.csv',
])('%s is in the own network', (url) => {
  expect(isInOwnNetwork(url)).toBe(true);
});

test.each([
  'https://raw.githubusercontent.com/a.csv',
  'https://example.org./a.csv',
  'https://local.example.org/a.csv',
  'https://8.8.8.8/a.csv',
  'https://172.32.0.1/a.csv',
  'https://100.128.0.1/a.csv',
  'https://11.0.0.1/a.csv',
  'https://[2001:db8::1]/a.csv',
  'https://[::ffff:8.8.8.8]/a.csv',
])('%s is not', (url) => {
  expect(isInOwnNetwork(url)).toBe(false);
});

test('an address is shown as it is requested', () => {
  expect(canonicalAddress('https://EXAMPLE.org:443/a/../b c.csv')).toBe(
    'https://example.org/b%20c.csv',
  );
  // A Cyrillic letter that looks like a Latin one.
  expect(canonicalAddress('https://ex\u0430mple.org/')).toBe('https://xn--exmple-4nf.org/');
});
