/** The dictionary of Chinese words that comes with Node. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** 方案 is a word; 王建国 is not. */
export function isWord(text: string): boolean {
  const [first] = segmenter.segment(text);
  return text.length > 1 && first?.segment.length === text.length;
}
