/** The frame makers of rhea, which its own typings leave out. */
declare module 'rhea/lib/frames.js' {
  const frames: {
    disposition: (fields: { role: boolean; first: number; last: number; settled: boolean; state: unknown }) => object;
  };
  export default frames;
}
