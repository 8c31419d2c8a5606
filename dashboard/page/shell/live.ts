import type { LiveEventName, LiveEvents } from '../../server/api/api.ts';
import type { BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { FlowSnapshot } from '../../server/api/flow.ts';

/** What the server tells by itself, with the bodies it has. */
interface Told extends Omit<LiveEvents, 'flow' | 'bulk'> {
  readonly flow: FlowSnapshot;
  readonly bulk: BulkProgress;
}

export type LiveState = 'joining' | 'live' | 'lost';

const listeners = new Map<LiveEventName, Set<(data: never) => void>>();
const watchers = new Set<(state: LiveState) => void>();
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let wanted: readonly LiveEventName[] = [];

/** Calls with every event of this name until the returned function is called. `hello` comes whenever the connection is new: read again then. */
export function onLive<Name extends LiveEventName>(name: Name, listener: (data: Told[Name]) => void): () => void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all.add(listener));
  return () => void all.delete(listener);
}

/** Calls when the connection comes and goes. */
export function onLiveState(watcher: (state: LiveState) => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/**
 * Connects, and connects again whenever the server was away: the browser itself gives up on an answer that is no stream. A page that nobody looks at
 * holds no connection: a browser has six for all its tabs.
 */
export function connectLive(names: readonly LiveEventName[]): void {
  wanted = names;
  document.removeEventListener('visibilitychange', turn);
  document.addEventListener('visibilitychange', turn);
  turn();
}

/** Ends the connection, until it is wanted again. */
export function disconnectLive(): void {
  wanted = [];
  document.removeEventListener('visibilitychange', turn);
  close();
}

function turn(): void {
  close();
  tell('joining');
  if (!document.hidden) open();
}

function open(): void {
  close();
  source = new EventSource('/api/live');
  for (const name of wanted) source.addEventListener(name, (event) => pass(name, event.data as string));
  source.addEventListener('error', () => {
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 1500);
    tell('lost');
  });
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function pass(name: LiveEventName, data: string): void {
  if (name === 'hello') tell('live');
  const body = JSON.parse(data) as never;
  for (const listener of listeners.get(name) ?? []) listener(body);
}

function tell(state: LiveState): void {
  for (const watcher of watchers) watcher(state);
}
