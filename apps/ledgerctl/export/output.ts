import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Terminal } from '../command';

/** Where an export goes, line by line: standard output, or a file that gets its name when it is whole. */
export interface Output {
  line(text: string): void | Promise<void>;
  /** It is complete. */
  finish(): void;
  /** It is not, and leaves nothing behind. */
  giveUp(): void;
}

export const outputTo = (file: string | undefined, { say, taken }: Terminal): Output =>
  file !== undefined
    ? new FileOutput(file)
    : {
        line(text) {
          say(text);
          return taken();
        },
        finish: () => undefined,
        giveUp: () => undefined,
      };

const BUFFERED = 64 * 1024;

class FileOutput implements Output {
  private readonly unfinished: string;
  private readonly fd: number;
  private buffer = '';

  constructor(private readonly file: string) {
    this.unfinished = `${file}.partial-${process.pid}`;
    this.fd = openSync(this.unfinished, 'wx', 0o600);
  }

  line(text: string): void {
    this.buffer += `${text}\n`;
    if (this.buffer.length > BUFFERED) this.flush();
  }

  finish(): void {
    this.flush();
    fsyncSync(this.fd);
    closeSync(this.fd);
    renameSync(this.unfinished, this.file);
  }

  giveUp(): void {
    closeSync(this.fd);
    rmSync(this.unfinished, { force: true });
  }

  private flush(): void {
    writeSync(this.fd, this.buffer);
    this.buffer = '';
  }
}
