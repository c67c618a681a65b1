/** Our texts use no mark-up, so what people wrote into them must not become any (protocol F). */

/** For streams and `response_url`. */
export function plainMarkdown(words: string): string {
  return plainText(words)
    .replaceAll('](', '] (')
    .replace(/([`*_~])/gu, '\\$1');
}

/** For the texts of the app and the group robots, which know `<a href>` and `<@…>`. */
export function plainText(words: string): string {
  return words.replaceAll('<', '＜');
}
