/** Pure: tells a value from its absence. */
export const isDefined = <T>(value: T | undefined): value is T => value !== undefined;
