/** `WARN`: it goes on like this, but somebody should look. `FAIL`: something is lost, broken or in danger. */
export type Grade = 'OK' | 'WARN' | 'FAIL';

/** What one check found: a line about what is so and, unless it is fine, one about what to do. */
export interface Finding {
  readonly check: string;
  readonly grade: Grade;
  readonly what: string;
  readonly todo?: string;
}

export const ok = (check: string, what: string): Finding => ({ check, grade: 'OK', what });
export const warn = (check: string, what: string, todo: string): Finding => ({ check, grade: 'WARN', what, todo });
export const fail = (check: string, what: string, todo: string): Finding => ({ check, grade: 'FAIL', what, todo });
