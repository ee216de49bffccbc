import { Presets, SingleBar } from 'cli-progress';

/** Tells how far something has come. `total` may be unknown, or become known on the way. */
export type Advance = (done: number, total?: number) => void;

interface Progress {
  readonly at: Advance;
  /** Clears the bar. What came out of it is for the command to say. */
  end(): void;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const LINE_EVERY_MS = 5_000;

/** One at a time: what begins to advance ends what was shown before. */
export class ProgressDisplay {
  private shown: Progress | undefined;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = Date.now,
  ) {}

  /** A bar on a terminal, a plain line every few seconds elsewhere. */
  begin(title: string, unit: string): Advance {
    let progress: Progress | undefined;
    return (done, total) => {
      if (progress === undefined) {
        this.end();
        this.shown = progress =
          this.stream.isTTY === true
            ? bar(title, unit, this.stream as unknown as NodeJS.WritableStream)
            : lines(title, unit, this.stream, this.now);
      }
      progress.at(done, total);
    };
  }

  /** A line that stays, while what is shown goes on below it. */
  above(line: string): void {
    const erase = this.shown !== undefined && this.stream.isTTY === true ? '\r\x1b[2K' : '';
    this.stream.write(`${erase}${line}\n`);
  }

  end(): void {
    this.shown?.end();
    this.shown = undefined;
  }
}

const bar = (title: string, unit: string, stream: NodeJS.WritableStream): Progress => {
  const started = Date.now();
  const single = new SingleBar(
    {
      stream,
      clearOnComplete: true,
      hideCursor: false, // nor the wrapping of lines: whoever kills it wants the terminal back as it was
      linewrap: true,
      fps: 5,
      format: (options, { value, total, progress }) => {
        const width = 24;
        const full = Math.round(Math.min(1, progress) * width);
        const complete = String(options.barCompleteString).slice(0, full);
        const rest = String(options.barIncompleteString).slice(0, width - full);
        return `${title} ${total > 0 ? `${complete}${rest} ` : ''}${inWords({ unit, done: value, total, started, now: Date.now() })}`;
      },
    },
    Presets.shades_classic,
  );
  single.start(0, 0);
  return {
    at(done, total) {
      if (total !== undefined) single.setTotal(total);
      single.update(done);
    },
    end: () => single.stop(),
  };
};

const lines = (title: string, unit: string, stream: ProgressStream, now: () => number): Progress => {
  const started = now();
  let last = started;
  return {
    // Asked at every step and not by a timer, which would not fire while a synchronous step is at work.
    at(done, total) {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      stream.write(`${title}: ${inWords({ unit, done, total, started, now: last })}\n`);
    },
    end: () => undefined,
  };
};

interface State {
  readonly unit: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly started: number;
  readonly now: number;
}

/** `1200 of 54000 events, 2400 a second, 22 s left` */
const inWords = ({ unit, done, total = 0, started, now }: State): string => {
  const seconds = (now - started) / 1000;
  const rate = seconds > 0 ? done / seconds : 0;
  const words = [total > 0 ? `${done} of ${total} ${unit}` : `${done} ${unit}`];
  if (rate > 0) words.push(`${Math.round(rate)} a second`);
  if (rate > 0 && total > done) words.push(`${duration((total - done) / rate)} left`);
  return words.join(', ');
};

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
};
