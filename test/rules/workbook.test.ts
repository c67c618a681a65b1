/** 工作簿: what is written is read back, and words never become formulas. */
import { inflateRawSync } from 'node:zlib';
import readExcel from 'read-excel-file/node';
import { expect, test } from 'vitest';
import { moneyCell, writeWorkbook, type Cell } from '../../src/kernel/workbook.ts';

const write = (rows: readonly (readonly Cell[])[]) => writeWorkbook([{ title: '表', headers: ['甲', '乙'], rows }]);

/** Every XML part of the zip, unpacked by its local headers. */
function parts(zip: Buffer): string[] {
  const found: string[] = [];
  for (let at = zip.lastIndexOf('PK\u0001\u0002'); at >= 0; at = zip.lastIndexOf('PK\u0001\u0002', at - 1)) {
    const start = zip.readUInt32LE(at + 42);
    const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    found.push((zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('utf8'));
  }
  return found;
}

test('words, figures and money come back as they are', async () => {
  const [sheet] = await readExcel(
    await write([
      ['力西特电气', 85],
      [moneyCell(382_550n), null],
      ['13800000001', moneyCell(-1n)],
      ['<b>&"\'', ''],
    ]),
  );
  expect(sheet).toMatchObject({
    sheet: '表',
    data: [
      ['甲', '乙'],
      ['力西特电气', 85],
      [3825.5, null],
      ['13800000001', -0.01],
      ['<b>&"\'', null],
    ],
  });
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x",\'y\')', '\t=1', '=cmd|calc'])(
  '%j stays words, also for whoever edits the cell',
  async (words) => {
    const zip = await write([[words, 1]]);
    expect((await readExcel(zip))[0]?.data[1]).toEqual([words.trim(), 1]);
    const xml = parts(zip).join('\n');
    expect(xml).not.toMatch(/<f[ >]/u);
    const [, style = '', type = ''] = /<c r="A2"(?: s="(\d+)")?(?: t="(\w+)")?/u.exec(xml) ?? [];
    expect(['s', 'inlineStr']).toContain(type);
    const formats = [...(/<cellXfs.*?<\/cellXfs>/su.exec(xml)?.[0] ?? '').matchAll(/<xf ([^>]*)>/gu)];
    const id = /<numFmt numFmtId="(\d+)" formatCode="@"/u.exec(xml)?.[1] ?? 'none';
    expect(formats[Number(style)]?.[1]).toContain(`numFmtId="${id}"`);
  },
);
