import type { FlowStart, MediatorClass } from './initiating-events.ts';

/** The search attributes every flow has from its start on. */
export const flowAttributes = (
  customerId: string,
  mediatorClass: MediatorClass,
): FlowStart['typedSearchAttributes'] => [
  { key: { name: 'CustomerId', type: 'KEYWORD' }, value: customerId },
  { key: { name: 'MediatorClass', type: 'KEYWORD' }, value: mediatorClass },
];
