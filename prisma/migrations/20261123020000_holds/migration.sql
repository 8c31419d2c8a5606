-- Holds, what people do to an order, and what a restart needs.

-- CreateTable
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

-- CreateTable
CREATE TABLE "mediator_store"."action" (
    "order_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "action_pkey" PRIMARY KEY ("order_id","action_id")
);

-- CreateTable
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

-- AlterTable
ALTER TABLE "inventory"."guard" ADD COLUMN "round" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "inventory"."booked_delivery" ADD COLUMN "ready" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "payment"."guard" ADD COLUMN "round" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "mediator_store"."flow" ADD COLUMN "amendment" JSONB,
ADD COLUMN "amendments" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "open_holds" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "policy" JSONB,
ADD COLUMN "rounds" JSONB NOT NULL DEFAULT '{}';

-- CreateIndex
CREATE INDEX "hold_order_id_idx" ON "mediator_store"."hold"("order_id");

-- CreateIndex
CREATE INDEX "waiting_isbn_place_idx" ON "inventory"."waiting"("isbn", "place");

-- What the models cannot say.

ALTER TABLE "mediator_store"."hold" ADD CONSTRAINT "hold_reason" CHECK ("reason" IN ('payment', 'stock', 'address', 'packing', 'fault', 'compensation'));
ALTER TABLE "inventory"."waiting" ADD CONSTRAINT "waiting_amounts" CHECK ("wanted" > 0 AND "put_aside" BETWEEN 0 AND "wanted");

-- Who waits longest is first in line, an order keeps its place when it is short again.
CREATE SEQUENCE "inventory"."waiting_place";

-- The flows that have not ended, which is what finding lost workflows and listing held orders look at.
CREATE INDEX "flow_unfinished" ON "mediator_store"."flow"("received_at") WHERE "finished_at" IS NULL;
CREATE INDEX "hold_open" ON "mediator_store"."hold"("since") WHERE "ended_at" IS NULL;

-- Charges that were begun and never settled, which reconciling looks at.
CREATE INDEX "charge_intended" ON "payment"."charge"("intended_at") WHERE "state" = 'intended';
