-- One row per initiating event, from received to complete.

-- CreateTable
CREATE TABLE "mediator_store"."initiating_event" (
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mediator_class" TEXT,
    "waits_until" TEXT,
    "customer_id" TEXT,
    "body_hash" TEXT NOT NULL,
    "workflow_id" TEXT,
    "state" TEXT NOT NULL,
    "stream_sequence" BIGINT,
    "position" BIGINT,
    "case_id" TEXT,
    "subject" TEXT,
    "headers" JSONB,
    "body" BYTEA,
    "outcome" TEXT,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(6),
    "completed_at" TIMESTAMPTZ(6),

    CONSTRAINT "initiating_event_pkey" PRIMARY KEY ("source","event_id")
);

-- CreateTable
CREATE TABLE "mediator_store"."recorded" (
    "stream" TEXT NOT NULL,
    "base" BIGINT NOT NULL,
    "ranges" int8multirange NOT NULL,

    CONSTRAINT "recorded_pkey" PRIMARY KEY ("stream")
);

-- CreateIndex
CREATE INDEX "initiating_event_workflow_id_idx" ON "mediator_store"."initiating_event"("workflow_id");

-- CreateIndex
CREATE INDEX "initiating_event_case_id_idx" ON "mediator_store"."initiating_event"("case_id");

-- CreateIndex
CREATE INDEX "initiating_event_position_idx" ON "mediator_store"."initiating_event"("position");

-- What the models cannot say.

ALTER TABLE "mediator_store"."initiating_event" ADD CONSTRAINT "initiating_event_state"
  CHECK ("state" IN ('received', 'deferred', 'started', 'complete', 'dead-lettered', 'repaired', 'discarded'));

-- What later events of a customer wait for, in the order of the queue.
CREATE INDEX "initiating_event_in_the_way" ON "mediator_store"."initiating_event"("customer_id", "position")
  WHERE "state" IN ('received', 'deferred', 'dead-lettered') OR ("state" = 'started' AND "waits_until" = 'complete');
-- What stands for an open case: an intake looks whether it has gone on meanwhile.
CREATE INDEX "initiating_event_erroneous" ON "mediator_store"."initiating_event"("case_id") WHERE "state" = 'dead-lettered';
-- What waits for that, or was taken up by an intake that is gone.
CREATE INDEX "initiating_event_not_started" ON "mediator_store"."initiating_event"("position") WHERE "state" IN ('deferred', 'received');
-- What mediators have in hand: the reconciler looks through it.
CREATE INDEX "initiating_event_started" ON "mediator_store"."initiating_event"("started_at", "source", "event_id") WHERE "state" = 'started';
CREATE INDEX "initiating_event_received_at" ON "mediator_store"."initiating_event"("received_at");
