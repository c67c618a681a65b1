/** Excel files: bytes → lines of words, and back. What cannot be a roster is refused before anything is read. */
import { inflateRawSync } from 'node:zlib';
import { refuse } from '../../kernel/refusal.ts';
import { writeWorkbook, type Sheet } from '../../kernel/workbook.ts';
import { SHEETS, SHEET_NAMES, type Column, type Field, type Line, type Lines, type SheetName } from './columns.ts';

/** Ten thousand people take a third of a megabyte. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_UNPACKED = 200 * 1024 * 1024;
const MAX_ROWS = 20_000;

const NOT_EXCEL =
  '这个文件不是 .xlsx 工作簿（只改扩展名不行，旧的 .xls 和 .csv 也不行）。请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”再发。';

/** The lines of the three sheets, and what is wrong with the sheets themselves. @throws Refusal `roster.not-xlsx`, `roster.too-big` */
export async function readWorkbook(bytes: Uint8Array): Promise<{ lines: Lines; faults: readonly string[] }> {
  if (bytes.length > MAX_BYTES) refuse('roster.too-big', '文件超过10MB，不像一份名册。请去掉图片和多余的工作表再发。');
  const parts = unpack(Buffer.from(bytes)) ?? refuse('roster.not-xlsx', NOT_EXCEL);
  const { default: read } = await import('read-excel-file/node');
  const sheets = await read(Buffer.from(bytes)).catch(() => refuse('roster.not-xlsx', NOT_EXCEL));

  const faults: string[] = [];
  const lines = { organisations: [], people: [], standings: [] } as { [S in SheetName]: Line<S>[] };
  const missing = SHEET_NAMES.filter((name) => !sheets.some(({ sheet }) => sheet.trim() === SHEETS[name].title));
  if (missing.length > 0) {
    const named = (titles: readonly string[]) => titles.map((title) => `“${title}”`).join('、');
    faults.push(
      `缺少工作表${named(missing.map((name) => SHEETS[name].title))}；文件里有${named(sheets.map(({ sheet }) => sheet).slice(0, 10))}`,
    );
  }
  for (const name of SHEET_NAMES) {
    const found = sheets.find(({ sheet }) => sheet.trim() === SHEETS[name].title);
    if (!found) continue;
    const read = readLines(name, found.data);
    const headers = (found.data[0] ?? []).map(words);
    faults.push(...read.faults, ...formulas(name, parts.get(partOf(parts, found.sheet)) ?? '', headers));
    // One table, three types of line: the compiler cannot follow the name through it.
    (lines[name] as Line<SheetName>[]) = read.lines;
  }
  return { lines, faults };
}

function readLines(name: SheetName, data: readonly (readonly unknown[])[]): { lines: Line<SheetName>[]; faults: string[] } {
  const { title, columns } = SHEETS[name];
  const [head = [], ...rows] = data;
  const headers = head.map(words);
  const faults: string[] = [];
  const places = Object.entries(columns).map(([field, { header, required }]) => {
    const at = headers.indexOf(header);
    if (at < 0 && required) faults.push(`${title} 第1行应有“${header}”这一列`);
    if (headers.lastIndexOf(header) !== at) faults.push(`${title} 第1行“${header}”应只有一列`);
    return { field, at };
  });
  if (rows.length > MAX_ROWS) faults.push(`${title} 应不超过${MAX_ROWS}行，现在有${rows.length}行`);
  if (faults.length > 0) return { lines: [], faults };
  const lines = rows.flatMap((row, i): Line<SheetName>[] => {
    const cells = places.flatMap(({ field, at }) => {
      const said = words(row[at]);
      return said === '' ? [] : [[field, said]];
    });
    return cells.length === 0 ? [] : [{ row: i + 2, cells: Object.fromEntries(cells) as Line<SheetName>['cells'] }];
  });
  return { lines, faults: lines.length === 0 ? [`${title} 应至少有一行，现在只有表头`] : [] };
}

/** A cell as it reads; a date as its day. */
function words(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'boolean') return '';
  return String(cell).replace(/\s+/gu, ' ').trim();
}

/** What a formula shows may be stale or an error, and the reader takes an error for an empty cell: so each is named. */
function formulas(name: SheetName, xml: string, headers: readonly string[]): string[] {
  const { title, columns } = SHEETS[name];
  const ours = new Set<string>(Object.values(columns).map(({ header }) => header));
  return [...xml.matchAll(/<c r="([A-Z]+)(\d+)"([^>]*)>\s*(<f\b)?/gu)].flatMap(
    ([, letters = '', row, attributes = '', formula]) => {
      const place = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const header = headers[place] ?? '';
      const isComputed = formula !== undefined || /\bt="e"/.test(attributes);
      return isComputed && ours.has(header)
        ? [`${title} 第${row}行“${header}”应是填好的内容，现在是公式或错误值；请复制后“选择性粘贴”为数值`]
        : [];
    },
  );
}

/** Which part of the package a sheet is: its relation in the workbook, and that relation's target. */
function partOf(parts: ReadonlyMap<string, string>, sheet: string): string {
  const tags = [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet\b[^>]*>/gu)].map(([tag]) => tag);
  const attribute = (tag: string, attributeName: string) => new RegExp(`\\b${attributeName}="([^"]*)"`, 'u').exec(tag)?.[1] ?? '';
  const relation = attribute(tags.find((tag) => attribute(tag, 'name') === sheet) ?? '', 'r:id');
  const relations = [...(parts.get('xl/_rels/workbook.xml.rels') ?? '').matchAll(/<Relationship\b[^>]*>/gu)].map(([tag]) => tag);
  const target = attribute(relations.find((tag) => attribute(tag, 'Id') === relation) ?? '', 'Target');
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** The XML parts of a zip, none larger unpacked than it says; undefined when it is no sound zip. */
function unpack(zip: Buffer): ReadonlyMap<string, string> | undefined {
  try {
    let end = zip.length - 22;
    while (zip.readUInt32LE(end) !== END) end--;
    const parts = new Map<string, string>();
    let total = 0;
    for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
      if (zip.readUInt32LE(at) !== ENTRY) return undefined;
      const isStored = zip.readUInt16LE(at + 10) === 0;
      const [packed, size] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
      const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
      const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
      total += size;
      if (total > MAX_UNPACKED) return undefined;
      if (/\.(?:xml|rels)$/u.test(name)) {
        const local = zip.readUInt32LE(at + 42);
        const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
        const content = zip.subarray(start, start + packed);
        parts.set(name, (isStored ? content : inflateRawSync(content, { maxOutputLength: size || 1 })).toString('utf8'));
      }
      at += 46 + nameLength + extra + comment;
    }
    return parts;
  } catch {
    return undefined;
  }
}

export type Rows = { readonly [S in SheetName]: readonly { readonly [F in Field<S>]?: string | null }[] };

/** A workbook with these rows under its headers; with `notes` also a sheet that says what each column wants. */
export function writeRoster(rows: Rows, { notes }: { notes: boolean }): Promise<Buffer> {
  const sheets: Sheet[] = SHEET_NAMES.map((name) => {
    const columns = Object.entries(SHEETS[name].columns);
    return {
      title: SHEETS[name].title,
      headers: columns.map(([, { header }]) => header),
      rows: rows[name].map((row: Readonly<Record<string, string | null>>) => columns.map(([field]) => row[field] ?? null)),
    };
  });
  const explained: Sheet = { title: '说明', headers: ['工作表', '列', '要不要填', '怎么填'], rows: columnNotes() };
  return writeWorkbook(notes ? [...sheets, explained] : sheets);
}

/** The README's table is these rows. */
export function columnNotes(): readonly (readonly string[])[] {
  return SHEET_NAMES.flatMap((name) =>
    Object.values<Column>(SHEETS[name].columns).map(({ header, required, note }) => [
      SHEETS[name].title,
      header,
      required ? '必填' : '可空',
      note,
    ]),
  );
}
