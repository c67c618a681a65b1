/** Writes `.env.example` from the names that config.ts knows. */
import { writeFileSync } from 'node:fs';
import { variables } from '../src/config.ts';

export function envExample(): string {
  const entries = variables.map(
    ({ name, what, form, where, fallback }) => `# ${what}\n# ${form}；${where}\n${name}=${fallback}\n`,
  );
  return `# Written by tools/env-example.ts. An empty value counts as unset.\n\n${entries.join('\n')}`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(new URL('../.env.example', import.meta.url), envExample());
}
