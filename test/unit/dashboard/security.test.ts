import { describe, expect, it } from 'vitest';
import { ownAddresses } from '../../../dashboard/server/security/origins.ts';
import { createTokenAuth, passSeconds } from '../../../dashboard/server/security/auth.ts';

const token = 'k7Q2mZ9vX4bN8cR1tY6uW3eS5dF0gH2j';

describe('the token of the desk', () => {
  it('admits a pass until its time is over, also after the desk was started again', () => {
    const now = Date.parse('2026-11-23T08:00:00Z');
    const pass = createTokenAuth(token).pass(now);
    const restarted = createTokenAuth(token);
    expect(restarted.admits(pass, now + (passSeconds - 1) * 1000)).toBe(true);
    expect(restarted.admits(pass, now + (passSeconds + 1) * 1000)).toBe(false);
  });

  it('admits no pass of another token, none that was changed, and nothing that is none', () => {
    const auth = createTokenAuth(token);
    const pass = auth.pass();
    expect(createTokenAuth(`${token}x`).admits(pass)).toBe(false);
    const [until = '', nonce = '', signature = ''] = pass.split('.');
    const later = String(Number(until) + 3600);
    for (const forged of [
      `${later}.${nonce}.${signature}`,
      `${until}.${nonce}.`,
      `${until}.${nonce}`,
      '',
      undefined,
      token,
      `${pass}x`,
      '..',
    ]) {
      expect(auth.admits(forged), forged).toBe(false);
    }
  });

  it('is taken as it is alone', () => {
    const auth = createTokenAuth(token);
    expect([auth.isToken(token), auth.isToken(`${token} `), auth.isToken('')]).toEqual([true, false, false]);
  });
});

describe('the names a desk answers to', () => {
  it('are those of this machine and the address it listens on, with the port', () => {
    const { hosts, origins } = ownAddresses({ host: '192.168.1.5', publicUrl: undefined }, 7830);
    expect([...hosts]).toEqual(['127.0.0.1:7830', 'localhost:7830', '[::1]:7830', '192.168.1.5:7830']);
    expect([...origins]).toEqual([...hosts].map((host) => `http://${host}`));
  });

  it('are not every name when it listens on every address; a public one is added', () => {
    const publicUrl = new URL('https://desk.example.org/');
    const { hosts, origins, isSecure } = ownAddresses({ host: '0.0.0.0', publicUrl }, 7830);
    expect(hosts.has('0.0.0.0:7830')).toBe(false);
    expect(hosts.has('desk.example.org')).toBe(true);
    expect(origins.has('https://desk.example.org')).toBe(true);
    expect(origins.has('http://desk.example.org')).toBe(false);
    expect(isSecure).toBe(true);
  });
});
