import type { FactFields } from './fact';

/** A fact of any kind, checked against its schema, as its command carries it. */
export interface FactDraft {
  readonly type: string;
  readonly payload: FactFields & Readonly<Record<string, unknown>>;
}
