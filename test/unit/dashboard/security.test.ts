import { describe, expect, it } from 'vitest';
import { ownAddresses } from '../../../dashboard/server/security/addresses.ts';
import { createGate, lifetimeSeconds } from '../../../dashboard/server/security/login.ts';

const token = 'k7Q2mZ9vX4bN8cR1tY6uW3eS5dF0gH2j';

describe('the gate', () => {
  it('admits a pass until its time is over, also after the desk was started again', () => {
    const now = Date.parse('2026-11-23T08:00:00Z');
    const pass = createGate(token).pass(now);
    const restarted = createGate(token);
    expect(restarted.admits(pass, now + (lifetimeSeconds - 1) * 1000)).toBe(true);
    expect(restarted.admits(pass, now + (lifetimeSeconds + 1) * 1000)).toBe(false);
  });

  it('admits no pass of another token, none that was changed, and nothing that is none', () => {
    const gate = createGate(token);
    const pass = gate.pass();
    expect(createGate(`${token}x`).admits(pass)).toBe(false);
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
      expect(gate.admits(forged), forged).toBe(false);
    }
  });

  it('opens with the token alone', () => {
    const gate = createGate(token);
    expect([gate.opensWith(token), gate.opensWith(`${token} `), gate.opensWith('')]).toEqual([true, false, false]);
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
