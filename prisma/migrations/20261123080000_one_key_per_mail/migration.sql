-- The Message-ID follows from the request id. A second unique index is not asked by ON CONFLICT (request_id), and fails attempts that write at once.
-- DropIndex
DROP INDEX "notification"."mail_message_id_key";
