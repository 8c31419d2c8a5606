import { Prisma } from './generated/client.ts';

/** The open holds of a row of `mediator_store.flow`, oldest first, as the JSON of the contract's `OpenHold`. */
export const openHolds = Prisma.sql`(
  SELECT COALESCE(jsonb_agg(jsonb_build_object('holdId', hold_id, 'reason', hold.reason, 'step', step, 'command', command,
    'message', message, 'help', help, 'since', to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'deadline', to_char(deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY since, hold_id), '[]')
  FROM mediator_store.hold WHERE hold_id = ANY (flow.open_holds))`;
