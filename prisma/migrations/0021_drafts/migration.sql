-- CreateTable
CREATE TABLE "draft" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),

    CONSTRAINT "draft_pkey" PRIMARY KEY ("corp","id")
);

-- CreateIndex
CREATE INDEX "draft_corp_person_id_at_idx" ON "draft"("corp", "person_id", "at");

-- CreateIndex
CREATE INDEX "draft_corp_intent_at_idx" ON "draft"("corp", "intent", "at");
