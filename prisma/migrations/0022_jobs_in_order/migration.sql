-- DropIndex
DROP INDEX "job_due_at_id_idx";

-- AlterTable
ALTER TABLE "job" ADD COLUMN     "queue" TEXT;

-- By hand: what the schema cannot say.

ALTER TABLE "job" RENAME COLUMN "lease_ends" TO "free_at";

-- What waits to be sent keeps its order.
UPDATE "job" SET "queue" = CASE
  WHEN "name" IN ('notice.send', 'notice.file') THEN 'person:' || ("payload" ->> 'to')
  WHEN "name" = 'notice.group' THEN 'group:' || ("payload" ->> 'chat')
  WHEN "name" IN ('notice.stamp', 'notice.renew') THEN 'matter:' || ("payload" ->> 'key')
END;

-- CreateIndex
CREATE INDEX "job_corp_due_at_created_at_id_idx" ON "job"("corp", "due_at", "created_at", "id");

-- CreateIndex
CREATE INDEX "job_corp_queue_due_at_created_at_id_idx" ON "job"("corp", "queue", "due_at", "created_at", "id");
