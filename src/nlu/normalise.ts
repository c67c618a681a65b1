/** One way to write what people type: half-width letters, digits and hyphens, plain spaces, nothing invisible. */
const FULL_WIDTH = /[０-９Ａ-Ｚａ-ｚ－]/gu;
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cn}\p{Cs}]|(?![\n\t])\p{Cc}/gu;

/** Punctuation stays as typed: it is shown again. */
export function normalise(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\s+/gu, ' ')
    .trim();
}
