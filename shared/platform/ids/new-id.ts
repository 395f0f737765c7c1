/** Makes random ids of 130 bits. */
import { randomBytes } from 'node:crypto';
import { spellId } from './spell-id.ts';

export type NewId = () => string;

export const newId: NewId = () => spellId(randomBytes(26));
