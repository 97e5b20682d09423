// What the runner's server answers for one path, and how that is written in a vector.

/** Anything a server can answer: a file, or one of the things that a client must not take for one. */
export type ServedFile =
  | Uint8Array
  | { readonly status: number }
  | { readonly redirect: string }
  | { readonly contentType: string; readonly text: string }
  | { readonly fill: string; readonly length: number };

/** As in case.json and the trees: a string is UTF-8 text, null a file that is not there. */
export type FileJson = string | null | { readonly base64: string } | Exclude<ServedFile, Uint8Array>;

export type FilesJson = Readonly<Record<string, FileJson>>;

export function fileToJson(file: ServedFile): FileJson {
  if (!(file instanceof Uint8Array)) return file;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
    // A module begins with a zero byte: such files are easier to recognise in base64.
    if (!text.includes('\0')) return text;
  } catch {
    // Not text.
  }
  return { base64: base64Of(file) };
}

export function fileFromJson(json: Exclude<FileJson, null>): ServedFile {
  if (typeof json === 'string') return new TextEncoder().encode(json);
  if ('base64' in json) return Uint8Array.from(atob(json.base64), (char) => char.charCodeAt(0));
  return json;
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
