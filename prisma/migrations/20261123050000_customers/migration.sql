-- Customers that register and move, mails about no order, and orders that wait for an approval.

-- AlterTable
ALTER TABLE "order_placement"."customer" ADD COLUMN "address" JSONB;

-- AlterTable
ALTER TABLE "order_placement"."answer" ALTER COLUMN "order_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "notification"."mail" ALTER COLUMN "order_id" DROP NOT NULL;

-- What the models cannot say.

ALTER TABLE "mediator_store"."hold" DROP CONSTRAINT "hold_reason";
ALTER TABLE "mediator_store"."hold" ADD CONSTRAINT "hold_reason"
  CHECK ("reason" IN ('approval', 'payment', 'stock', 'address', 'packing', 'fault', 'compensation'));
