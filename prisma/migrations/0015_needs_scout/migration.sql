-- CreateTable
CREATE TABLE "tip" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "photos" TEXT[],
    "class" TEXT NOT NULL,
    "scout_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "library_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decider_standing_id" TEXT,
    "reason" TEXT,
    "need_id" TEXT,

    CONSTRAINT "tip_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "scout_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "words" TEXT NOT NULL,
    "photos" TEXT[],

    CONSTRAINT "visit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tip_need_id_key" ON "tip"("need_id");

-- CreateIndex
CREATE INDEX "tip_corp_scout_id_at_id_idx" ON "tip"("corp", "scout_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tip_corp_state_library_id_due_idx" ON "tip"("corp", "state", "library_id", "due");

-- CreateIndex
CREATE UNIQUE INDEX "tip_corp_no_key" ON "tip"("corp", "no");

-- CreateIndex
CREATE INDEX "visit_corp_scout_id_at_id_idx" ON "visit"("corp", "scout_id", "at" DESC, "id" DESC);
