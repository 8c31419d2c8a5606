-- The tables below are what `prisma/schema` says. What Prisma's language cannot say comes after them.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "inventory";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "mediator_store";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "notification";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "order_fulfillment";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "order_placement";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "outbox";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "payment";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "shipping";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "warehouse";

-- CreateTable
CREATE TABLE "inventory"."stock" (
    "isbn" TEXT NOT NULL,
    "on_hand" INTEGER NOT NULL,

    CONSTRAINT "stock_pkey" PRIMARY KEY ("isbn")
);

-- CreateTable
CREATE TABLE "inventory"."taken" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "taken_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(6),

    CONSTRAINT "taken_pkey" PRIMARY KEY ("order_id","isbn")
);

-- CreateTable
CREATE TABLE "inventory"."booked_delivery" (
    "request_id" TEXT NOT NULL,
    "purchase_order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "on_hand" INTEGER NOT NULL,
    "booked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "booked_delivery_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "inventory"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "inventory"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
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

    CONSTRAINT "flow_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "notification"."mail" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_at" TIMESTAMPTZ(6),
    "sent_at" TIMESTAMPTZ(6),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "order_fulfillment"."weight" (
    "isbn" TEXT NOT NULL,
    "grams" INTEGER NOT NULL,

    CONSTRAINT "weight_pkey" PRIMARY KEY ("isbn")
);

-- CreateTable
CREATE TABLE "order_fulfillment"."pick_line" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "pick_line_pkey" PRIMARY KEY ("order_id","isbn")
);

-- CreateTable
CREATE TABLE "order_fulfillment"."parcel" (
    "order_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "weight_grams" INTEGER NOT NULL,
    "lines" JSONB NOT NULL,
    "packed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "unpacked_at" TIMESTAMPTZ(6),

    CONSTRAINT "parcel_pkey" PRIMARY KEY ("order_id","number")
);

-- CreateTable
CREATE TABLE "order_fulfillment"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "order_fulfillment"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "order_placement"."customer" (
    "customer_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "order_placement"."title" (
    "isbn" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "author" TEXT NOT NULL,

    CONSTRAINT "title_pkey" PRIMARY KEY ("isbn")
);

-- CreateTable
CREATE TABLE "order_placement"."price" (
    "isbn" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("isbn","currency")
);

-- CreateTable
CREATE TABLE "order_placement"."shipping_rate" (
    "zone" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "shipping_rate_pkey" PRIMARY KEY ("zone","currency")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "order_placement"."order_line" (
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_amount" INTEGER NOT NULL,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("order_id","isbn")
);

-- CreateTable
CREATE TABLE "order_placement"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "order_placement"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "outbox"."fact" (
    "position" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "body" JSONB NOT NULL,
    "time" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "traceparent" TEXT NOT NULL,
    "stream_sequence" BIGINT,
    "published_at" TIMESTAMPTZ(6),

    CONSTRAINT "fact_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "outbox"."counter" (
    "key" TEXT NOT NULL,
    "last_sequence" BIGINT NOT NULL,

    CONSTRAINT "counter_pkey" PRIMARY KEY ("key")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "payment"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "payment"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "shipping"."carrier" (
    "carrier_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "carrier_pkey" PRIMARY KEY ("carrier_id")
);

-- CreateTable
CREATE TABLE "shipping"."carrier_service" (
    "carrier_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "max_parcel_grams" INTEGER NOT NULL,
    "amount_per_parcel" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "not_to" TEXT[],

    CONSTRAINT "carrier_service_pkey" PRIMARY KEY ("carrier_id","method","zone")
);

-- CreateTable
CREATE TABLE "shipping"."shipment" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "tracking_number" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "parcels" INTEGER NOT NULL,
    "weight_grams" BIGINT NOT NULL,
    "booked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recalled_at" TIMESTAMPTZ(6),

    CONSTRAINT "shipment_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "shipping"."guard" (
    "order_id" TEXT NOT NULL,
    "undone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "guard_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "shipping"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "warehouse"."reorder_rule" (
    "isbn" TEXT NOT NULL,
    "reorder_point" INTEGER NOT NULL,
    "reorder_quantity" INTEGER NOT NULL,

    CONSTRAINT "reorder_rule_pkey" PRIMARY KEY ("isbn")
);

-- CreateTable
CREATE TABLE "warehouse"."purchase_order" (
    "purchase_order_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "intended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "placed_at" TIMESTAMPTZ(6),
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "purchase_order_pkey" PRIMARY KEY ("purchase_order_id")
);

-- CreateTable
CREATE TABLE "warehouse"."answer" (
    "request_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "answer" JSONB,
    "refusal" JSONB,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateIndex
CREATE INDEX "booked_delivery_purchase_order_id_idx" ON "inventory"."booked_delivery"("purchase_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "flow_order_id_key" ON "mediator_store"."flow"("order_id");

-- CreateIndex
CREATE INDEX "flow_received_at_idx" ON "mediator_store"."flow"("received_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "mail_message_id_key" ON "notification"."mail"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "fact_key_sequence_key" ON "outbox"."fact"("key", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "charge_charge_id_key" ON "payment"."charge"("charge_id");

-- CreateIndex
CREATE INDEX "charge_order_id_idx" ON "payment"."charge"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "shipment_tracking_number_key" ON "shipping"."shipment"("tracking_number");

-- CreateIndex
CREATE INDEX "shipment_order_id_idx" ON "shipping"."shipment"("order_id");

-- CreateIndex
CREATE INDEX "purchase_order_request_id_idx" ON "warehouse"."purchase_order"("request_id");

-- AddForeignKey
ALTER TABLE "order_placement"."price" ADD CONSTRAINT "price_isbn_fkey" FOREIGN KEY ("isbn") REFERENCES "order_placement"."title"("isbn") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_placement"."order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order_placement"."placed_order"("order_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipping"."carrier_service" ADD CONSTRAINT "carrier_service_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "shipping"."carrier"("carrier_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the models cannot say: checks, partial indexes, and the one way to write a fact.

ALTER TABLE "order_placement"."price" ADD CONSTRAINT "price_positive" CHECK ("amount" > 0);
ALTER TABLE "order_placement"."shipping_rate" ADD CONSTRAINT "shipping_rate_not_negative" CHECK ("amount" >= 0);
ALTER TABLE "order_placement"."order_line" ADD CONSTRAINT "order_line_positive" CHECK ("quantity" > 0 AND "unit_amount" > 0);
ALTER TABLE "inventory"."stock" ADD CONSTRAINT "stock_not_negative" CHECK ("on_hand" >= 0);
ALTER TABLE "inventory"."taken" ADD CONSTRAINT "taken_positive" CHECK ("quantity" > 0);
ALTER TABLE "inventory"."booked_delivery" ADD CONSTRAINT "booked_delivery_positive" CHECK ("quantity" > 0);
ALTER TABLE "order_fulfillment"."weight" ADD CONSTRAINT "weight_positive" CHECK ("grams" > 0);
ALTER TABLE "warehouse"."reorder_rule" ADD CONSTRAINT "reorder_rule_sane" CHECK ("reorder_point" >= 0 AND "reorder_quantity" > 0);
ALTER TABLE "warehouse"."purchase_order" ADD CONSTRAINT "purchase_order_state" CHECK ("state" IN ('intended', 'placed', 'closed'));
ALTER TABLE "payment"."charge" ADD CONSTRAINT "charge_state" CHECK ("state" IN ('intended', 'applied', 'denied', 'returned'));
ALTER TABLE "payment"."charge" ADD CONSTRAINT "charge_amounts" CHECK ("amount" > 0 AND "refunded_amount" BETWEEN 0 AND "amount");
ALTER TABLE "mediator_store"."flow" ADD CONSTRAINT "flow_state" CHECK ("state" IN ('open', 'held', 'compensating', 'completed', 'cancelled'));
ALTER TABLE "mediator_store"."flow" ADD CONSTRAINT "flow_forgets" CHECK ("finished_at" IS NULL OR "working" IS NULL);

-- An order is shipped once: a second booking has to wait until the first is recalled.
CREATE UNIQUE INDEX "shipment_one_per_order" ON "shipping"."shipment"("order_id") WHERE "recalled_at" IS NULL;

-- At most one open purchase order per title.
CREATE UNIQUE INDEX "purchase_order_one_open_per_title" ON "warehouse"."purchase_order"("isbn") WHERE "state" <> 'closed';

-- What the relay has still to publish.
CREATE INDEX "fact_unpublished" ON "outbox"."fact"("position") WHERE "stream_sequence" IS NULL;

-- The only way to write a fact. The counter's row is locked first and to the end of the transaction: sequences of a key
-- have no gaps, and positions of a key rise with them. So it is called last in a statement, and for one key per transaction.
-- Every fact of a key shares the trace id.
-- (One statement without semicolons inside, because the WebAssembly engine's adapter splits scripts at them.)
CREATE FUNCTION "outbox"."record_fact"("area" text, "name" text, "key" text, "body" jsonb) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH counted AS (
    INSERT INTO outbox.counter AS counter (key, last_sequence) VALUES (record_fact.key, 1)
    ON CONFLICT (key) DO UPDATE SET last_sequence = counter.last_sequence + 1
    RETURNING counter.last_sequence
  ), minted AS MATERIALIZED (
    SELECT gen_random_uuid() AS id
  )
  INSERT INTO outbox.fact (id, key, area, name, sequence, body, time, traceparent)
  SELECT minted.id, record_fact.key, record_fact.area, record_fact.name, counted.last_sequence, record_fact.body, clock_timestamp(),
    '00-' || left(encode(sha256(convert_to(record_fact.key, 'UTF8')), 'hex'), 32)
      || '-' || left(encode(sha256(convert_to(minted.id::text, 'UTF8')), 'hex'), 16) || '-01'
  FROM counted, minted
  RETURNING sequence
$$;
