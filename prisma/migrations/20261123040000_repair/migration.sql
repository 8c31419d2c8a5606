-- Repair cases, and the trail of what was done to each.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "repair";

-- CreateTable
CREATE TABLE "repair"."case" (
    "case_id" TEXT NOT NULL,
    "consumer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
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

    CONSTRAINT "case_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "repair"."audit_head" (
    "chain" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("chain")
);

-- CreateIndex
CREATE INDEX "case_opened_at_case_id_idx" ON "repair"."case"("opened_at", "case_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_step_id_key" ON "repair"."audit"("step_id");

-- CreateIndex
CREATE INDEX "audit_case_id_idx" ON "repair"."audit"("case_id");

-- What the models cannot say.

ALTER TABLE "repair"."case" ADD CONSTRAINT "case_state"
  CHECK ("state" IN ('repairing', 'waiting', 'resubmitted', 'repaired', 'discarded'));
CREATE INDEX "case_open" ON "repair"."case"("opened_at") WHERE "closed_at" IS NULL;

-- The chain begins with the hash of nothing.
INSERT INTO "repair"."audit_head" ("chain", "position", "hash") VALUES ('audit', 0, '');
ALTER TABLE "repair"."audit_head" ADD CONSTRAINT "audit_head_one" CHECK ("chain" = 'audit');

-- A step's hash: over the hash of the one before and everything the row says. Used to write and to verify.
CREATE FUNCTION "repair"."audit_hash"("previous" text, "position" bigint, "case_id" text, "step_id" text, "step" text, "actor" text,
  "details" jsonb, "at" timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(previous, position, case_id, step_id, step, actor, details,
    extract(epoch FROM at)::text)::text, 'UTF8')), 'hex')
$$;

-- Adds a step to the trail and returns its place, or null when the step is there already. The lock on the head is kept until the commit: last in a
-- transaction. It runs as the role `repair_auditor`, who may add and read, and nothing else.
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

-- Rows of the trail are never changed or removed, by nobody: also not by the tables' owner, and not in a session that replicates.
-- The semicolons of the bodies below are written as \x3b: what applies migrations splits their text at semicolons.
CREATE FUNCTION "repair"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS
  E'BEGIN RAISE EXCEPTION ''The audit trail of repairs is only added to: % is refused.'', TG_OP\x3b END';

CREATE TRIGGER "audit_is_only_added_to" BEFORE UPDATE OR DELETE OR TRUNCATE ON "repair"."audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "repair"."refuse_change"();
ALTER TABLE "repair"."audit" ENABLE ALWAYS TRIGGER "audit_is_only_added_to";
CREATE TRIGGER "audit_head_stays" BEFORE DELETE OR TRUNCATE ON "repair"."audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "repair"."refuse_change"();
ALTER TABLE "repair"."audit_head" ENABLE ALWAYS TRIGGER "audit_head_stays";

-- The insert-only role. Roles belong to the whole server, so it may be there already. Who migrates without the right to make one goes on without:
-- the trigger and the chain hold all the same, and docs/repair.md says how to add the role.
DO E'BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ''repair_auditor'') THEN
    BEGIN CREATE ROLE repair_auditor NOLOGIN\x3b EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL\x3b END\x3b
  END IF\x3b
  GRANT USAGE ON SCHEMA repair TO repair_auditor\x3b
  GRANT SELECT, INSERT ON repair.audit TO repair_auditor\x3b
  GRANT SELECT, UPDATE ON repair.audit_head TO repair_auditor\x3b
  GRANT CREATE ON SCHEMA repair TO repair_auditor\x3b
  ALTER FUNCTION repair.append_audit OWNER TO repair_auditor\x3b
  REVOKE CREATE ON SCHEMA repair FROM repair_auditor\x3b
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE ''The role repair_auditor was not made: this user may not make roles.''\x3b
END';
