import { z } from 'zod';
import { fieldMeta, innerType } from './fields';

/** One protected value inside a payload. */
export interface ProtectedField {
  /** RFC 6901 pointer into the payload. */
  readonly pointer: string;
  readonly value: unknown;
  /** Whose key protects it; absent = the fact's own text key. */
  readonly subject: string | undefined;
}

/** Every protected value present in `payload`, in schema order. Pure; the payload must satisfy the schema. */
export const protectedFields = (schema: z.core.$ZodType, payload: unknown): ProtectedField[] => {
  const found: ProtectedField[] = [];
  const visit = (node: z.core.$ZodType, value: unknown, pointer: string, holder: Record<string, unknown>): void => {
    if (value === undefined || value === null) return;
    const meta = fieldMeta(node);
    if (meta?.protect !== undefined) {
      if (!isRedacted(value))
        found.push({ pointer, value, subject: meta.protect === 'personal' ? meta.subject?.(holder) : undefined });
      return;
    }
    const inner = innerType(node);
    if (inner !== undefined) return visit(inner, value, pointer, holder);
    if (node instanceof z.ZodObject) {
      const object = value as Record<string, unknown>;
      for (const [key, child] of Object.entries<z.core.$ZodType>(node.shape))
        visit(child, object[key], `${pointer}/${key}`, object);
    } else if (node instanceof z.ZodArray) {
      (value as unknown[]).forEach((entry, index) => visit(node.element, entry, `${pointer}/${index}`, holder));
    } else if (node instanceof z.ZodUnion) {
      const option = node.options.find((candidate) => z.safeParse(candidate, value).success);
      if (option !== undefined) visit(option, value, pointer, holder);
    }
  };
  visit(schema, payload, '', {});
  return found;
};

const isRedacted = (value: unknown): boolean => typeof value === 'object' && value !== null && 'redacted' in value;

/** The payload without what is protected: ids, times, tokens and values of closed lists. Erasure need not reach it. */
export const clearPart = (schema: z.core.$ZodType, payload: unknown): unknown => {
  if (payload === undefined || payload === null) return payload;
  if (fieldMeta(schema)?.protect !== undefined) return undefined;
  const inner = innerType(schema);
  if (inner !== undefined) return clearPart(inner, payload);
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries<z.core.$ZodType>(schema.shape)
        .map(([name, child]) => [name, clearPart(child, (payload as Record<string, unknown>)[name])] as const)
        .filter(([, value]) => value !== undefined),
    );
  if (schema instanceof z.ZodArray)
    return (payload as unknown[])
      .map((entry) => clearPart(schema.element, entry))
      .filter((entry) => entry !== undefined);
  if (schema instanceof z.ZodUnion) {
    const option = schema.options.find((candidate) => z.safeParse(candidate, payload).success);
    return option === undefined ? undefined : clearPart(option, payload);
  }
  return payload;
};
