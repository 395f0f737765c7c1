/** Every method a handler can be called with; `Request` itself refuses the rest. */
export const ALL_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] as const;
