-- AlterTable
ALTER TABLE "person" ADD COLUMN     "text_only" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "unknown_event" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "door" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unknown_event_pkey" PRIMARY KEY ("corp","id")
);

-- CreateIndex
CREATE INDEX "unknown_event_corp_at_idx" ON "unknown_event"("corp", "at");
