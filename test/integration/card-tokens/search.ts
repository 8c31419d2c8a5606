import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connect } from 'nats';
import type pg from 'pg';
import type { StackPorts } from '../../../config/config.ts';

/** A system that is searched, with a user of each server that may read everything there. */
export interface Searched {
  readonly folder: string;
  readonly ports: StackPorts;
  readonly owner: pg.Pool;
  readonly client: Client;
  /** The address of NATS with the administrator's login. */
  readonly natsUrl: string;
}

/** Text that was kept somewhere. `place` says where in words that do not depend on ids. */
export interface Kept {
  readonly place: string;
  readonly text: string;
}

/** Everything that the system has kept: rows, histories, messages, mails, log lines, and the partners' journals. */
export async function everythingKept(searched: Searched): Promise<readonly Kept[]> {
  const { folder, ports, owner, client, natsUrl } = searched;
  return [
    ...(await rows(owner)),
    ...(await histories(client)),
    ...(await messages(natsUrl)),
    ...(await mails(ports)),
    ...files(folder),
  ];
}

/** Every value of every table. Bytes are read as text. */
async function rows(owner: pg.Pool): Promise<readonly Kept[]> {
  const { rows: tables } = await owner.query<{ table: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS "table" FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const kept: Kept[] = [];
  for (const { table } of tables) {
    const found = await owner.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
    for (const row of found.rows)
      for (const [column, value] of Object.entries(row))
        kept.push({ place: `${table}.${column}`, text: textOf(value) });
  }
  return kept;
}

const textOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return value.toString();
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
};

/** Every payload of every history, and what stands beside them: memo, search attributes, failures, details. */
async function histories(client: Client): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  const names = new Map<string, string>();
  for await (const { workflowId, runId, type } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      const [attributes = ''] = Object.keys(event).filter((key) => key.endsWith('EventAttributes'));
      const of = `${workflowId}/${runId}`;
      const about = aboutEvent(event as HistoryEvent, attributes, names, of);
      kept.push({ place: `history of ${type}: ${about}`, text: payloadText(event) });
    }
  }
  return kept;
}

type HistoryEvent = Readonly<Record<string, unknown>>;

/** The kind of the event, with the name of its activity, update or signal. */
function aboutEvent(event: HistoryEvent, attributes: string, names: Map<string, string>, of: string): string {
  const kind = attributes.replace(/EventAttributes$/, '');
  const its = event[attributes] as {
    readonly activityType?: { readonly name?: string };
    readonly scheduledEventId?: { toString(): string };
    readonly acceptedRequest?: { readonly input?: { readonly name?: string } };
    readonly markerName?: string;
    readonly signalName?: string;
  };
  const { activityType, acceptedRequest, markerName, signalName, scheduledEventId } = its;
  if (activityType?.name) names.set(`${of}/${String(event['eventId'])}`, activityType.name);
  const activity =
    activityType?.name ?? (scheduledEventId ? names.get(`${of}/${String(scheduledEventId)}`) : undefined);
  const name = activity ?? acceptedRequest?.input?.name ?? signalName ?? (markerName ? markerText(its) : undefined);
  return name === undefined ? kind : `${kind} ${name}`;
}

/** The activity type stands in a local activity's marker. */
const markerText = (marker: unknown): string => /"activity_type":"([^"]+)"/.exec(payloadText(marker))?.[1] ?? 'marker';

/** All text within a history's event; payloads are bytes. */
function payloadText(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(payloadText).join('\n');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(payloadText).join('\n');
  return typeof value === 'string' ? value : '';
}

/** Every message of every stream, with its headers. */
async function messages(natsUrl: string): Promise<readonly Kept[]> {
  const { username, password, host } = new URL(natsUrl);
  const connection = await connect({
    servers: host,
    user: username,
    pass: password,
    inboxPrefix: '_INBOX_administrator',
  });
  try {
    const manager = await connection.jetstreamManager();
    const kept: Kept[] = [];
    for await (const { config, state } of manager.streams.list()) {
      for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
        const message = await manager.streams.getMessage(config.name, { seq }).catch(() => undefined); // taken off
        if (!message) continue;
        const headers = message.header ? [...message.header].map(([name, values]) => `${name}: ${values.join()}`) : [];
        kept.push({ place: `stream ${config.name}`, text: [message.subject, ...headers, message.string()].join('\n') });
      }
    }
    return kept;
  } finally {
    await connection.close();
  }
}

async function mails(ports: StackPorts): Promise<readonly Kept[]> {
  const answer = await fetch(`http://127.0.0.1:${ports.mails}/mails`);
  return ((await answer.json()) as object[]).map((mail) => ({ place: 'mail', text: JSON.stringify(mail) }));
}

/** Log lines, and the journals of the stand-ins. The servers' own data is read by their protocols. */
function files(folder: string): readonly Kept[] {
  const names = readdirSync(folder, { recursive: true }) as string[];
  const wanted = names.filter(
    (name) => /\.(log|jsonl)$/.test(name) && !/^(postgres|nats|temporal)\/.*data\//.test(name),
  );
  return wanted.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .map((text) => ({ place: `file ${name}`, text })),
  );
}

/** The places that have the text, in the plain or in a form that it may have been brought into, each once. */
export const placesOf = (secret: string, kept: readonly Kept[]): readonly string[] => {
  const forms = [secret, Buffer.from(secret).toString('hex'), ...base64Forms(secret)];
  return [
    ...new Set(kept.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ place }) => place)),
  ].toSorted();
};

/** The base64 of a text that stands anywhere in others: three alignments, without the digits that its neighbours change. */
const base64Forms = (secret: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.from(`${'x'.repeat(before)}${secret}`);
    const whole = text.subarray(0, text.length - (text.length % 3)).toString('base64');
    return whole.slice(before === 0 ? 0 : 4);
  });
