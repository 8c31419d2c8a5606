import * as status from '../../../../listeners/customer-status/listener.ts';
import { sample } from '../describe.ts';

const at = '2026-11-23T10:15:30.250Z';

export const samples = [
  sample(status.beginOrder, 'ord-1', 'c-1', at),
  sample(status.advance, 'ord-1', 'packed', at),
  sample(status.startPacking, 'ord-1', at),
  sample(status.restore, 'ord-1', { progress: 'received', waitsFor: ['another card'], shipment: null }, at),
  sample(status.ship, 'ord-1', 'Postal', 'PO1', at),
  sample(status.beginWaiting, 'ord-1', 'another card', at),
  sample(status.endWaiting, 'ord-1', 'another card', at),
];
