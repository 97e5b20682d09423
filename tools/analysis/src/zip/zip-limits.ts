/** What is read of an archive. All of them ours, since the format has none below 4 GiB. */
export interface ZipLimits {
  readonly entries: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Most bytes that one packed byte may become, for files of more than `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly pathCharacters: number;
  readonly depth: number;
  /** Reading stops when so many problems were found. */
  readonly problems: number;
}

export const DEFAULT_ZIP_LIMITS: ZipLimits = {
  // The largest wheels on PyPI without native code have some hundred modules.
  entries: 2000,
  // One file is in memory at a time; a registry takes artifacts of 25 MB packed.
  fileBytes: 33_554_432,
  totalBytes: 134_217_728,
  // Source text packs to a fifth, tables of zeros to a thousandth, which is deflate's own end.
  ratio: 100,
  ratioFrom: 1_048_576,
  // Windows takes 260 characters with the folder the application unpacks into.
  pathCharacters: 180,
  depth: 16,
  problems: 50,
};
