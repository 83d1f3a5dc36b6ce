/** snappyjs brings no types; tests compress with it, so that what we undo was made by somebody else. */
declare module 'snappyjs' {
  const snappy: { compress(bytes: Uint8Array): Uint8Array; uncompress(bytes: Uint8Array, limit?: number): Uint8Array };
  export default snappy;
}
