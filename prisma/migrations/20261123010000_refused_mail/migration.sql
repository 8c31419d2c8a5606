-- AlterTable
ALTER TABLE "notification"."mail" ADD COLUMN "refused_at" TIMESTAMPTZ(6);
