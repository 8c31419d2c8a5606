import { join } from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../stack/launch/ports.ts';
import { launchProcess } from '../../stack/launch/process.ts';
import type { Session } from '../../dashboard/server/api/api.ts';
import type { Rig } from './rig.ts';
import { until } from './until.ts';

/** One server-sent event. */
interface LiveEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Somebody who works at a desk that runs in a process of its own, over HTTP. */
export interface DeskVisitor {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** The answer itself, whatever it is. */
  answer(path: string, body: unknown): Promise<Response>;
  /** Looks, from now on; resolves when the desk has said hello. */
  live(): Promise<{ readonly events: readonly LiveEvent[]; end(): void }>;
  /** Asks for the session, as a page that is loaded does. */
  begin(): Promise<void>;
  /** Kills the desk and starts it again on the same port. */
  restart(): Promise<void>;
}

/** Starts a desk on this rig, and visits it as Ada. Ended by the rig. */
export async function lookAtDesk(rig: Rig, env: Readonly<Record<string, string>> = {}): Promise<DeskVisitor> {
  const port = await freePort();
  const mails =
    rig.env['SMTP_URL'] === 'smtp://127.0.0.1:1' ? {} : { MAILS_URL: `http://127.0.0.1:${rig.smtpSink.ports['http']}` };
  const launch = () =>
    launchProcess({
      name: 'dashboard',
      command: process.execPath,
      args: [join(inject('servers').build, 'dashboard', 'main.js')],
      env: { ...rig.env, ...mails, ...env, DASHBOARD_PORT: String(port) },
      logFile: join(rig.folder, 'dashboard.log'),
      isReady: 'says-so',
      readyWithin: 60_000,
    });
  let running = await launch();
  rig.onClose(() => running.stop());
  const visitor = visit(`http://127.0.0.1:${port}`, async () => {
    await running.kill();
    running = await launch();
  });
  return welcomed(visitor);
}

/** Visits a desk that runs already, as Ada. It cannot be restarted. */
export const visitDesk = (url: string): Promise<DeskVisitor> =>
  welcomed(visit(url, () => Promise.reject(new Error('This desk is not ours.'))));

async function welcomed(visitor: DeskVisitor): Promise<DeskVisitor> {
  await visitor.begin();
  await visitor.post('/api/session/actor', { actor: 'Ada' });
  return visitor;
}

function visit(url: string, restart: () => Promise<void>): DeskVisitor {
  const cookies = new Map<string, string>();
  let token = '';
  const ask = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, url), {
      ...init,
      headers: { ...init.headers, cookie, 'sec-fetch-site': 'same-origin', origin: url, 'x-csrf-token': token },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  const answer = (path: string, body: unknown) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return {
    url,
    restart,
    answer,
    get: async (path) => read(await ask(path)),
    post: async (path, body) => read(await answer(path, body)),
    async begin() {
      token = (await read<Session>(await ask('/api/session'))).csrfToken;
    },
    async live() {
      const ending = new AbortController();
      const events = follow(await ask('/api/live', { signal: ending.signal }));
      await until(() => events.length > 0, { what: 'a live event' });
      return { events, end: () => ending.abort() };
    },
  };
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

/** The events of a stream as they come, until it ends. */
function follow({ body }: Response): readonly LiveEvent[] {
  const events: LiveEvent[] = [];
  const take = async () => {
    let text = '';
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, name, data] = /event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (name && data) events.push({ name, data: JSON.parse(data) });
      }
    }
  };
  take().catch(() => undefined); // a stream that was cut off has ended
  return events;
}
