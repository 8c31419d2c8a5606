import { defineConfig } from 'prisma/config';

/**
 * For Prisma's own tools: `prisma generate`, and `prisma migrate deploy` against the `DATABASE_URL` of the environment.
 */
// Prisma's tools read this file's default export; there is no other way to tell them.
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(process.env['DATABASE_URL'] ? { datasource: { url: process.env['DATABASE_URL'] } } : {}),
});
