import type { MediatorClass, WorkflowStart } from './initiating-event.ts';

/** Search attributes of the mediators' workflows, registered when the server starts. They hold no personal data. */
export const searchAttributes = {
  OrderState: 'Keyword',
  HoldReasons: 'KeywordList',
  OrderId: 'Keyword',
  CustomerId: 'Keyword',
  MediatorClass: 'Keyword',
} as const;

/** A search attribute in the words of Temporal's client. */
type StartAttribute = WorkflowStart['typedSearchAttributes'][number];

const keyword = (name: keyof typeof searchAttributes, value: string): StartAttribute => ({
  key: { name, type: 'KEYWORD' },
  value,
});

/** The search attribute of every workflow that is about a customer. */
export const customerAttribute = (customerId: string): StartAttribute => keyword('CustomerId', customerId);

/** The search attributes that a mediator's workflow is started with. */
export const mediatorAttributes = (customerId: string, mediatorClass: MediatorClass): StartAttribute[] => [
  customerAttribute(customerId),
  keyword('MediatorClass', mediatorClass),
];
