-- CreateTable
CREATE TABLE "handoff" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "standing_id" TEXT NOT NULL,
    "county_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "words" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "agent_id" TEXT,
    "agent_standing_id" TEXT,
    "taken_at" TIMESTAMPTZ(3),
    "touched_at" TIMESTAMPTZ(3) NOT NULL,
    "touched_by" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "handoff_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "handoff_corp_state_asked_at_idx" ON "handoff"("corp", "state", "asked_at");

-- CreateIndex
CREATE INDEX "handoff_person_id_state_idx" ON "handoff"("person_id", "state");

-- CreateIndex
CREATE INDEX "handoff_agent_id_state_idx" ON "handoff"("agent_id", "state");

-- CreateIndex
CREATE INDEX "sent_card_corp_sent_at_idx" ON "sent_card"("corp", "sent_at");
