-- Repair cases, and the trail of what was done to each.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "repair";

-- CreateTable
CREATE TABLE "repair"."case" (
    "case_id" TEXT NOT NULL,
    "consumer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "stream_sequence" BIGINT NOT NULL,
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

    CONSTRAINT "case_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "repair"."audit" (
    "position" BIGINT NOT NULL,
    "case_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "actor" TEXT,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE INDEX "audit_case_id_idx" ON "repair"."audit"("case_id");

-- What the models cannot say.

ALTER TABLE "repair"."case" ADD CONSTRAINT "case_state"
  CHECK ("state" IN ('repairing', 'waiting', 'resubmitted', 'repaired', 'discarded'));
CREATE INDEX "case_open" ON "repair"."case"("opened_at") WHERE "closed_at" IS NULL;
