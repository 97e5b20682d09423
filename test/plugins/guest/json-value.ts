// A small JSON reader for the example plugins (AssemblyScript). It accepts RFC 8259 and nothing else, keeps object members in
// order, and answers null for any malformed text: a plugin must never trap on what a host or a user handed it.

export enum JsonKind {
  Null,
  Boolean,
  Number,
  Text,
  List,
  Object,
}

/** Nesting a reader follows; deeper input is refused so that it cannot exhaust the stack. */
const MAX_DEPTH: i32 = 64;

export class JsonValue {
  kind: JsonKind = JsonKind.Null;
  /** Value of a number; 1 or 0 for true and false. */
  number: f64 = 0;
  text: string = '';
  /** Members of a list or, in the order of `keys`, of an object. */
  items: JsonValue[] = [];
  keys: string[] = [];

  /** Member of an object; null when absent or when this is not an object. A repeated key: the last one. */
  get(key: string): JsonValue | null {
    for (let i = this.keys.length - 1; i >= 0; i--) {
      if (this.keys[i] == key) return this.items[i];
    }
    return null;
  }

  isText(): bool {
    return this.kind == JsonKind.Text;
  }

  isNumber(): bool {
    return this.kind == JsonKind.Number;
  }
}

export function parseJson(text: string): JsonValue | null {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.skipSpace();
  return reader.failed || reader.at != text.length ? null : value;
}

class JsonReader {
  at: i32 = 0;
  failed: bool = false;

  constructor(private text: string) {}

  value(depth: i32): JsonValue {
    this.skipSpace();
    const value = new JsonValue();
    if (depth > MAX_DEPTH || this.at >= this.text.length) return this.fail(value);
    const first = this.text.charCodeAt(this.at);
    if (first == 0x22) {
      value.kind = JsonKind.Text;
      value.text = this.quoted();
    } else if (first == 0x5b) {
      this.list(value, depth);
    } else if (first == 0x7b) {
      this.object(value, depth);
    } else if (first == 0x2d || isDigit(first)) {
      this.number(value);
    } else {
      this.word(value);
    }
    return value;
  }

  skipSpace(): void {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code != 0x20 && code != 0x0a && code != 0x0d && code != 0x09) return;
      this.at++;
    }
  }

  private fail(value: JsonValue): JsonValue {
    this.failed = true;
    this.at = this.text.length;
    return value;
  }

  private take(code: i32): bool {
    this.skipSpace();
    if (this.at >= this.text.length || this.text.charCodeAt(this.at) != code) return false;
    this.at++;
    return true;
  }

  private list(value: JsonValue, depth: i32): void {
    value.kind = JsonKind.List;
    this.at++;
    if (this.take(0x5d)) return;
    do {
      value.items.push(this.value(depth + 1));
    } while (!this.failed && this.take(0x2c));
    if (!this.take(0x5d)) this.fail(value);
  }

  private object(value: JsonValue, depth: i32): void {
    value.kind = JsonKind.Object;
    this.at++;
    if (this.take(0x7d)) return;
    do {
      this.skipSpace();
      if (this.at >= this.text.length || this.text.charCodeAt(this.at) != 0x22) {
        this.fail(value);
        return;
      }
      value.keys.push(this.quoted());
      if (!this.take(0x3a)) this.fail(value);
      value.items.push(this.value(depth + 1));
    } while (!this.failed && this.take(0x2c));
    if (!this.take(0x7d)) this.fail(value);
  }

  private word(value: JsonValue): void {
    if (this.text.startsWith('null', this.at)) {
      this.at += 4;
    } else if (this.text.startsWith('true', this.at)) {
      value.kind = JsonKind.Boolean;
      value.number = 1;
      this.at += 4;
    } else if (this.text.startsWith('false', this.at)) {
      value.kind = JsonKind.Boolean;
      this.at += 5;
    } else {
      this.fail(value);
    }
  }

  private number(value: JsonValue): void {
    value.kind = JsonKind.Number;
    const start = this.at;
    if (this.peek() == 0x2d) this.at++;
    if (this.peek() == 0x30) this.at++;
    else if (!this.digits()) this.fail(value);
    if (this.peek() == 0x2e) {
      this.at++;
      if (!this.digits()) this.fail(value);
    }
    if ((this.peek() | 0x20) == 0x65) {
      this.at++;
      if (this.peek() == 0x2b || this.peek() == 0x2d) this.at++;
      if (!this.digits()) this.fail(value);
    }
    if (!this.failed) value.number = parseFloat(this.text.substring(start, this.at));
  }

  private peek(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private digits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  private quoted(): string {
    let out = '';
    let from = ++this.at;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code < 0x20) break;
      if (code == 0x22) {
        out += this.text.substring(from, this.at++);
        return out;
      }
      if (code == 0x5c) {
        out += this.text.substring(from, this.at) + this.escape();
        from = this.at;
      } else {
        this.at++;
      }
    }
    this.failed = true;
    this.at = this.text.length;
    return out;
  }

  private escape(): string {
    this.at++;
    const code = this.peek();
    this.at++;
    if (code == 0x75) return this.unicode();
    const index = 'bfnrt"\\/'.indexOf(String.fromCharCode(code));
    if (code < 0 || index < 0) {
      this.failed = true;
      return '';
    }
    return '\b\f\n\r\t"\\/'.charAt(index);
  }

  private unicode(): string {
    let code = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexValue(this.peek());
      if (digit < 0) {
        this.failed = true;
        return '';
      }
      code = (code << 4) | digit;
      this.at++;
    }
    return String.fromCharCode(code);
  }
}

function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

function hexValue(code: i32): i32 {
  if (isDigit(code)) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
