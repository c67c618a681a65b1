/** 工作簿: tables of words and figures, and the Excel file they become. */
import type { Fen } from './money.ts';

/** Words stay words, whatever they begin with. `fen` is money: shown in yuan, and a number that can be added up. */
export type Cell = string | number | null | { readonly fen: string };

/** `title` has at most 31 characters, none of []:*?/\. */
export type Sheet = {
  readonly title: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** `name`: of the file, without its ending. */
export type Workbook = { readonly name: string; readonly sheets: readonly Sheet[] };

/** Rows of one sheet; more is no table that somebody reads. */
export const MOST_ROWS = 10_000;

export function moneyCell(fen: Fen): Cell {
  return { fen: String(fen) };
}

/** Width of a column on the screen, in characters. */
const WIDTH = { least: 8, most: 40 } as const;

export async function writeWorkbook(sheets: readonly Sheet[]): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  return write(
    sheets.map(({ title, headers, rows }) => ({
      sheet: title,
      data: [
        headers.map((header) => ({ ...words(header), fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map((cell) => written(cell))),
      ],
      columns: headers.map((header, i) => ({ width: widthOf([header, ...rows.map((row) => row[i] ?? null)]) })),
      stickyRowsCount: 1,
    })),
  ).toBuffer();
}

/** Of the format Text: who edits such a cell makes no formula of =1+1 either. */
function words(value: string) {
  return { type: String, value, format: '@' };
}

function written(cell: Cell) {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'string') return words(cell);
  if (typeof cell === 'number') return { type: Number, value: cell };
  return { type: Number, value: Number(cell.fen) / 100, format: '#,##0.00' };
}

/** A Chinese character takes the room of two others. */
function widthOf(cells: readonly Cell[]): number {
  const widths = cells.map((cell) => {
    if (cell === null) return 0;
    if (typeof cell === 'object') return cell.fen.length + 2;
    return String(cell).replace(/[^\p{ASCII}]/gu, '  ').length;
  });
  return Math.min(WIDTH.most, Math.max(WIDTH.least, ...widths) + 2);
}
