import { all, appendAudit, openCase, recordFact, type DatabaseRole } from './role.ts';

/** The roles of the mediators, and of what their workers run beside them. */
export const mediatorRoles: readonly DatabaseRole[] = [
  {
    name: 'order-mediator',
    about:
      'reads and writes orders, their holds and actions, and the events that lead to them; reads which channels are braked; opens cases; tells facts',
    may: {
      'mediator_store.flow': all,
      'mediator_store.hold': all,
      'mediator_store.action': all,
      'mediator_store.initiating_event': all,
      'mediator_store.channel_brake': 'SELECT',
      ...openCase,
    },
    calls: [recordFact, appendAudit],
  },
  {
    name: 'customer-mediator',
    about: 'reads recorded events and marks them; opens cases; tells facts',
    may: { 'mediator_store.initiating_event': 'SELECT, UPDATE', ...openCase },
    calls: [recordFact, appendAudit],
  },
  {
    name: 'returns-mediator',
    about: 'reads and writes returns, reads the states of orders, marks events; opens cases; tells facts',
    may: {
      returns: all,
      'mediator_store.flow': 'SELECT (order_id, state)',
      'mediator_store.initiating_event': 'SELECT, UPDATE',
      ...openCase,
    },
    calls: [recordFact, appendAudit],
  },
  {
    name: 'workflow-processor',
    about: 'reads and changes repair cases and the events that they are about; adds to the audit trail',
    may: {
      'repair.case': 'SELECT, UPDATE',
      'repair.audit': 'SELECT',
      'mediator_store.initiating_event': 'SELECT, UPDATE',
    },
    calls: [appendAudit],
  },
  {
    name: 'reconciler',
    about: 'reads orders, events and purchase orders that have not ended, and which channels are braked',
    may: {
      'mediator_store.flow': 'SELECT',
      'mediator_store.initiating_event': 'SELECT',
      'mediator_store.channel_brake': 'SELECT',
      'warehouse.purchase_order': 'SELECT',
    },
  },
  {
    name: 'pruning',
    about: 'removes published facts, and empties what has no use any more of ended orders, closed cases and inboxes',
    may: {
      'outbox.fact': 'SELECT (position, key, stream_sequence, published_at), UPDATE (published_at), DELETE',
      'mediator_store.flow': 'SELECT (request_id, order_id, steps, finished_at), UPDATE (steps)',
      'mediator_store.hold': 'SELECT (order_id), DELETE',
      'mediator_store.action': 'SELECT (order_id), UPDATE (details)',
      'returns.return': 'SELECT (order_id, finished_at)',
      'order_placement.answer': 'SELECT, UPDATE (answer)',
      'repair.case':
        'SELECT (case_id, pruned_at, closed_at), UPDATE (pruned_at, headers, corrected_headers, problems, body, proposal)',
      '*.inbox_seen': 'SELECT, UPDATE, DELETE',
    },
  },
];
