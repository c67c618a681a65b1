-- AlterTable
ALTER TABLE "need" ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "fresh_at" TIMESTAMPTZ(3),
ADD COLUMN     "offered_to_id" TEXT;

-- AlterTable
ALTER TABLE "need_note" ALTER COLUMN "person_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "need_edit" (
    "id" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "summary" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decider_standing_id" TEXT,

    CONSTRAINT "need_edit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_appeal" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "words" TEXT NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "ruling" TEXT,
    "reason" TEXT,
    "ruled_at" TIMESTAMPTZ(3),
    "ruler_standing_id" TEXT,

    CONSTRAINT "need_appeal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_claim" (
    "need_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,

    CONSTRAINT "need_claim_pkey" PRIMARY KEY ("need_id","at")
);

-- CreateIndex
CREATE INDEX "need_edit_need_id_at_idx" ON "need_edit"("need_id", "at");

-- CreateIndex
CREATE INDEX "need_appeal_need_id_at_idx" ON "need_appeal"("need_id", "at");

-- CreateIndex
CREATE INDEX "need_corp_state_asked_at_idx" ON "need"("corp", "state", "asked_at");

-- By hand: what the schema cannot say.
INSERT INTO "need_claim" ("need_id", "at", "kind")
SELECT "id", "claimed_at", CASE WHEN "claimant_organisation_id" IS NOT NULL THEN 'COLLECTIVE' WHEN "stage" = 4 THEN 'ASSIGNED' ELSE 'INDIVIDUAL' END
FROM "need" WHERE "claimed_at" IS NOT NULL AND "claimant_id" IS NOT NULL AND "state" <> 'GATHERING';

UPDATE "need" n SET "ended_at" = coalesce((SELECT max(a."at") FROM "audit" a WHERE a."corp" = n."corp" AND a."subject" = n."no" AND a."outcome" = 'done'), n."opened_at")
WHERE n."state" = 'WITHDRAWN' AND n."ended_at" IS NULL;
