import type { PrismaClient } from '../../prisma/generated/client.ts';

/** Whether a table is there. A listener makes its own at its first start, which may not have been yet. */
export async function tableExists(prisma: Pick<PrismaClient, '$queryRaw'>, table: string): Promise<boolean> {
  const rows = await prisma.$queryRaw<{ exists: boolean }[]>`SELECT to_regclass(${table}) IS NOT NULL AS exists`;
  return rows[0]?.exists ?? false;
}
