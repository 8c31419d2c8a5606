-- What the repair desk's tables are read by: pages by key, never by counting rows that are skipped.

-- flow_newest does what this one did.
DROP INDEX "mediator_store"."flow_received_at_idx";
CREATE INDEX "flow_newest" ON "mediator_store"."flow"("received_at" DESC, "request_id" DESC);
CREATE INDEX "flow_state" ON "mediator_store"."flow"("state", "received_at" DESC, "request_id" DESC);
CREATE INDEX "flow_customer" ON "mediator_store"."flow"("customer_id", "received_at" DESC, "request_id" DESC);
-- For the beginning of an id, whatever the database's language is.
CREATE INDEX "flow_order_id_begins" ON "mediator_store"."flow"("order_id" text_pattern_ops);
CREATE INDEX "flow_request_id_begins" ON "mediator_store"."flow"("request_id" text_pattern_ops);

CREATE INDEX "hold_waiting" ON "mediator_store"."hold"("since", "hold_id") WHERE "ended_at" IS NULL;
CREATE INDEX "hold_approvals" ON "mediator_store"."hold"("order_id") WHERE "ended_at" IS NULL AND "reason" = 'approval';
-- What changed just now.
CREATE INDEX "hold_ended" ON "mediator_store"."hold"("ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "flow_cancelled" ON "mediator_store"."flow"("finished_at") WHERE "state" = 'cancelled';
CREATE INDEX "action_at" ON "mediator_store"."action"("at");

CREATE INDEX "mail_newest" ON "notification"."mail"("intended_at" DESC, "request_id" DESC);
CREATE INDEX "mail_order" ON "notification"."mail"("order_id");
CREATE INDEX "mail_customer" ON "notification"."mail"("customer_id", "intended_at" DESC);
