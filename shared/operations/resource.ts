/** Pure: one thing as upstream shows it, read without trusting its shape. */
export type Resource = Record<string, unknown>;

export const asResource = (body: unknown): Resource => (typeof body === 'object' && body !== null ? (body as Resource) : {});
