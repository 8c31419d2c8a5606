import { formatMoney } from '../contracts/money.ts';
import { paintedState } from '../client/print/order-lines.ts';
import type { Style } from '../client/print/style.ts';
import { pairs, table } from '../client/print/table.ts';
import type { Config } from '../config/config.ts';
import type { Scenario } from './scenarios.ts';
import type { Played } from './verdict.ts';

/** A scenario that was played, and its differences from the expected end. */
export interface Ended {
  readonly scenario: Scenario;
  readonly played: Played;
  readonly faults: readonly string[];
}

const summaryColumns = [
  { heading: 'scenario' },
  { heading: 'as it should be' },
  { heading: 'ended' },
  { heading: 'facts', align: 'right' },
  { heading: 'total', align: 'right' },
  { heading: 'order' },
] as const;

/** All scenarios, one a line. */
export const summaryTable = (ended: readonly Ended[], style: Style): readonly string[] =>
  table(
    summaryColumns,
    ended.map(({ scenario, played: { view, facts }, faults }) => [
      scenario.name,
      faults.length === 0 ? style.good('yes') : style.bad('no'),
      view ? paintedState(view.state, style) : scenario.ends,
      String(facts.length),
      view?.total ? formatMoney(view.total) : '-',
      view?.orderId ?? '-',
    ]),
    style.dim,
  );

/** One line for each difference from its scenario. */
export const faultLines = (ended: readonly Ended[]): readonly string[] =>
  ended.flatMap(({ scenario, played, faults }) =>
    faults.map((fault) => `${scenario.name}${played.view ? ` (${played.view.orderId})` : ''}: ${fault}`),
  );

const at = (port: number, path = ''): string => `http://127.0.0.1:${port}${path}`;

/** Links to the pages of the demo's own stack. */
export function links(ended: readonly Ended[], namespace: string, { stack, provided }: Config): readonly string[] {
  const workflow = (id: string) => `/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
  const flows = ended.flatMap(({ scenario, played: { view } }) =>
    view ? [[`  ${scenario.name}`, at(stack.temporalUi, workflow(view.workflowId))] as const] : [],
  );
  return pairs([
    ['repair desk', at(stack.dashboard)],
    ...(provided.has('TEMPORAL_ADDRESS') ? [] : [['Temporal Web UI', at(stack.temporalUi)] as const, ...flows]),
    ...(provided.has('NATS_URL')
      ? []
      : [['NATS monitor', at(stack.natsMonitor, '/jsz?streams=1&consumers=1')] as const]),
    ...(provided.has('SMTP_URL') ? [] : [['mails sent', at(stack.mails, '/mails')] as const]),
    ...(provided.has('CARD_GATEWAY_URL') ? [] : [['card gateway', at(stack.cardGateway, '/ledger')] as const]),
    ...(provided.has('SUPPLIER_URL') ? [] : [['supplier', at(stack.supplier, '/ledger')] as const]),
    ...(provided.has('CARRIER_URL') ? [] : [['carrier', at(stack.carrier, '/ledger')] as const]),
  ]);
}
