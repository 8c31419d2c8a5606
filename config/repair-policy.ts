import type { RepairPolicy } from '../contracts/mediators/repair.ts';

/** The reminders of a case that waits. A case has no deadline: nothing is discarded by itself. */
export const repairPolicy: RepairPolicy = {
  reminders: ['1 hour', '1 day', '3 days', '7 days', '14 days'],
  checkAfter: '10 minutes',
};
