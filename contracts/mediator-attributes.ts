import type { MediatorClass, WorkflowStart } from './initiating-event.ts';

/** What every workflow about a customer is found by. */
export const customerAttribute = (customerId: string): WorkflowStart['typedSearchAttributes'][number] => ({
  key: { name: 'CustomerId', type: 'KEYWORD' },
  value: customerId,
});

/** The search attributes every flow has from its start on. */
export const mediatorAttributes = (
  customerId: string,
  mediatorClass: MediatorClass,
): WorkflowStart['typedSearchAttributes'] => [
  customerAttribute(customerId),
  { key: { name: 'MediatorClass', type: 'KEYWORD' }, value: mediatorClass },
];
