import type { Json } from './json';

type Members = Readonly<Record<string, Json>>;

/** An answer as a person reads it, one line for each of its parts: `certain: F01 F03`, `possible: F02 F05–F09`. */
export const inShort = (answer: Json): readonly string[] =>
  isObject(answer)
    ? Object.entries(answer).map(
        ([key, value]) => `${words(key)}: ${isObject(value) ? bare(value, '; ') : plain(value)}`,
      )
    : isListOfObjects(answer)
      ? answer.map((each) => bare(each))
      : [plain(answer)];

const isObject = (value: Json): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOfObjects = (value: Json): value is readonly Members[] => Array.isArray(value) && value.some(isObject);

/** What stands inside of something else: in brackets, unless it is one thing. */
const within = (value: Json): string => {
  if (!isObject(value)) return plain(value);
  return isWindow(value) || isRange(value) || Object.keys(value).length === 1 ? bare(value) : `(${bare(value)})`;
};

const isWindow = (value: Members): boolean => 'earliest' in value && 'latest' in value;
const isRange = (value: Members): boolean => 'min' in value && 'max' in value;
const isChange = (value: Members): boolean => 'before' in value && 'after' in value;

const bare = (value: Members, separator = ', '): string => {
  const { earliest = null, latest = null, min = null, max = null, before = null, after = null, ...rest } = value;
  const known = isWindow(value)
    ? [`[${plain(earliest)}, ${plain(latest)})`]
    : isRange(value)
      ? [`more than ${plain(min)}, less than ${plain(max)}`]
      : isChange(value)
        ? [`"${plain(before)}" → "${plain(after)}"`]
        : [];
  const others = Object.entries(rest).map(([key, each]) => `${words(key)} ${within(each)}`);
  return [...known, ...others].join(separator);
};

const plain = (value: Json): string => {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.endsWith('.') ? `"${value}"` : inMinutes(value);
  if (isListOfObjects(value)) return value.map(within).join(' ');
  return Array.isArray(value) && value.length > 0 ? runs(value.map(String)).join(' ') : 'none';
};

/** `noLowerBound` as words; a name that somebody gave stays as it is. */
const words = (key: string): string =>
  /^[a-z]+([A-Z0-9][a-z0-9]*)+$/.test(key)
    ? key.replace(/[A-Z]|(?<!\d)\d/g, (start) => ` ${start.toLowerCase()}`).replace(/(?<=\d)(?=[a-z])/g, ' ')
    : key;

/** An instant of a whole minute without the rest. */
const inMinutes = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d):00\.000Z$/, '$1Z');

/** Three or more references in a row as `F05–F09`. */
const runs = (references: readonly string[]): string[] => {
  const found: string[][] = [];
  for (const reference of references) {
    const run = found.at(-1);
    if (run !== undefined && follows(run.at(-1) as string, reference)) run.push(reference);
    else found.push([reference]);
  }
  return found.flatMap((run) => (run.length < 3 ? run : [`${run[0]}–${run.at(-1)}`]));
};

const REFERENCE = /^([FG])(\d\d)$/;

const follows = (one: string, other: string): boolean => {
  const [a, b] = [REFERENCE.exec(one), REFERENCE.exec(other)];
  return a !== null && b !== null && a[1] === b[1] && Number(a[2]) + 1 === Number(b[2]);
};
