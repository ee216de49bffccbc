/** What is wrong with an input, said so that the caller can mend it. `code` is stable; `message` is for people. */
export interface Fault {
  readonly code: string;
  /** Way to the field, from the input's root; empty = the input itself. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export const fault = (code: string, path: Fault['path'], message: string): Fault => ({ code, path, message });

/** By shape: an object with `code`, `path` and `message`. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'path' in value &&
  Array.isArray(value.path) &&
  'message' in value &&
  typeof value.message === 'string';

/** The same fault, seen from the object that holds its input under `path`. */
export const faultUnder = (path: Fault['path'], found: Fault): Fault => ({ ...found, path: [...path, ...found.path] });
