-- CreateTable
CREATE TABLE "hotline_call" (
    "id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "agent_id" TEXT NOT NULL,
    "need_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "phone_sealed" TEXT NOT NULL,
    "phone_mark" TEXT NOT NULL,
    "caller_sealed" TEXT,
    "summary" TEXT NOT NULL,

    CONSTRAINT "hotline_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "on_behalf" (
    "need_id" TEXT NOT NULL,
    "corp" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "owner_ids" TEXT[],
    "confirm_due" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "call_due" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "called_at" TIMESTAMPTZ(3),

    CONSTRAINT "on_behalf_pkey" PRIMARY KEY ("need_id")
);

-- CreateIndex
CREATE INDEX "hotline_call_corp_phone_mark_at_idx" ON "hotline_call"("corp", "phone_mark", "at" DESC);

-- CreateIndex
CREATE INDEX "hotline_call_need_id_at_idx" ON "hotline_call"("need_id", "at");

-- CreateIndex
CREATE INDEX "on_behalf_corp_outcome_call_due_idx" ON "on_behalf"("corp", "outcome", "call_due");

-- CreateIndex
CREATE INDEX "on_behalf_corp_state_confirm_due_idx" ON "on_behalf"("corp", "state", "confirm_due");
