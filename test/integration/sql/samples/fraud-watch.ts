import * as windows from '../../../../listeners/fraud-watch/windows.ts';
import { sample } from '../describe.ts';

const at = '2026-11-23T10:15:30.250Z';
const decline = { factId: '00000000-0000-4000-8000-000000000001', orderId: 'ord-1', customerId: 'c-1', at };
const rule = { declines: 3, within: '10 minutes' } as const;

export const samples = [
  sample(windows.keepOrder, 'ord-1', 'c-1'),
  sample(windows.forgetOrder, 'ord-1'),
  sample(windows.customerOf, 'ord-1'),
  sample(windows.hearCustomer, rule, decline),
  sample(windows.noteDecline, decline),
  sample(windows.burstWith, rule, decline),
  sample(windows.closeWindow, rule, 'c-1', at),
  sample(windows.removeOld, rule, at),
];
