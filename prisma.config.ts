// Read by Prisma's own CLI, which this project calls only through tools/generate.mjs.
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
});
