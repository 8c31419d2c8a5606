import type { Fact } from '../../contracts/facts.ts';
import { clock } from './instants.ts';
import type { Style } from './style.ts';

/** One fact on one line: when, what, about what, and the small values of its body. */
export function factLine(fact: Fact, style: Style): string {
  const head = `${clock(fact.time)}  ${style.bold(fact.name.padEnd(18))}  ${fact.key} #${fact.sequence}`;
  const told = Object.entries(fact.body).filter(([name, value]) => name !== 'orderId' && isSmall(value));
  return `${head}  ${style.dim(told.map(([name, value]) => `${name} ${String(value)}`).join(', '))}`.trimEnd();
}

const isSmall = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
