import { answerIn } from './request.ts';
import type { LiveEventName, LiveEvents } from '../../server/api/api.ts';
import type { BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { FlowSnapshot } from '../../server/api/flow.ts';

/** The data of each live event. */
interface LiveData extends Omit<LiveEvents, 'flow' | 'bulk'> {
  readonly flow: FlowSnapshot;
  readonly bulk: BulkProgress;
}

export type LiveState = 'joining' | 'live' | 'lost';

const listeners = new Map<LiveEventName, Set<(data: never) => void>>();
const watchers = new Set<(state: LiveState) => void>();
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let wanted: readonly LiveEventName[] = [];

/**
 * Calls the listener with every event of this name, until the returned function is called. `hello` says that the
 * connection is new: read again.
 */
export function onLive<Name extends LiveEventName>(name: Name, listener: (data: LiveData[Name]) => void): () => void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all.add(listener));
  return () => void all.delete(listener);
}

/** Calls the watcher when the connection comes and goes. */
export function onLiveState(watcher: (state: LiveState) => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/**
 * Connects, and connects again whenever the server was away: the browser itself gives up on an answer that is no
 * stream. A hidden page holds no connection: a browser has six for all its tabs.
 */
export function connectLive(names: readonly LiveEventName[]): void {
  wanted = names;
  document.removeEventListener('visibilitychange', followVisibility);
  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();
}

/** Ends the connection until `connectLive` is called again. */
export function disconnectLive(): void {
  wanted = [];
  document.removeEventListener('visibilitychange', followVisibility);
  close();
}

function followVisibility(): void {
  close();
  tellState('joining');
  if (!document.hidden) open();
}

function open(): void {
  close();
  source = new EventSource('/api/live');
  for (const name of wanted) source.addEventListener(name, (event) => dispatch(name, event.data as string));
  source.addEventListener('error', () => {
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 1500);
    tellState('lost');
  });
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function dispatch(name: LiveEventName, data: string): void {
  if (name === 'hello') tellState('live');
  const body = answerIn(data) as never;
  for (const listener of listeners.get(name) ?? []) listener(body);
}

function tellState(state: LiveState): void {
  for (const watcher of watchers) watcher(state);
}
