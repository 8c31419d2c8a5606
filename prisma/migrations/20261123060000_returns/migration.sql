-- Returns: the mediator's record, and what order placement, payment and inventory keep of them.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "returns";

-- CreateTable
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

-- CreateTable
CREATE TABLE "returns"."action" (
    "request_id" TEXT NOT NULL,
    "action_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "action_pkey" PRIMARY KEY ("request_id","action_id")
);

-- CreateTable
CREATE TABLE "order_placement"."return_line" (
    "return_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "isbn" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "accepted" INTEGER,

    CONSTRAINT "return_line_pkey" PRIMARY KEY ("return_id","isbn")
);

-- CreateTable
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

-- AlterTable
ALTER TABLE "inventory"."taken" ADD COLUMN "restocked" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "return_order_id_idx" ON "returns"."return"("order_id");

-- CreateIndex
CREATE INDEX "return_received_at_idx" ON "returns"."return"("received_at" DESC);

-- CreateIndex
CREATE INDEX "return_line_order_id_idx" ON "order_placement"."return_line"("order_id");

-- What the models cannot say.

ALTER TABLE "returns"."return" ADD CONSTRAINT "return_state" CHECK ("state" IN
  ('received', 'awaiting-approval', 'awaiting-parcel', 'awaiting-inspection', 'refunding', 'completed', 'declined', 'lapsed'));
ALTER TABLE "order_placement"."return_line" ADD CONSTRAINT "return_line_amounts"
  CHECK ("quantity" > 0 AND "accepted" BETWEEN 0 AND "quantity");
ALTER TABLE "payment"."return_refund" ADD CONSTRAINT "return_refund_positive" CHECK ("amount" > 0);
ALTER TABLE "inventory"."taken" ADD CONSTRAINT "taken_restocked" CHECK ("restocked" BETWEEN 0 AND "quantity");

-- What waits for a person, and what has not ended.
CREATE INDEX "return_open" ON "returns"."return"("since") WHERE "finished_at" IS NULL;

-- One refund of an order at a time: each is reckoned from what the one before it has left.
CREATE UNIQUE INDEX "return_refund_one_at_a_time" ON "payment"."return_refund"("order_id") WHERE "settled_at" IS NULL;
