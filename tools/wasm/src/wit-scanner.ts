/**
 * Cuts a WIT document into tokens, one at a time, because a version is read in another way than the rest. Nothing is kept
 * of comments. Characters that hide or turn text are refused wherever they stand: a reviewer must see what is read.
 */
import { WasmError, type WasmErrorCode } from './error.ts';
import { isKeyword } from './wit-names.ts';

/** One file: `name` is only said in errors. */
export interface WitDocument {
  readonly name: string;
  readonly text: string;
}

/** `word` is a name or keyword as it stands; a name after `%` is never a keyword. */
export interface WitToken {
  readonly kind: 'word' | 'name' | 'symbol' | 'integer' | 'end';
  readonly text: string;
  readonly at: number;
}

/** How much is read. Real interfaces are far below; the numbers of types are wasmparser's where it has one. */
export const WIT_LIMITS = { characters: 2_000_000, documents: 1_000, depth: 100, items: 200_000 } as const;

// Control characters but tab and line ends, those without width, those that change direction, lone surrogates.
const HIDDEN = /[^\P{Cc}\t\n\r]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const SPACE = /[ \t\r\n]*/y;
const WORD = /%?[a-zA-Z][a-zA-Z0-9-]*/y;
const INTEGER = /[0-9]+/y;
const SYMBOL = /->|[=,:;(){}<>*./@_]/y;
/** As semver.org has it; a dot belongs to it only when an identifier follows, since `.{` ends it. */
const VERSION =
  /[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;

export class WitScanner {
  readonly document: WitDocument;
  #at = 0;
  #next: WitToken | undefined;

  constructor(document: WitDocument) {
    this.document = document;
    const { text } = document;
    if (text.length > WIT_LIMITS.characters)
      throw new WasmError('WASM_LIMIT', 'the text is longer than is read', {
        offset: 0,
        details: { limit: 'witCharacters', file: document.name },
      });
    const hidden = HIDDEN.exec(text);
    if (hidden !== null)
      throw this.error('WIT_SYNTAX', hidden.index, 'a character that cannot be seen or that turns text around');
  }

  /** For the caller to throw. `at` counts UTF-16 units; the error has bytes, line and column. */
  error(code: WasmErrorCode, at: number, message: string, details: Readonly<Record<string, unknown>> = {}): WasmError {
    const before = this.document.text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const offset = new TextEncoder().encode(before).length;
    return new WasmError(code, `${this.document.name}:${line}:${column}: ${message}`, {
      offset,
      details: { file: this.document.name, line, column, ...details },
    });
  }

  peek(): WitToken {
    this.#next ??= this.#scan();
    return this.#next;
  }

  next(): WitToken {
    const token = this.peek();
    this.#next = undefined;
    return token;
  }

  /** The version after an `@` that was just taken. */
  version(): string {
    const { at } = this.peek();
    const text = this.#match(VERSION, at);
    if (text === undefined) throw this.error('WIT_SYNTAX', at, 'a version as 1.2.3 was expected');
    this.#at = at + text.length;
    this.#next = undefined;
    return text;
  }

  #scan(): WitToken {
    this.#skip();
    const at = this.#at;
    if (at === this.document.text.length) return { kind: 'end', text: 'the end of the file', at };
    const token = this.#word(at) ?? this.#plain('integer', INTEGER, at) ?? this.#plain('symbol', SYMBOL, at);
    if (token === undefined) throw this.error('WIT_SYNTAX', at, 'a character that WIT has no use for');
    return token;
  }

  #word(at: number): WitToken | undefined {
    const text = this.#match(WORD, at);
    if (text === undefined) return undefined;
    this.#at = at + text.length;
    const explicit = text.startsWith('%');
    const name = explicit ? text.slice(1) : text;
    return { kind: explicit || !isKeyword(name) ? 'name' : 'word', text: name, at };
  }

  #plain(kind: 'integer' | 'symbol', pattern: RegExp, at: number): WitToken | undefined {
    const text = this.#match(pattern, at);
    if (text === undefined) return undefined;
    this.#at = at + text.length;
    return { kind, text, at };
  }

  #skip(): void {
    const { text } = this.document;
    for (;;) {
      this.#at += this.#match(SPACE, this.#at)?.length ?? 0;
      if (text.startsWith('//', this.#at)) {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end;
      } else if (text.startsWith('/*', this.#at)) this.#at = this.#endOfComment();
      else return;
    }
  }

  /** Comments nest. */
  #endOfComment(): number {
    const { text } = this.document;
    const marks = /\/\*|\*\//g;
    marks.lastIndex = this.#at;
    let depth = 0;
    for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
      depth += mark[0] === '/*' ? 1 : -1;
      if (depth === 0) return marks.lastIndex;
    }
    throw this.error('WIT_SYNTAX', this.#at, 'the comment has no end');
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.document.text)?.[0];
  }
}
