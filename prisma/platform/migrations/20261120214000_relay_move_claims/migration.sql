-- AlterTable
ALTER TABLE "relay_move" ADD COLUMN     "claim" TEXT;
