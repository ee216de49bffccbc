import { createReadStream } from 'node:fs';
import { WrongUse } from '../command';

/** The file as a whole cannot be taken, so nothing of it was. */
export class FileRefused extends WrongUse {
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly line?: number,
  ) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${reason}`);
    this.name = 'FileRefused';
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NEWLINE = 0x0a;
/** A line is held in memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** The text of a file, some whole lines at a time, each ending with `\n` alone. Throws FileRefused where it is no UTF-8. */
export async function* linesOfText(file: string): AsyncGenerator<string, void> {
  let rest: Buffer = Buffer.of();
  let line = 1;
  let first = true;
  const decoder = new Decoder(file);
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (first) {
      if (rest.length < 3) continue;
      refuseOtherEncodings(file, rest);
      if (rest.subarray(0, 3).equals(BYTE_ORDER_MARK)) rest = rest.subarray(3);
      first = false;
    }
    const end = rest.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const text = decoder.decode(rest.subarray(0, end), line);
      line += text.split('\n').length - 1;
      rest = rest.subarray(end);
      yield text.replaceAll('\r\n', '\n');
    }
    if (rest.length > MAX_LINE_BYTES)
      throw new FileRefused(file, `is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB in one line`, line);
  }
  if (rest.length > 0) {
    if (first) refuseOtherEncodings(file, rest);
    yield decoder.decode(rest, line).replace(/\r$/, '');
  }
}

class Decoder {
  private readonly strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly file: string) {}

  decode(bytes: Buffer, firstLine: number): string {
    try {
      return this.strict.decode(bytes);
    } catch {
      const before = new TextDecoder().decode(bytes).split('\ufffd', 1)[0] as string;
      const line = firstLine + before.split('\n').length - 1;
      throw new FileRefused(
        this.file,
        'is not written in UTF-8: save it as UTF-8 (in a spreadsheet, “CSV UTF-8”)',
        line,
      );
    }
  }
}

const refuseOtherEncodings = (file: string, begin: Buffer): void => {
  const [one, two] = begin;
  if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff))
    throw new FileRefused(file, 'is written in UTF-16: save it as UTF-8 (in a spreadsheet, “CSV UTF-8”)');
  if (begin.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    throw new FileRefused(file, 'is a spreadsheet or an archive: save it as CSV (“CSV UTF-8”)');
};
