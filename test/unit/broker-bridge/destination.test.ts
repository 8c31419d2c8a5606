import { describe, expect, test } from 'vitest';
import {
  isPublic,
  readDestination,
  resolveDestination,
  type Resolve,
} from '../../../broker-bridge/outbound/destination.ts';

const rules = { allowedHosts: new Set<string>(), isHttpAllowed: false };

const notPublic = 'not on the public internet';

describe('a URL is refused', () => {
  test.each([
    ['ftp://example.com/', 'must begin with https'],
    ['file:///etc/passwd', 'must begin with https'],
    ['http://example.com/', 'http:// is for development'],
    ['example.com/hooks', 'It is no URL'],
    ['https://', 'It is no URL'],
    ['https://ada:secret@example.com/', 'user name or a password'],
    ['https://ada@example.com/', 'user name or a password'],
    ['https://example.com/#part', 'part behind #'],
    [`https://example.com/${'x'.repeat(2_000)}`, 'longer than 2000'],
    ['https://127.0.0.1/', notPublic],
    ['https://127.1/', notPublic],
    ['https://2130706433/', notPublic], // 127.0.0.1 as one number
    ['https://0x7f000001/', notPublic],
    ['https://0x7f.0.0.1/', notPublic],
    ['https://0177.0.0.1/', notPublic],
    ['https://017700000001/', notPublic],
    ['https://１２７.0.0.1/', notPublic], // full-width digits
    ['https://127.0.0.1./', notPublic],
    ['https://0/', notPublic],
    ['https://0.0.0.0/', notPublic],
    ['https://10.0.0.1/', notPublic],
    ['https://172.16.0.1/', notPublic],
    ['https://192.168.1.1/', notPublic],
    ['https://100.64.0.1/', notPublic],
    ['https://169.254.169.254/latest/meta-data/', notPublic],
    ['https://224.0.0.1/', notPublic],
    ['https://240.0.0.1/', notPublic],
    ['https://255.255.255.255/', notPublic],
    ['https://198.18.0.1/', notPublic],
    ['https://192.0.2.1/', notPublic],
    ['https://[::1]/', notPublic],
    ['https://[::]/', notPublic],
    ['https://[::ffff:127.0.0.1]/', notPublic],
    ['https://[::ffff:7f00:1]/', notPublic],
    ['https://[::ffff:8.8.8.8]/', notPublic], // even of a public one
    ['https://[::127.0.0.1]/', notPublic],
    ['https://[64:ff9b::7f00:1]/', notPublic],
    ['https://[2002:7f00:1::]/', notPublic],
    ['https://[2001:0:53aa:64c:0:0:7f00:1]/', notPublic], // Teredo
    ['https://[fe80::1]/', notPublic],
    ['https://[fc00::1]/', notPublic],
    ['https://[fd12:3456::1]/', notPublic],
    ['https://[fec0::1]/', notPublic],
    ['https://[ff02::1]/', notPublic],
    ['https://[2001:db8::1]/', notPublic],
  ])('%s', (url, why) => {
    expect(() => readDestination(url, rules)).toThrow(why);
    expect(() => readDestination(url, rules)).not.toThrow('secret');
  });
});

test.each([
  'https://example.com/hooks?a=b',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]:8443/',
  'https://xn--bcher-kva.example/',
])('a URL of the public internet may be called: %s', (url) => {
  expect(readDestination(url, rules).href).toBe(url);
});

test('http is taken where a setting says so, and a private address when its host and port are listed', () => {
  const allowing = { allowedHosts: new Set(['127.0.0.1:9000', '[::1]:9000', '10.0.0.1:443']), isHttpAllowed: true };
  for (const url of ['http://127.0.0.1:9000/', 'http://[::1]:9000/', 'https://10.0.0.1/', 'http://2130706433:9000/']) {
    expect(readDestination(url, allowing)).toBeInstanceOf(URL);
  }
  for (const url of ['http://127.0.0.1:9001/', 'http://127.0.0.2:9000/', 'http://10.0.0.1/']) {
    expect(() => readDestination(url, allowing)).toThrow(notPublic);
  }
});

const answering =
  (...addresses: readonly string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

const failing: Resolve = () => Promise.reject(new Error('queryA ENOTFOUND'));

describe('a name', () => {
  const url = new URL('https://hooks.example/');
  test('may be called at the addresses it stands for', async () => {
    const found = await resolveDestination(url, rules, answering('8.8.8.8', '2606:4700::1111'));
    expect(found.map(({ address }) => address)).toEqual(['8.8.8.8', '2606:4700::1111']);
  });

  test.each([
    ['127.0.0.1'],
    ['8.8.8.8', '10.0.0.1'],
    ['8.8.8.8', '::1'],
    ['::ffff:10.0.0.1'],
    ['fd00::1'],
    ['169.254.169.254'],
    ['no address'],
  ])('that stands for %s %s is refused as a whole', async (...addresses) => {
    await expect(resolveDestination(url, rules, answering(...addresses))).rejects.toThrow(notPublic);
  });

  test('that stands for nothing, or cannot be asked for, is refused', async () => {
    await expect(resolveDestination(url, rules, answering())).rejects.toThrow('has no address');
    await expect(resolveDestination(url, rules, failing)).rejects.toThrow('cannot be resolved');
  });
});

test('text that is no address is not public', () => {
  for (const address of ['', 'example.com', '1.2.3.4.5', '[::1]']) expect(isPublic(address)).toBe(false);
});
