-- AlterTable
ALTER TABLE "need" ADD COLUMN     "channel" TEXT NOT NULL DEFAULT 'CHAT',
ADD COLUMN     "deadline" DATE,
ADD COLUMN     "owner" TEXT NOT NULL DEFAULT 'ENTERPRISE',
ADD COLUMN     "people" INTEGER,
ADD COLUMN     "place" TEXT,
ADD COLUMN     "skills" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "urgency" TEXT NOT NULL DEFAULT 'NORMAL';

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "place" TEXT,
ADD COLUMN     "skills" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "need_photo" (
    "corp" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "need_photo_pkey" PRIMARY KEY ("need_id","sha256")
);

-- CreateIndex
CREATE INDEX "need_photo_corp_sha256_idx" ON "need_photo"("corp", "sha256");

-- By hand: what the schema cannot say.
UPDATE "need" SET "channel" = 'HOTLINE' WHERE "id" IN (SELECT "need_id" FROM "on_behalf");
UPDATE "need" n SET "owner" = CASE s."role" WHEN 'WORKER' THEN 'WORKER' ELSE 'MEMBER' END
FROM "standing" s WHERE s."id" = n."standing_id" AND s."role" IN ('WORKER', 'PARTY_MEMBER', 'PARTY_SECRETARY');
