import { GraphQLError } from 'graphql';

/** One thing that is wrong with a variable; of the variable `input` the path is that of the input's field. */
export interface VariableIssue {
  readonly variable: string;
  readonly path: readonly string[];
  readonly code: string;
  readonly message: string;
}

const MISFIT = /^Variable "\$(\w+)" got invalid value /;
const ABSENT = /^Variable "\$(\w+)" of (?:required type ".*" was not provided|non-null type ".*" must not be null)\.$/;
const MAX_MESSAGE = 300;

/**
 * graphql-js says in words where a variable does not fit; callers get it as a path, as everywhere else, and without the
 * value that they sent: it may be long, or personal.
 */
export const variableIssues = (
  errors: readonly GraphQLError[],
): { issues: VariableIssue[]; others: readonly GraphQLError[] } => {
  const issues: VariableIssue[] = [];
  const others = errors.filter((error) => {
    const issue = issueOf(error);
    if (issue !== undefined) issues.push(issue);
    return issue === undefined;
  });
  return { issues, others };
};

const issueOf = ({ message, originalError }: GraphQLError): VariableIssue | undefined => {
  const absent = ABSENT.exec(message)?.[1];
  if (absent !== undefined) return { variable: absent, path: [], code: 'REQUIRED', message: 'is required' };
  const variable = MISFIT.exec(message)?.[1];
  if (variable === undefined || !(originalError instanceof GraphQLError)) return undefined;
  // The value may hold anything; what follows it is `at "<path>"` and the reason, which is the original error.
  const reason = originalError.message;
  const place = new RegExp(` at "${variable}([^"]*)"$`).exec(message.slice(0, -`; ${reason}`.length))?.[1] ?? '';
  const path = place.split(/[.[\]]+/).filter((step) => step !== '');
  return { variable, ...described(path, reason) };
};

/** Absent and unknown fields are reported at their holder; here, and from the domain, at the field itself. */
const described = (path: readonly string[], reason: string): Omit<VariableIssue, 'variable'> => {
  const required = /^Field "(\w+)" of required type/.exec(reason)?.[1];
  if (required !== undefined) return { path: [...path, required], code: 'REQUIRED', message: 'is required' };
  if (/^Expected non-nullable type/.test(reason)) return { path, code: 'REQUIRED', message: 'is required' };
  const unknown = /^Field "([^"]*)" is not defined/.exec(reason)?.[1];
  const message = reason.length > MAX_MESSAGE ? `${reason.slice(0, MAX_MESSAGE)} …` : reason;
  return unknown === undefined
    ? { path, code: 'INVALID', message }
    : { path: [...path, unknown.slice(0, 64)], code: 'UNKNOWN_FIELD', message };
};
