/** Pure: settings as a schema describes them, each with what it is for. */
import { z } from 'zod';

type Notes = { secret?: boolean; default?: string };

/** A required setting with what it is for. */
export const setting = <S extends z.ZodType>(schema: S, description: string, notes: Notes = {}): S =>
  schema.meta({ description, ...notes });

export const optional = <S extends z.ZodType>(schema: S, description: string, notes: Notes = {}) =>
  schema.optional().meta({ description, ...notes });

/** A setting that takes `text` when it is missing. */
export const defaulted = <S extends z.ZodType<unknown, string>>(schema: S, text: string, description: string) =>
  z.string().default(text).pipe(schema).meta({ description, default: text });
