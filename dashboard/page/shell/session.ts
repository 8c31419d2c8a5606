import type { Session } from '../../server/api/api.ts';
import { changeSession, errorMessage, readSession, whenLoggedOut } from './request.ts';
import { showToast } from './toasts.ts';

type Asker = () => Promise<boolean>;

let current: Session | null = null;
let askForName: Asker = () => Promise.resolve(false);
let renewing: Promise<unknown> | null = null;
const watchers = new Set<(session: Session) => void>();

export const sessionNow = (): Session | null => current;

/** Calls the watcher with the session whenever it changes. */
export function onSession(watcher: (session: Session) => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

export const openSession = async (): Promise<Session> => keep(await readSession());

export const logIn = async (token: string): Promise<Session> =>
  keep(await changeSession('/api/session/login', { token }));

export const nameActor = async (actor: string): Promise<Session> =>
  keep(await changeSession('/api/session/actor', { actor }));

/** Registers the question for a name; it resolves to true when one was given. */
export function askNameBy(asker: Asker): void {
  askForName = asker;
}

/** True when the actor is named; asks for the name first when it is not. */
export const hasActor = async (): Promise<boolean> => current?.actor != null || askForName();

/** The address of a workflow in Temporal's Web UI; null when the Web UI is not configured. */
export const workflowLink = (workflowId: string): string | null =>
  current?.workflowLinkBase ? `${current.workflowLinkBase}${encodeURIComponent(workflowId)}` : null;

function keep(session: Session): Session {
  current = session;
  for (const watcher of watchers) watcher(session);
  return session;
}

/**
 * The pass has run out, or the server has another token: the desk asks for it once, however many reads were refused.
 */
whenLoggedOut(() => {
  if (current?.isLoginNeeded) return;
  renewing ??= openSession()
    .catch((error: unknown) => showToast(errorMessage(error), 'trouble'))
    .finally(() => (renewing = null));
});
