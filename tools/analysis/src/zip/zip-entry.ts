/** One entry as its directory record says, checked against its local header. */
export interface ZipEntry {
  /** Without the slash that ends a folder's name. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of the record in the directory. */
  readonly recordOffset: number;
  readonly headerOffset: number;
  /** The name as bytes, to compare with the local header's. */
  readonly nameBytes: Uint8Array;
}

export const METHOD = { stored: 0, deflated: 8 } as const;

/** General purpose flags, APPNOTE 4.4.4. */
export const FLAG = {
  encrypted: 0x0001,
  descriptor: 0x0008,
  strongEncryption: 0x0040,
  utf8: 0x0800,
  masked: 0x2000,
} as const;
/** What a reader of stored and deflated entries understands: the above, and how hard the compressor tried. */
export const KNOWN_FLAGS: number =
  0x0006 | FLAG.encrypted | FLAG.descriptor | FLAG.strongEncryption | FLAG.utf8 | FLAG.masked;
