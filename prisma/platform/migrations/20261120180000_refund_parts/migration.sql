-- AlterTable
ALTER TABLE "refund" ADD COLUMN     "asked_cents" INTEGER;
