/** What the figures say, and what they do not say. */
export const notes: readonly string[] = [
  "Finished is the instant of the customer's last mail on every side. The mediator then still closes the order (order-completed); the broker topology has nothing to close, because no part of it knows that this was the end.",
  'The broker topology accepts an order when its initiating event is on disk; a request that is refused at step 1 is refused after that, and nobody tells the customer. The mediator accepts it when the order is in PostgreSQL.',
  "The sides run in shops of their own that are all up at once; idle processes of the other sides take time from each. The customer's own process is in no figure of CPU.",
  'The processors, the outbox and the relay are the same code on all sides, and every side runs from the build.',
  'The broker topology does less: no cancel, no amendment, no hold, no approval, no compensation, no waiting list for stock, no replenishment. Each would be a reaction in several processors.',
  'The card token and the address are broadcast in the broker topology and lie in its stream for a day, because the one who places an order does not know who needs them. The mediator gives each to one processor.',
  'A dead consumer can be seen from outside on every side, by messages that wait for it. That says that payment is dead, not which order waits for it, nor what has been done for it.',
  'A removed fact comes back because outbox and relay of this project compare themselves with the stream. An ordinary broker topology has the row of the message without an outbox.',
];
