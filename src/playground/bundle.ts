/** The page as the browser gets it: made from its source when it is first asked for. */
import { fileURLToPath } from 'node:url';

let bundled: Promise<string> | undefined;

/** The page with Preact in it, minified. */
export function bundlePage(): Promise<string> {
  return (bundled ??= make());
}

async function make(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page/index.tsx', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}
