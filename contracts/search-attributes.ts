/** Search attributes of every order workflow, registered when the server starts. No personal data in them. */
export const searchAttributes = {
  OrderState: 'Keyword',
  HoldReasons: 'KeywordList',
  OrderId: 'Keyword',
  CustomerId: 'Keyword',
  MediatorClass: 'Keyword',
} as const;
