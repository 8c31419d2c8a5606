import type { PrismaClient } from '../../prisma/generated/client.ts';

/** How many repair cases are not closed. */
export async function countOpenCases(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<number> {
  const [row] = await prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM repair.case WHERE closed_at IS NULL`;
  return row?.count ?? 0;
}
