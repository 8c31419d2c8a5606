const title = '9780201633610';
const pieces = [{ isbn: title, quantity: 2 }] as const;

/** The parts of the examples in the catalogue. */
export const examples = {
  title,
  order: { orderId: 'ord-0123456789abcdef0123' },
  pieces,
  priced: [{ ...pieces[0], title: 'Design Patterns', unitPrice: { amount: 2999, currency: 'EUR' } }],
  bounce: { status: '5.1.1', sentAt: '2026-11-23T10:15:30.250Z' },
  eur: { amount: 5998, currency: 'EUR' },
} as const;
