import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { fault, type Fault } from '@ledger/domain/fault';

/** The class-validator rules of an input type; every fault, with the way to its field. */
export const checkInput = (type: Type<object>, input: object): Fault[] =>
  validateSync(plainToInstance(type, input), { forbidUnknownValues: false }).flatMap((error) => faultsOf(error, []));

const faultsOf = (
  { property, constraints, children }: ValidationError,
  above: readonly (string | number)[],
): Fault[] => {
  const path = [...above, /^\d+$/.test(property) ? Number(property) : property];
  const own = Object.entries(constraints ?? {}).map(([rule, message]) =>
    fault(RULES[rule] ?? 'invalid', path, message.replace(`${property} `, '')),
  );
  return [...own, ...(children ?? []).flatMap((child) => faultsOf(child, path))];
};

const RULES: Readonly<Record<string, string>> = { maxLength: 'too-long', arrayMaxSize: 'too-many' };
