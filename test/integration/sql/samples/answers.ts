import { storedAnswer, tombstone } from '../../../../prisma/outcome.ts';
import { sample } from '../describe.ts';

const guarded = ['order_placement', 'payment', 'inventory', 'order_fulfillment', 'shipping'] as const;

export const samples = [
  ...guarded.map((schema) => sample(tombstone, schema, 'ord-1')),
  ...[...guarded, 'warehouse' as const].map((schema) => sample(storedAnswer, schema, 'ord-1/a-command/1')),
];
