-- AlterTable
ALTER TABLE "hotline_call" ADD COLUMN     "told" TEXT,
ALTER COLUMN "need_id" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "hotline_call_corp_kind_at_idx" ON "hotline_call"("corp", "kind", "at" DESC);
