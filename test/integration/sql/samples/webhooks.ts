import * as endpoints from '../../../../listeners/webhooks/endpoints.ts';
import { sample } from '../describe.ts';

export const samples = [
  sample(endpoints.takersOf, { area: 'orders', name: 'email-sent', time: '2026-11-23T10:15:30.250Z' }),
  sample(endpoints.findEndpoint, 'wh_1'),
  sample(endpoints.noteDelivered, 'wh_1'),
  sample(endpoints.noteFailed, 'wh_1', { problem: 'It answered with the status 500.', quietFor: 0 }, 1_000),
  sample(endpoints.noteGivenUp, 'wh_1'),
  sample(endpoints.switchOff, 'wh_1', 'gone'),
  sample(endpoints.holdBackAll, 'wh_1'),
  sample(endpoints.holdBack, 'fact/1', 'wh_1'),
];
