/** The inline route constraints of ASP.NET, as tests of the text of one parameter. */

export type Constraint = (value: string) => boolean;

export class RouteError extends Error {}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

const isWhole = (value: string, low: bigint, high: bigint): boolean => {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace(/^\+/, ''));
  return number >= low && number <= high;
};

const PLAIN: Record<string, Constraint> = {
  alpha: (value) => /^[a-z]*$/i.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: (value) => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value),
  double: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
  float: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
  guid: (value) => /^(\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i.test(value),
  int: (value) => isWhole(value, -(2n ** 31n), 2n ** 31n - 1n),
  long: (value) => isWhole(value, -(2n ** 63n), 2n ** 63n - 1n),
  required: (value) => value !== '',
};

const WITH_ARGUMENT: Record<string, (argument: string) => Constraint> = {
  length: (argument) => {
    const [low = Number.NaN, high = low] = argument.split(',').map(Number);
    return (value) => within(value.length, low, high);
  },
  max: (argument) => (value) => isWhole(value, -(2n ** 63n), BigInt(argument)),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  min: (argument) => (value) => isWhole(value, BigInt(argument), 2n ** 63n - 1n),
  minlength: (argument) => (value) => value.length >= Number(argument),
  range: (argument) => {
    const [low = '', high = ''] = argument.split(',').map((part) => part.trim());
    return (value) => isWhole(value, BigInt(low), BigInt(high));
  },
  regex: (argument) => {
    const pattern = new RegExp(argument, 'i');
    return (value) => pattern.test(value);
  },
};

/** The test that `int`, `length(2,4)` and so on stand for. Throws RouteError for a constraint that ASP.NET does not have. */
export const parseConstraint = (text: string): Constraint => {
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(text);
  const [, name = '', argument] = match ?? [];
  const found = argument === undefined ? PLAIN[name.toLowerCase()] : WITH_ARGUMENT[name.toLowerCase()]?.(argument);
  if (!found) throw new RouteError(`Unknown route constraint "${text}".`);
  return found;
};
