/** Pure: the port to whoever keeps the key that other keys are wrapped with. */

export type WrappedKey = {
  /** The key and the version of it that can unwrap. */
  keyId: string;
  wrapped: Uint8Array;
};

/** Both reject when the keeper cannot be asked, or refuses. */
export type KeyWrapper = {
  wrap: (dataKey: Uint8Array) => Promise<WrappedKey>;
  unwrap: (wrapped: WrappedKey) => Promise<Uint8Array>;
};
