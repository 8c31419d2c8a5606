import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import pg from 'pg';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { loadConfig } from '../../config/config.ts';
import { temporalAddress } from '../../config/temporal.ts';
import { scenarios, type Scenario } from './record/scenarios.ts';
import { openStage, type Stage } from './record/stage.ts';

/*
 * `npm run record`, beside a running `npm start`: lets orders go through each scenario and keeps their histories for the replay tier. A scenario
 * that is recorded already is left alone: to record one anew, delete its file, and say why in a decision record. With names, only those:
 * `npm run record -- order-approved`.
 */

const folder = new URL('./histories/', import.meta.url);
const sums = new URL('./histories.sha256', import.meta.url);
const wanted = process.argv.slice(2);
/** Those that no scenario has to bring about, and their types. */
const ended = [
  ['replenishment-delivered', 'replenishment'],
  ['reconciler', 'reconciler'],
  ['reconciler-of-events', 'reconciler'],
] as const;
const checkout = fileURLToPath(new URL('../../', import.meta.url));

const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

async function main(): Promise<void> {
  const { connectionOptions, namespace } = temporalAddress(process.env, loadConfig(process.env).stack);
  const connection = await Connection.connect(connectionOptions);
  const client = new Client({ connection, namespace });
  const pool = new pg.Pool({ connectionString: loadConfig(process.env).database.DATABASE_URL });
  const stage = openStage(client, pool);
  const chosen = Object.entries(scenarios).filter(([name]) => isWanted(name));
  for (const [name, scenario] of chosen) await record(stage, name, scenario);
  for (const [name, workflowType] of ended.filter(([each]) => isWanted(each))) {
    await recordEnded(client, name, workflowType);
  }
  await pool.end();
  await connection.close();
}

async function record(stage: Stage, name: string, scenario: Scenario): Promise<void> {
  if (existsSync(new URL(`${name}.json`, folder))) return;
  const workflowId = await scenario(stage);
  // One that was refused ends Failed, which is an end as well.
  await stage.client.workflow.getHandle(workflowId).result().catch(unlessItFailed);
  await keep(stage.client, name, workflowId);
}

function unlessItFailed(error: unknown): void {
  if (!(error instanceof WorkflowFailedError)) throw error;
}

/** Any workflow of this type that has ended will do. */
async function recordEnded(client: Client, name: string, workflowType: string): Promise<void> {
  if (existsSync(new URL(`${name}.json`, folder))) return;
  const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1 })) {
    return keep(client, name, workflowId);
  }
  console.log(`${name}: none has ended on this server yet; record again later.`);
}

async function keep(client: Client, name: string, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const text = `${JSON.stringify(withoutThisMachine(JSON.parse(historyToJSON(history))), null, 1)}\n`;
  writeFileSync(new URL(`${name}.json`, folder), text);
  const known = existsSync(sums) ? readFileSync(sums, 'utf8') : '';
  if (!known.includes(`  ${name}.json\n`)) writeFileSync(sums, `${known}${sha256(text)}  ${name}.json\n`);
  console.log(`${name}: recorded`);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Stack traces name folders, and identities name hosts: neither matters to a replay. */
const withoutThisMachine = (history: unknown): unknown => JSON.parse(JSON.stringify(history, scrub));

function scrub(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorded';
  return typeof value === 'string' ? value.replaceAll(checkout, '') : value;
}

await main();
