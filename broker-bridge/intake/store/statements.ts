/** Locks the stream's row, or makes it: positions go on after the highest there is. */
export const lockStream = `
  INSERT INTO mediator_store.recorded AS recorded (stream, base, ranges)
  VALUES ($1, (SELECT coalesce(max(position), 0) FROM mediator_store.initiating_event), '{}')
  ON CONFLICT (stream) DO UPDATE SET stream = excluded.stream
  RETURNING base::float8 AS base`;

/** A resubmitted event is itself by its case: it has the place of another one. In a stream that was made anew a sequence means another message. */
const asKnown = (row: string): string => `CASE WHEN ${row}.source IS NOT NULL THEN jsonb_build_object(
    'isItself', coalesce(${row}.stream_sequence = asked.sequence
      AND (${row}.position = $2::bigint + asked.sequence OR ${row}.case_id = asked.claimed_case), false),
    'name', ${row}.name, 'bodyHash', ${row}.body_hash, 'state', ${row}.state, 'caseId', ${row}.case_id) END`;

/**
 * What is known of each asked event: by its identity, by its case, and by the workflow it leads to. A case is believed only while its message is on its
 * way back, and only of the message that was sent.
 */
export const lookUp = `
  WITH asked AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS asked (sequence bigint, source text, event_id text, other_source text, other_id text,
      workflow_id text, body_hash text, claimed_case text)
  )
  SELECT asked.sequence::float8 AS sequence, ${asKnown('event')} AS row, ${asKnown('other')} AS "otherRow",
    claimed.case_id AS "claimedCase", claimed.position::float8 AS "claimedPosition", coalesce(request.is_taken, false) AS "isTaken", request.outcome
  FROM asked
  LEFT JOIN mediator_store.initiating_event AS event ON event.source = asked.source AND event.event_id = asked.event_id
  LEFT JOIN mediator_store.initiating_event AS other ON other.source = asked.other_source AND other.event_id = asked.other_id
  LEFT JOIN LATERAL (
    SELECT handed.case_id, handed.position FROM mediator_store.initiating_event AS handed JOIN repair.case AS sent ON sent.case_id = handed.case_id
    WHERE handed.case_id = asked.claimed_case AND handed.state = 'dead-lettered'
      AND sent.state = 'resubmitted' AND asked.event_id LIKE '%~' || sent.resubmissions
    ORDER BY handed.position LIMIT 1
  ) AS claimed ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(known.body_hash <> asked.body_hash) AS is_taken, max(known.outcome) AS outcome FROM (
      SELECT other.body_hash, CASE WHEN other.state = 'complete' THEN other.outcome END AS outcome
      FROM mediator_store.initiating_event AS other
      WHERE other.workflow_id = asked.workflow_id AND other.state IN ('received', 'deferred', 'started', 'complete')
        AND (other.source, other.event_id) <> (asked.source, asked.event_id)
      UNION ALL
      SELECT flow.body_hash, flow.outcome FROM mediator_store.flow
      WHERE asked.workflow_id LIKE 'order/%' AND flow.request_id = substr(asked.workflow_id, 7)
    ) AS known
  ) AS request ON true`;

/** Writes the rows, and that everything up to there was recorded. A row that is there stays as it is. */
export const writeRows = `
  WITH recorded AS (
    UPDATE mediator_store.recorded SET ranges = ranges + $3::int8multirange WHERE stream = $1
  )
  INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state,
    stream_sequence, position, case_id, subject, headers, body, outcome, completed_at)
  SELECT source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state,
    sequence, position, case_id, subject, headers, decode(body, 'base64'), outcome, CASE WHEN state = 'complete' THEN now() END
  FROM jsonb_to_recordset($2::jsonb) AS given (source text, event_id text, name text, mediator_class text, waits_until text, customer_id text,
    body_hash text, workflow_id text, state text, sequence bigint, position bigint, case_id text, subject text, headers jsonb, body text, outcome text)
  ORDER BY sequence
  ON CONFLICT (source, event_id) DO NOTHING`;

/** Everything up to this position has been recorded: events up to the next one can be judged. */
const recordedTo = (stream: string): string => `(
  SELECT coalesce(max(upper(range)) - 1, recorded.base) FROM mediator_store.recorded AS recorded
  LEFT JOIN LATERAL unnest(recorded.ranges) AS range ON range @> (recorded.base + 1)
  WHERE recorded.stream = ${stream} GROUP BY recorded.base)`;

/**
 * Whether an earlier event of its customer is in the way of `event`. One that its mediator has refused is in nobody's way: what it lacks may be what comes
 * after it. `OFFSET 0` has each event looked up by itself, whatever the planner believes of how many there are.
 */
const isInTheWay = `EXISTS (
  SELECT FROM mediator_store.initiating_event AS earlier WHERE earlier.customer_id = event.customer_id AND earlier.position < event.position
    AND (earlier.state IN ('received', 'deferred', 'dead-lettered') OR (earlier.state = 'started' AND earlier.waits_until = 'complete'))
    AND (earlier.state <> 'dead-lettered' OR earlier.outcome IS DISTINCT FROM 'refused')
  OFFSET 0)`;

/** Parks what cannot go on yet, and says where each stands. */
export const judge = `
  WITH judged AS MATERIALIZED (
    SELECT event.source, event.event_id, event.state, event.case_id,
      event.state = 'received' AND (event.position > ${recordedTo('$1')} + 1 OR ${isInTheWay}) AS waits
    FROM unnest($2::text[], $3::text[]) AS given (source, event_id)
    JOIN mediator_store.initiating_event AS event ON event.source = given.source AND event.event_id = given.event_id
  ), deferred AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'deferred' FROM judged
    WHERE judged.waits AND event.source = judged.source AND event.event_id = judged.event_id
  )
  SELECT source, event_id AS "eventId", CASE WHEN waits THEN 'deferred' ELSE state END AS state, case_id AS "caseId" FROM judged`;

/**
 * Deferred events whose turn has come, oldest first, locked until the transaction ends; and received ones of an intake that has been gone for long
 * and whose messages nobody delivers again.
 */
export const lockFree = `
  SELECT event.source, event.event_id AS "eventId", event.stream_sequence::float8 AS sequence, event.case_id AS "caseId",
    event.subject, event.headers, event.body,
    event.position = event.stream_sequence + (SELECT base FROM mediator_store.recorded WHERE stream = $1) AS "isOfThisStream",
    to_char(event.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "receivedAt"
  FROM mediator_store.initiating_event AS event
  WHERE event.state IN ('deferred', 'received') AND (event.state = 'deferred' OR event.received_at < now() - interval '2 minutes')
    AND event.body IS NOT NULL AND event.position <= ${recordedTo('$1')} + 1 AND NOT ${isInTheWay}
  ORDER BY event.position LIMIT $2 FOR UPDATE OF event SKIP LOCKED`;

/** How many are deferred, and whether one waits for a place in the queue that nobody has recorded. */
export const countDeferred = `
  SELECT count(*)::int AS deferred, coalesce(bool_or(position > ${recordedTo('$1')} + 1), false) AS "hasGap"
  FROM mediator_store.initiating_event WHERE state = 'deferred'`;

/** Up to so many flows that were started within the last minute and are not complete. Those that wait for a person or a delivery soon do not count any more. */
export const countUnderWay = `
  SELECT count(*)::int AS "underWay" FROM (
    SELECT FROM mediator_store.initiating_event WHERE state = 'started' AND started_at > now() - interval '1 minute' LIMIT $1) AS young`;

/** What the stream no longer holds was recorded, or has been taken out of it by somebody. */
export const noteGone = `
  UPDATE mediator_store.recorded SET ranges = ranges + int8multirange(int8range(base + 1, base + $2::bigint)) WHERE stream = $1 AND $2::bigint > 1`;

/**
 * Marks events started, or complete when their flow had ended before, unless their mediator was faster to say more; those they were resubmitted for are
 * repaired. A resubmitted event that its mediator has refused already stays erroneous.
 */
export const markStarted = `
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS given (source, event_id, case_id, has_ended)
  ), repaired AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'repaired', completed_at = now(), subject = NULL, headers = NULL, body = NULL
    FROM given WHERE event.case_id = given.case_id AND event.state = 'dead-lettered' AND (event.source, event.event_id) <> (given.source, given.event_id)
  ), started AS (
    UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, now()),
      state = CASE WHEN event.state IN ('received', 'deferred') THEN 'started' ELSE event.state END
    FROM given WHERE NOT given.has_ended AND event.source = given.source AND event.event_id = given.event_id
  )
  UPDATE mediator_store.initiating_event AS event SET started_at = coalesce(event.started_at, now()), completed_at = now(), state = 'complete',
    outcome = 'completed', subject = NULL, headers = NULL, body = NULL
  FROM given WHERE given.has_ended AND event.source = given.source AND event.event_id = given.event_id AND event.state IN ('received', 'deferred')`;

/** What stood for a case's event has gone on as it was: nobody waits for it any more. */
export const markRepaired = `
  UPDATE mediator_store.initiating_event AS event SET state = 'repaired', completed_at = now(), subject = NULL, headers = NULL, body = NULL
  WHERE event.case_id = $1 AND event.state = 'dead-lettered'`;

/**
 * Resubmitted events that went on, or were given up together with one that asked for the same, while the erroneous event of their case still stands:
 * whoever started them died before he could say so.
 */
export const untold = `
  SELECT other.source, other.event_id AS "eventId", event.case_id AS "caseId", false AS "hasEnded" FROM mediator_store.initiating_event AS event
  JOIN LATERAL (
    SELECT source, event_id FROM mediator_store.initiating_event AS one
    WHERE one.case_id = event.case_id AND (one.state IN ('started', 'complete') OR (one.state = 'discarded' AND one.outcome = 'double')) LIMIT 1
  ) AS other ON true
  WHERE event.state = 'dead-lettered' LIMIT $1`;

/** Marks events erroneous that turned out so when they were to be started; the case has their bytes. */
export const markDeadLettered = `
  UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = given.case_id, subject = NULL, headers = NULL, body = NULL
  FROM unnest($1::text[], $2::text[], $3::text[]) AS given (source, event_id, case_id)
  WHERE event.source = given.source AND event.event_id = given.event_id AND event.state IN ('received', 'deferred')`;

/**
 * A message that JetStream gave up: its event is erroneous, unless its row says that it went on. Says whether it is lost, also the second time.
 */
export const noteLost = `
  WITH stream AS (
    UPDATE mediator_store.recorded SET ranges = ranges + int8multirange(int8range(base + $2::bigint, base + $2::bigint + 1)) WHERE stream = $1 RETURNING base
  ), there AS (
    SELECT event.source, event.event_id, event.state, event.case_id FROM mediator_store.initiating_event AS event, stream
    WHERE event.stream_sequence = $2::bigint AND event.position = stream.base + $2::bigint
  ), marked AS (
    UPDATE mediator_store.initiating_event AS event SET state = 'dead-lettered', case_id = $3, subject = NULL, headers = NULL, body = NULL FROM there
    WHERE there.state = 'received' AND event.source = there.source AND event.event_id = there.event_id RETURNING 1
  ), added AS (
    INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, customer_id, body_hash, state, stream_sequence, position, case_id)
    SELECT 'unreadable', $3, $5, $6, $4, '', 'dead-lettered', $2::bigint, base + $2::bigint, $3 FROM stream WHERE NOT EXISTS (SELECT FROM there)
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT EXISTS (SELECT FROM marked) OR EXISTS (SELECT FROM added) OR NOT EXISTS (SELECT FROM stream)
    OR EXISTS (SELECT FROM there WHERE state = 'dead-lettered' AND case_id = $3) AS "isLost"`;
