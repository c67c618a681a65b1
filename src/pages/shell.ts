/** What every page has around it: one style, and no script at all. */
import { hash } from 'node:crypto';
import { html, Html } from './html.ts';

/** For a phone first; sizes follow the reader's own text size. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f23; --soft: #565d66; --line: #dfe3e8; --ground: #f3f4f7; --panel: #fff; --brand: #b3261e; --stop: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #a8b0ba; --line: #363c45; --ground: #15181c; --panel: #20242a; --brand: #ff9d94; --stop: #f0c070; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.65 -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif; color: var(--ink); background: var(--ground); overflow-wrap: anywhere; }
main { max-width: 40rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.375rem; line-height: 1.35; margin: 0.25rem 0; }
h2 { font-size: 1.1875rem; line-height: 1.4; margin: 0; }
p { margin: 0.375rem 0; }
.soft { color: var(--soft); font-size: 0.9375rem; }
article { background: var(--panel); border: 1px solid var(--line); border-radius: 0.625rem; padding: 1rem; margin: 1rem 0; }
.sum { font-size: 1.375rem; font-weight: 600; color: var(--brand); margin: 0.5rem 0 0; }
.stop { color: var(--stop); }
dl { display: grid; grid-template-columns: minmax(4.5em, max-content) 1fr; gap: 0.25rem 0.75rem; margin: 0.75rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; margin: 0.75rem 0; }
caption { text-align: start; color: var(--soft); padding-bottom: 0.25rem; }
th { text-align: start; font-weight: 600; padding: 0.375rem 0 0.125rem; }
td { border-top: 1px solid var(--line); padding: 0.25rem 0; vertical-align: top; }
td + td { text-align: end; white-space: nowrap; padding-inline-start: 0.75rem; }
.how { border-top: 1px solid var(--line); padding-top: 0.625rem; margin: 0.75rem 0 0; }
b { font-weight: 600; }
.no { white-space: nowrap; }
footer { padding: 0 0.25rem 2rem; }
`;

export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

export function shell(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.source;
}

/** One sentence, where there is no page to show. */
export function notShown(words: string): string {
  return shell(
    '党建助手',
    html`<h1>打不开</h1>
      <p>${words}</p>`,
  );
}
