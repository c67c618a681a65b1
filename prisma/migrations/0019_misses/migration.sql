-- CreateTable
CREATE TABLE "miss" (
    "corp" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "heard" TEXT[],
    "sealed" TEXT NOT NULL,

    CONSTRAINT "miss_pkey" PRIMARY KEY ("corp","id")
);

-- CreateIndex
CREATE INDEX "miss_corp_at_idx" ON "miss"("corp", "at");
