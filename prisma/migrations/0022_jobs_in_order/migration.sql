-- DropIndex
DROP INDEX "job_due_at_id_idx";

-- By hand: what the schema cannot say.

ALTER TABLE "job" RENAME COLUMN "lease_ends" TO "free_at";

-- CreateIndex
CREATE INDEX "job_corp_due_at_created_at_id_idx" ON "job"("corp", "due_at", "created_at", "id");
