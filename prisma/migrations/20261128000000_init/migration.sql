-- The tables of `prisma/schema` come first; constraints, indexes and functions that its language does not have come
-- after.

CREATE SCHEMA IF NOT EXISTS "inventory";
CREATE SCHEMA IF NOT EXISTS "mediator_store";
CREATE SCHEMA IF NOT EXISTS "notification";
CREATE SCHEMA IF NOT EXISTS "order_fulfillment";
CREATE SCHEMA IF NOT EXISTS "order_placement";
CREATE SCHEMA IF NOT EXISTS "outbox";
CREATE SCHEMA IF NOT EXISTS "payment";
CREATE SCHEMA IF NOT EXISTS "repair";
CREATE SCHEMA IF NOT EXISTS "returns";
CREATE SCHEMA IF NOT EXISTS "shipping";
CREATE SCHEMA IF NOT EXISTS "warehouse";

CREATE TABLE "inventory"."stock" (
    "isbn" TEXT NOT NULL,
    "on_hand" INTEGER NOT NULL,

    CONSTRAINT "stock_pkey" PRIMARY KEY ("isbn")
);

CREATE TABLE "inventory"."taken" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "taken_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(6),
    "restocked" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "taken_pkey" PRIMARY KEY ("order_id","isbn")
);

CREATE TABLE "inventory"."booked_delivery" (
    "request_id" TEXT NOT NULL,
    "purchase_order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "on_hand" INTEGER NOT NULL,
    "booked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "booked_delivery_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "inventory"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,
    "round" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "inventory"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "mediator_store"."flow" (
    "request_id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "event_name" TEXT NOT NULL,
    "mediator_class" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "working" JSONB,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),
    "outcome" TEXT,
    "reason" TEXT,
    "total_amount" BIGINT,
    "currency" TEXT,
    "steps" JSONB,
    "amendment" JSONB,
    "amendments" INTEGER NOT NULL DEFAULT 0,
    "open_holds" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "policy" JSONB,
    "rounds" JSONB NOT NULL DEFAULT '{}',
    "interrupted_at" TIMESTAMPTZ(6),

    CONSTRAINT "flow_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "notification"."mail" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT,
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_at" TIMESTAMPTZ(6),
    "sent_at" TIMESTAMPTZ(6),
    "refused_at" TIMESTAMPTZ(6),
    "bounced_at" TIMESTAMPTZ(6),
    "bounce_status" TEXT,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "order_fulfillment"."weight" (
    "isbn" TEXT NOT NULL,
    "grams" INTEGER NOT NULL,

    CONSTRAINT "weight_pkey" PRIMARY KEY ("isbn")
);

CREATE TABLE "order_fulfillment"."pick_line" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "pick_line_pkey" PRIMARY KEY ("order_id","isbn")
);

CREATE TABLE "order_fulfillment"."parcel" (
    "order_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "weight_grams" INTEGER NOT NULL,
    "lines" JSONB NOT NULL,
    "packed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "unpacked_at" TIMESTAMPTZ(6),

    CONSTRAINT "parcel_pkey" PRIMARY KEY ("order_id","number")
);

CREATE TABLE "order_fulfillment"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "order_fulfillment"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "order_placement"."customer" (
    "customer_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "address" JSONB,
    "address_at" TIMESTAMPTZ(6),
    "email_happened_at" TIMESTAMPTZ(6),
    "email_at" TIMESTAMPTZ(6),
    "unreachable_since" TIMESTAMPTZ(6),

    CONSTRAINT "customer_pkey" PRIMARY KEY ("customer_id")
);

CREATE TABLE "order_placement"."title" (
    "isbn" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "author" TEXT NOT NULL,

    CONSTRAINT "title_pkey" PRIMARY KEY ("isbn")
);

CREATE TABLE "order_placement"."price" (
    "isbn" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("isbn","currency")
);

CREATE TABLE "order_placement"."shipping_rate" (
    "zone" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "shipping_rate_pkey" PRIMARY KEY ("zone","currency")
);

CREATE TABLE "order_placement"."placed_order" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "ship_to" JSONB NOT NULL,
    "currency" TEXT NOT NULL,
    "shipping_amount" BIGINT NOT NULL,
    "total_amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancelled_at" TIMESTAMPTZ(6),
    "cancel_reason" TEXT,

    CONSTRAINT "placed_order_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "order_placement"."order_line" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_amount" INTEGER NOT NULL,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("order_id","isbn")
);

CREATE TABLE "order_placement"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "order_placement"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "outbox"."fact" (
    "position" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "epoch" BIGINT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "body" JSONB NOT NULL,
    "time" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "correlation_id" TEXT,
    "causation_id" TEXT,
    "stream_sequence" BIGINT,
    "published_at" TIMESTAMPTZ(6),
    "times_lost" INTEGER NOT NULL DEFAULT 0,
    "unpublishable" TEXT,

    CONSTRAINT "fact_pkey" PRIMARY KEY ("position")
);

CREATE TABLE "outbox"."counter" (
    "key" TEXT NOT NULL,
    "last_sequence" BIGINT NOT NULL,
    "epoch" BIGINT NOT NULL DEFAULT 1,
    "correlation_id" TEXT,

    CONSTRAINT "counter_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "outbox"."stream" (
    "name" TEXT NOT NULL,
    "created" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stream_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "outbox"."epoch" (
    "epoch" BIGINT NOT NULL,
    "began_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "epoch_pkey" PRIMARY KEY ("epoch")
);

CREATE TABLE "payment"."charge" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "charge_id" TEXT,
    "refunded_amount" BIGINT NOT NULL DEFAULT 0,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "charge_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "payment"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,
    "round" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "payment"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "shipping"."shipment" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "parcels" INTEGER NOT NULL,
    "weight_grams" BIGINT NOT NULL,
    "carrier" TEXT,
    "method" TEXT,
    "tracking_number" TEXT,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "booked_at" TIMESTAMPTZ(6),
    "recalled_at" TIMESTAMPTZ(6),

    CONSTRAINT "shipment_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "shipping"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

CREATE TABLE "shipping"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "warehouse"."reorder_rule" (
    "isbn" TEXT NOT NULL,
    "reorder_point" INTEGER NOT NULL,
    "reorder_quantity" INTEGER NOT NULL,

    CONSTRAINT "reorder_rule_pkey" PRIMARY KEY ("isbn")
);

CREATE TABLE "warehouse"."purchase_order" (
    "purchase_order_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "for_waiting" BOOLEAN NOT NULL DEFAULT false,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "placed_at" TIMESTAMPTZ(6),
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "purchase_order_pkey" PRIMARY KEY ("purchase_order_id")
);

CREATE TABLE "warehouse"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "mediator_store"."hold" (
    "hold_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "command" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "help" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "deadline" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),
    "ended_by" TEXT,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("hold_id")
);

CREATE TABLE "mediator_store"."action" (
    "order_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "action_pkey" PRIMARY KEY ("order_id","action_id")
);

CREATE TABLE "inventory"."waiting" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "wanted" INTEGER NOT NULL,
    "put_aside" INTEGER NOT NULL DEFAULT 0,
    "place" BIGINT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waiting_pkey" PRIMARY KEY ("order_id","isbn")
);

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
    "place" TEXT,
    "position" BIGINT,
    "rung_at" TIMESTAMPTZ(6),
    "fault" JSONB,
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

CREATE TABLE "mediator_store"."intake_claim" (
    "queue" TEXT NOT NULL,
    "term" BIGINT NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "intake_claim_pkey" PRIMARY KEY ("queue")
);

CREATE TABLE "mediator_store"."channel_brake" (
    "position" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "per_second" INTEGER,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_brake_pkey" PRIMARY KEY ("position")
);

CREATE TABLE "repair"."case" (
    "case_id" TEXT NOT NULL,
    "consumer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "corrected_headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA,
    "stream_sequence" BIGINT NOT NULL,
    "returned_sequence" BIGINT,
    "customer_id" TEXT,
    "reason" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL DEFAULT 'repairing',
    "rules" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "proposal" BYTEA,
    "resubmissions" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "waiting_since" TIMESTAMPTZ(6),
    "closed_at" TIMESTAMPTZ(6),
    "pruned_at" TIMESTAMPTZ(6),

    CONSTRAINT "case_pkey" PRIMARY KEY ("case_id")
);

CREATE TABLE "repair"."audit" (
    "position" BIGINT NOT NULL,
    "case_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "actor" TEXT,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("position")
);

CREATE TABLE "repair"."audit_head" (
    "chain" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("chain")
);

CREATE TABLE "returns"."return" (
    "request_id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'received',
    "since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline" TIMESTAMPTZ(6),
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "trouble" TEXT,
    "inspected" JSONB,
    "amount" BIGINT,
    "currency" TEXT,
    "policy" JSONB,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "return_pkey" PRIMARY KEY ("request_id")
);

CREATE TABLE "returns"."action" (
    "request_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "action_pkey" PRIMARY KEY ("request_id","action_id")
);

CREATE TABLE "order_placement"."return_line" (
    "return_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "accepted" INTEGER,

    CONSTRAINT "return_line_pkey" PRIMARY KEY ("return_id","isbn")
);

CREATE TABLE "payment"."return_refund" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "plan" JSONB,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "return_refund_pkey" PRIMARY KEY ("request_id")
);

CREATE INDEX "booked_delivery_purchase_order_id_idx" ON "inventory"."booked_delivery"("purchase_order_id");
CREATE UNIQUE INDEX "flow_order_id_key" ON "mediator_store"."flow"("order_id");
CREATE UNIQUE INDEX "fact_key_epoch_sequence_key" ON "outbox"."fact"("key", "epoch", "sequence");
CREATE UNIQUE INDEX "charge_charge_id_key" ON "payment"."charge"("charge_id");
CREATE INDEX "charge_order_id_idx" ON "payment"."charge"("order_id");
CREATE UNIQUE INDEX "shipment_tracking_number_key" ON "shipping"."shipment"("tracking_number");
CREATE INDEX "shipment_order_id_idx" ON "shipping"."shipment"("order_id");
CREATE INDEX "purchase_order_request_id_idx" ON "warehouse"."purchase_order"("request_id");
CREATE INDEX "purchase_order_isbn_intended_at_idx" ON "warehouse"."purchase_order"("isbn", "intended_at");
CREATE INDEX "channel_brake_channel_position_idx" ON "mediator_store"."channel_brake"("channel", "position" DESC);
CREATE INDEX "hold_order_id_idx" ON "mediator_store"."hold"("order_id");
CREATE INDEX "waiting_isbn_place_idx" ON "inventory"."waiting"("isbn", "place");
CREATE INDEX "initiating_event_workflow_id_idx" ON "mediator_store"."initiating_event"("workflow_id");
CREATE INDEX "initiating_event_case_id_idx" ON "mediator_store"."initiating_event"("case_id");
CREATE UNIQUE INDEX "initiating_event_place_key" ON "mediator_store"."initiating_event"("place");
CREATE INDEX "case_opened_at_case_id_idx" ON "repair"."case"("opened_at", "case_id");
CREATE UNIQUE INDEX "audit_step_id_key" ON "repair"."audit"("step_id");
CREATE INDEX "audit_case_id_idx" ON "repair"."audit"("case_id");
CREATE INDEX "return_order_id_idx" ON "returns"."return"("order_id");
CREATE INDEX "return_received_at_idx" ON "returns"."return"("received_at" DESC);
CREATE INDEX "return_line_order_id_idx" ON "order_placement"."return_line"("order_id");

ALTER TABLE "order_placement"."price" ADD CONSTRAINT "price_isbn_fkey" FOREIGN KEY ("isbn") REFERENCES "order_placement"."title"("isbn") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "order_placement"."order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order_placement"."placed_order"("order_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Constraints that Prisma's models do not have.

ALTER TABLE "order_placement"."price" ADD CONSTRAINT "price_positive" CHECK ("amount" > 0);
ALTER TABLE "order_placement"."shipping_rate" ADD CONSTRAINT "shipping_rate_not_negative" CHECK ("amount" >= 0);
ALTER TABLE "order_placement"."order_line" ADD CONSTRAINT "order_line_positive" CHECK ("quantity" > 0 AND "unit_amount" > 0);
ALTER TABLE "inventory"."stock" ADD CONSTRAINT "stock_not_negative" CHECK ("on_hand" >= 0);
ALTER TABLE "inventory"."taken" ADD CONSTRAINT "taken_positive" CHECK ("quantity" > 0);
ALTER TABLE "inventory"."booked_delivery" ADD CONSTRAINT "booked_delivery_positive" CHECK ("quantity" > 0);
ALTER TABLE "order_fulfillment"."weight" ADD CONSTRAINT "weight_positive" CHECK ("grams" > 0);
ALTER TABLE "warehouse"."reorder_rule" ADD CONSTRAINT "reorder_rule_sane" CHECK ("reorder_point" >= 0 AND "reorder_quantity" > 0);
ALTER TABLE "warehouse"."purchase_order" ADD CONSTRAINT "purchase_order_state" CHECK ("state" IN ('intended', 'placed', 'closed'));
ALTER TABLE "shipping"."shipment" ADD CONSTRAINT "shipment_booked" CHECK (("booked_at" IS NULL) = ("tracking_number" IS NULL) AND ("recalled_at" IS NULL OR "booked_at" IS NOT NULL));
ALTER TABLE "payment"."charge" ADD CONSTRAINT "charge_state" CHECK ("state" IN ('intended', 'applied', 'denied', 'returned'));
ALTER TABLE "payment"."charge" ADD CONSTRAINT "charge_amounts" CHECK ("amount" > 0 AND "refunded_amount" BETWEEN 0 AND "amount");
ALTER TABLE "mediator_store"."flow" ADD CONSTRAINT "flow_state" CHECK ("state" IN ('open', 'held', 'compensating', 'completed', 'cancelled'));
ALTER TABLE "mediator_store"."flow" ADD CONSTRAINT "flow_forgets" CHECK ("finished_at" IS NULL OR "working" IS NULL);

-- An order is shipped once: a second booking has to wait until the first is recalled.
CREATE UNIQUE INDEX "shipment_one_per_order" ON "shipping"."shipment"("order_id") WHERE "booked_at" IS NOT NULL AND "recalled_at" IS NULL;

-- At most one open purchase order per title, besides those for waiting orders.
CREATE UNIQUE INDEX "purchase_order_one_open_per_title" ON "warehouse"."purchase_order"("isbn") WHERE "state" <> 'closed' AND NOT "for_waiting";
CREATE INDEX "purchase_order_open" ON "warehouse"."purchase_order"("isbn") WHERE "state" <> 'closed';

-- The facts that the relay has not published yet.
CREATE INDEX "fact_unpublishable" ON "outbox"."fact"("position") WHERE "stream_sequence" IS NULL AND "unpublishable" IS NOT NULL;
CREATE INDEX "fact_unpublished" ON "outbox"."fact"("position") WHERE "stream_sequence" IS NULL;

-- What inventory has told of orders whose titles listeners re-order: `reconcile-stock` reads it.
CREATE INDEX "fact_for_listeners_to_order" ON "outbox"."fact"("time")
  WHERE "name" = 'inventory-updated' AND "body"->>'reorderedBy' = 'listeners';

-- The epoch in which facts are counted. A restored database begins another one.
INSERT INTO "outbox"."epoch" ("epoch") VALUES (1);

-- The only way to write a fact. The counter's row is locked first and to the end of the transaction: sequences of a
-- key have no gaps within an epoch, and positions of a key rise with them. So it is called last in a statement, and for
-- one key per transaction. Who tells facts may call it, and needs no right to the tables: it runs as `outbox_recorder`. "cause" is the command or fact that the fact follows from; "request" is what it belongs to:
-- the facts of an order keep that of the first one.
CREATE FUNCTION "outbox"."record_fact"("area" text, "name" text, "key" text, "body" jsonb, "cause" text DEFAULT NULL, "request" text DEFAULT NULL)
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH counted AS (
    INSERT INTO outbox.counter AS counter (key, last_sequence, epoch, correlation_id)
    SELECT record_fact.key, 1, max(epoch.epoch), CASE WHEN record_fact.area = 'orders' THEN record_fact.request END FROM outbox.epoch
    ON CONFLICT (key) DO UPDATE SET epoch = excluded.epoch,
      last_sequence = CASE WHEN counter.epoch = excluded.epoch THEN counter.last_sequence + 1 ELSE 1 END
    RETURNING counter.epoch, counter.last_sequence, counter.correlation_id
  )
  INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, time, correlation_id, causation_id)
  SELECT gen_random_uuid(), record_fact.key, record_fact.area, record_fact.name, counted.epoch, counted.last_sequence, record_fact.body,
    clock_timestamp(), coalesce(record_fact.request, counted.correlation_id), record_fact.cause
  FROM counted
  RETURNING sequence
$$;

-- Holds and waiting.

ALTER TABLE "mediator_store"."hold" ADD CONSTRAINT "hold_reason" CHECK ("reason" IN ('approval', 'payment', 'stock', 'address', 'packing', 'fault', 'compensation'));
ALTER TABLE "inventory"."waiting" ADD CONSTRAINT "waiting_amounts" CHECK ("wanted" > 0 AND "put_aside" BETWEEN 0 AND "wanted");
ALTER TABLE "mediator_store"."channel_brake" ADD CONSTRAINT "channel_brake_rate" CHECK ("per_second" >= 0);

-- The order that waits longest is first in line; an order keeps its place when it is short again.
CREATE SEQUENCE "inventory"."waiting_place";

-- The flows that have not ended: the reconciler and the list of held orders read them.
CREATE INDEX "flow_unfinished" ON "mediator_store"."flow"("received_at") WHERE "finished_at" IS NULL;
CREATE INDEX "hold_open" ON "mediator_store"."hold"("since") WHERE "ended_at" IS NULL;

-- Charges that were begun and never settled: `reconcile-charges` reads them.
CREATE INDEX "charge_intended" ON "payment"."charge"("intended_at") WHERE "state" = 'intended';

-- Initiating events.

ALTER TABLE "mediator_store"."initiating_event" ADD CONSTRAINT "initiating_event_state"
  CHECK ("state" IN ('received', 'started', 'complete', 'dead-lettered', 'repaired', 'discarded'));

-- The rank of an event among those of its customer. One intake at a time records, in the order of the queue.
CREATE SEQUENCE "mediator_store"."event_position";

-- Each of these indexes names its own column as well. Otherwise the planner, when it believes that hardly any event is
-- open, looks in them for an event that is named by its id or its case, and reads them as a whole.
-- The open events of a customer, and those that later ones wait for, in the order of the queue.
CREATE INDEX "initiating_event_open" ON "mediator_store"."initiating_event"("customer_id", "position")
  WHERE "customer_id" IS NOT NULL
    AND ("state" IN ('received', 'dead-lettered') OR ("state" = 'started' AND "waits_until" = 'complete'));
-- Events whose bell is to be rung: those that start a mediator, and the others.
CREATE INDEX "initiating_event_unrung" ON "mediator_store"."initiating_event"("position") WHERE "rung_at" IS NULL AND "state" = 'received';
CREATE INDEX "initiating_event_untold" ON "mediator_store"."initiating_event"("position") WHERE "rung_at" IS NULL AND "state" <> 'received';
-- Events that were rung for, and are not complete; and dead letters that were repaired, for which later events waited.
CREATE INDEX "initiating_event_rung" ON "mediator_store"."initiating_event"("rung_at")
  WHERE "rung_at" IS NOT NULL AND "state" IN ('received', 'started', 'repaired');
-- Events that a mediator works on: the reconciler reads them.
CREATE INDEX "initiating_event_started" ON "mediator_store"."initiating_event"("started_at", "source", "event_id") WHERE "state" = 'started';
CREATE INDEX "initiating_event_received_at" ON "mediator_store"."initiating_event"("received_at");

-- Repair cases and their trail.

ALTER TABLE "repair"."case" ADD CONSTRAINT "case_state"
  CHECK ("state" IN ('repairing', 'waiting', 'resubmitted', 'repaired', 'discarded'));
CREATE INDEX "case_open" ON "repair"."case"("opened_at") WHERE "closed_at" IS NULL;

-- The chain begins with an empty hash.
INSERT INTO "repair"."audit_head" ("chain", "position", "hash") VALUES ('audit', 0, '');
ALTER TABLE "repair"."audit_head" ADD CONSTRAINT "audit_head_one" CHECK ("chain" = 'audit');

-- A step's hash: over the hash of the one before and all values of the row. Used to write and to verify.
CREATE FUNCTION "repair"."audit_hash"("previous" text, "position" bigint, "case_id" text, "step_id" text, "step" text, "actor" text,
  "details" jsonb, "at" timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(previous, position, case_id, step_id, step, actor, details,
    extract(epoch FROM at)::text)::text, 'UTF8')), 'hex')
$$;

-- Adds a step to the trail and returns its place, or null when the step is there already. The lock on the head is kept
-- until the commit, so it is called last in a transaction. It runs as the role `repair_auditor`, which may only add
-- and read.
CREATE FUNCTION "repair"."append_audit"("case_id" text, "step_id" text, "step" text, "actor" text, "details" jsonb) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH before AS MATERIALIZED (
    SELECT head.position + 1 AS position, head.hash, clock_timestamp() AS at FROM repair.audit_head AS head
    WHERE NOT EXISTS (SELECT FROM repair.audit AS known WHERE known.step_id = append_audit.step_id)
    FOR UPDATE OF head
  ), added AS (
    INSERT INTO repair.audit (position, case_id, step_id, step, actor, details, at, previous_hash, hash)
    SELECT before.position, append_audit.case_id, append_audit.step_id, append_audit.step, append_audit.actor, append_audit.details, before.at,
      before.hash, repair.audit_hash(before.hash, before.position, append_audit.case_id, append_audit.step_id, append_audit.step,
        append_audit.actor, append_audit.details, before.at)
    FROM before
    RETURNING position, hash
  )
  UPDATE repair.audit_head AS head SET position = added.position, hash = added.hash FROM added RETURNING added.position
$$;

-- No role changes or removes rows of the trail, not even the tables' owner or a session that replicates.
CREATE FUNCTION "repair"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit trail of repairs is only added to: % is refused.', TG_OP;
END
$$;

CREATE TRIGGER "audit_is_only_added_to" BEFORE UPDATE OR DELETE OR TRUNCATE ON "repair"."audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "repair"."refuse_change"();
ALTER TABLE "repair"."audit" ENABLE ALWAYS TRIGGER "audit_is_only_added_to";
CREATE TRIGGER "audit_head_stays" BEFORE DELETE OR TRUNCATE ON "repair"."audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "repair"."refuse_change"();
ALTER TABLE "repair"."audit_head" ENABLE ALWAYS TRIGGER "audit_head_stays";

-- The roles that these two functions run as. Roles belong to the whole server, so they may be there already. A migration
-- without the right to make them continues without: the functions run as their owner then, the trigger and the chain
-- hold all the same, and docs/repair.md says how to add the roles.
DO $$
DECLARE
  recorder text;
BEGIN
  FOREACH recorder IN ARRAY ARRAY['repair_auditor', 'outbox_recorder'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = recorder) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', recorder);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
  GRANT USAGE ON SCHEMA repair TO repair_auditor;
  GRANT SELECT, INSERT ON repair.audit TO repair_auditor;
  GRANT SELECT, UPDATE ON repair.audit_head TO repair_auditor;
  GRANT EXECUTE ON FUNCTION repair.audit_hash TO repair_auditor;
  GRANT CREATE ON SCHEMA repair TO repair_auditor;
  ALTER FUNCTION repair.append_audit OWNER TO repair_auditor;
  REVOKE CREATE ON SCHEMA repair FROM repair_auditor;
  GRANT USAGE ON SCHEMA outbox TO outbox_recorder;
  GRANT SELECT ON outbox.epoch TO outbox_recorder;
  GRANT SELECT, INSERT, UPDATE ON outbox.counter TO outbox_recorder;
  GRANT INSERT, SELECT (sequence) ON outbox.fact TO outbox_recorder;
  GRANT USAGE ON SEQUENCE outbox.fact_position_seq TO outbox_recorder;
  GRANT CREATE ON SCHEMA outbox TO outbox_recorder;
  ALTER FUNCTION outbox.record_fact OWNER TO outbox_recorder;
  REVOKE CREATE ON SCHEMA outbox FROM outbox_recorder;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'The roles repair_auditor and outbox_recorder were not made: this user may not make roles.';
END
$$;

-- Otherwise everybody may call what is new.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA outbox, repair FROM PUBLIC;

-- Returns.

ALTER TABLE "returns"."return" ADD CONSTRAINT "return_state" CHECK ("state" IN
  ('received', 'awaiting-approval', 'awaiting-parcel', 'awaiting-inspection', 'refunding', 'completed', 'declined', 'lapsed'));
ALTER TABLE "order_placement"."return_line" ADD CONSTRAINT "return_line_amounts"
  CHECK ("quantity" > 0 AND "accepted" BETWEEN 0 AND "quantity");
ALTER TABLE "payment"."return_refund" ADD CONSTRAINT "return_refund_positive" CHECK ("amount" > 0);
ALTER TABLE "inventory"."taken" ADD CONSTRAINT "taken_restocked" CHECK ("restocked" BETWEEN 0 AND "quantity");

-- The returns that have not ended; those that wait for a person are among them.
CREATE INDEX "return_open" ON "returns"."return"("since") WHERE "finished_at" IS NULL;

-- One refund of an order at a time: each is computed from the amounts that the one before has left.
CREATE UNIQUE INDEX "return_refund_one_at_a_time" ON "payment"."return_refund"("order_id") WHERE "settled_at" IS NULL;

-- The repair desk reads its tables by these: pages by key, never by counting rows that are skipped.

CREATE INDEX "flow_newest" ON "mediator_store"."flow"("received_at" DESC, "request_id" DESC);
CREATE INDEX "flow_state" ON "mediator_store"."flow"("state", "received_at" DESC, "request_id" DESC);
CREATE INDEX "flow_customer" ON "mediator_store"."flow"("customer_id", "received_at" DESC, "request_id" DESC);
-- These find the beginning of an id, in any locale of the database.
CREATE INDEX "flow_order_id_begins" ON "mediator_store"."flow"("order_id" text_pattern_ops);
CREATE INDEX "flow_request_id_begins" ON "mediator_store"."flow"("request_id" text_pattern_ops);

CREATE INDEX "hold_waiting" ON "mediator_store"."hold"("since", "hold_id") WHERE "ended_at" IS NULL;
CREATE INDEX "hold_approvals" ON "mediator_store"."hold"("order_id") WHERE "ended_at" IS NULL AND "reason" = 'approval';
-- The latest changes, for the repair desk's live view.
CREATE INDEX "hold_ended" ON "mediator_store"."hold"("ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "flow_cancelled" ON "mediator_store"."flow"("finished_at") WHERE "state" = 'cancelled';
CREATE INDEX "action_at" ON "mediator_store"."action"("at");

CREATE INDEX "mail_newest" ON "notification"."mail"("intended_at" DESC, "request_id" DESC);
CREATE INDEX "mail_order" ON "notification"."mail"("order_id");
CREATE INDEX "mail_customer" ON "notification"."mail"("customer_id", "intended_at" DESC);
CREATE INDEX "mail_message" ON "notification"."mail"("message_id");

-- The Message-ID of a mail follows from its request id and has no unique index: ON CONFLICT (request_id) would not
-- check such an index, and attempts at once would fail.

-- Pruning finds what is due by these, the oldest first. What was pruned leaves its index.
CREATE INDEX "fact_published" ON "outbox"."fact"("published_at") WHERE "stream_sequence" IS NOT NULL;
CREATE INDEX "answer_with_customer" ON "order_placement"."answer"("at") WHERE "command" IN ('create-order', 'open-return') AND "answer" IS NOT NULL;
CREATE INDEX "case_unpruned" ON "repair"."case"("closed_at") WHERE "pruned_at" IS NULL AND "closed_at" IS NOT NULL;
CREATE INDEX "flow_with_steps" ON "mediator_store"."flow"("finished_at") WHERE "steps" IS NOT NULL AND "finished_at" IS NOT NULL;
