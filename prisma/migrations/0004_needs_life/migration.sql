-- AlterTable
ALTER TABLE "need" ADD COLUMN     "claimant_organisation_id" TEXT,
ADD COLUMN     "delivered_at" TIMESTAMPTZ(3),
ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "fault" TEXT,
ADD COLUMN     "nudges" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "outcome" TEXT,
ADD COLUMN     "rating" INTEGER,
ADD COLUMN     "rating_words" TEXT,
ADD COLUMN     "rectifications" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rectify_due" TIMESTAMPTZ(3),
ADD COLUMN     "stage" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "started_at" TIMESTAMPTZ(3),
ADD COLUMN     "wanted" INTEGER;

-- CreateTable
CREATE TABLE "need_note" (
    "id" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "words" TEXT NOT NULL,
    "photos" TEXT[],

    CONSTRAINT "need_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_member" (
    "need_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "need_member_pkey" PRIMARY KEY ("need_id","person_id")
);

-- CreateIndex
CREATE INDEX "need_note_need_id_at_idx" ON "need_note"("need_id", "at");

-- By hand: what the schema cannot say.
-- What waits already gets the timer that goes on with it, as if it had begun to wait now.
INSERT INTO "job" ("id", "corp", "name", "key", "payload", "due_at", "created_at")
SELECT md5('need.go-on:' || "id"), "corp", 'need.go-on', "no", jsonb_build_object('no', "no", 'state', "state"), now() + interval '7 days', now()
FROM "need" WHERE "state" IN ('OPEN', 'CLAIMED');
