// Reads the parameters: one JSON object (RFC 8259) of whole numbers, texts and lists of whole numbers. Members this plugin does
// not know may be any JSON and are checked all the same.
#ifndef PARAMS_H
#define PARAMS_H

#include "../guest/freestanding.h"

#define MAX_ITEMS 16
#define MAX_TEXT 24
#define MAX_DEPTH 16

enum kind { ABSENT, INTEGER, TEXT, INTEGERS, OTHER };

/** A value; `text` ends with a zero, `items` has `count` numbers. */
struct value {
  enum kind kind;
  i32 integer;
  char text[MAX_TEXT];
  i32 items[MAX_ITEMS];
  i32 count;
};

struct reader {
  const u8 *at;
  const u8 *end;
};

static int peek(struct reader *r) { return r->at < r->end ? *r->at : -1; }

static void space(struct reader *r) {
  while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' || peek(r) == '\r') r->at++;
}

static int take(struct reader *r, int wanted) {
  space(r);
  if (peek(r) != wanted) return 0;
  r->at++;
  return 1;
}

static int digits(struct reader *r) {
  const u8 *from = r->at;
  while (peek(r) >= '0' && peek(r) <= '9') r->at++;
  return r->at > from;
}

static int hex4(struct reader *r) {
  for (int i = 0; i < 4; i++, r->at++) {
    int c = peek(r) | 32;
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return 0;
  }
  return 1;
}

/** Keeps a text that is short and has no escapes; any other is `OTHER`, which no parameter accepts. */
static int read_text(struct reader *r, struct value *v) {
  if (!take(r, '"')) return 0;
  int length = 0, plain = 1;
  for (;;) {
    int c = peek(r);
    if (c < 0x20) return 0;
    r->at++;
    if (c == '"') break;
    if (c == '\\') {
      int escaped = peek(r);
      if (r->at < r->end) r->at++;
      if (escaped == 'u' ? !hex4(r) : escaped != '"' && escaped != '\\' && escaped != '/' && escaped != 'b' && escaped != 'f' && escaped != 'n' && escaped != 'r' && escaped != 't') return 0;
      plain = 0;
    } else if (length < MAX_TEXT - 1) v->text[length++] = (char)c;
    else plain = 0;
  }
  v->text[length] = 0;
  v->kind = plain ? TEXT : OTHER;
  return 1;
}

/** A number that is written with a fraction or exponent, or is too large to matter here, is `OTHER`. */
static int read_number(struct reader *r, struct value *v) {
  int negative = peek(r) == '-';
  if (negative) r->at++;
  const u8 *from = r->at;
  if (peek(r) == '0') r->at++;
  else if (!digits(r)) return 0;
  v->kind = r->at - from > 6 ? OTHER : INTEGER;
  v->integer = 0;
  if (v->kind == INTEGER) {
    for (const u8 *digit = from; digit < r->at; digit++) v->integer = v->integer * 10 + (*digit - '0');
    if (negative) v->integer = -v->integer;
  }
  if (peek(r) == '.') {
    r->at++;
    if (!digits(r)) return 0;
    v->kind = OTHER;
  }
  if ((peek(r) | 32) == 'e') {
    r->at++;
    if (peek(r) == '+' || peek(r) == '-') r->at++;
    if (!digits(r)) return 0;
    v->kind = OTHER;
  }
  return 1;
}

static int word(struct reader *r, const char *text) {
  for (; *text != 0; text++, r->at++)
    if (peek(r) != *text) return 0;
  return 1;
}

static int read_value(struct reader *r, struct value *v, int depth);

static int read_list(struct reader *r, struct value *v, int depth) {
  if (!take(r, '[')) return 0;
  enum kind kind = INTEGERS;
  i32 count = 0;
  struct value item;
  if (!take(r, ']')) {
    do {
      if (!read_value(r, &item, depth + 1)) return 0;
      if (item.kind != INTEGER || count == MAX_ITEMS) kind = OTHER;
      else v->items[count++] = item.integer;
    } while (take(r, ','));
    if (!take(r, ']')) return 0;
  }
  v->kind = kind;
  v->count = count;
  return 1;
}

static int read_object(struct reader *r, struct value *v, int depth) {
  struct value ignored;
  if (!take(r, '{')) return 0;
  v->kind = OTHER;
  if (take(r, '}')) return 1;
  do {
    if (!read_text(r, &ignored) || !take(r, ':') || !read_value(r, &ignored, depth + 1)) return 0;
  } while (take(r, ','));
  return take(r, '}');
}

static int read_value(struct reader *r, struct value *v, int depth) {
  if (depth > MAX_DEPTH) return 0;
  space(r);
  switch (peek(r)) {
    case '"': return read_text(r, v);
    case '[': return read_list(r, v, depth);
    case '{': return read_object(r, v, depth);
    case 't': v->kind = OTHER; return word(r, "true");
    case 'f': v->kind = OTHER; return word(r, "false");
    case 'n': v->kind = OTHER; return word(r, "null");
    default: return read_number(r, v);
  }
}

static int same_text(const char *one, const char *other) {
  while (*one != 0 && *one == *other) one++, other++;
  return *one == *other;
}

struct param {
  const char *name;
  struct value *value;
};

/** Fills the named values, the first of each name; 0 when the text is not one JSON object. */
static int read_params(const u8 *text, u32 length, const struct param *params, int count) {
  struct reader r = {text, text + length};
  struct value name, value;
  if (!take(&r, '{')) return 0;
  if (!take(&r, '}')) {
    do {
      if (!read_text(&r, &name) || !take(&r, ':') || !read_value(&r, &value, 1)) return 0;
      for (int i = 0; name.kind == TEXT && i < count; i++)
        if (same_text(params[i].name, name.text) && params[i].value->kind == ABSENT) *params[i].value = value;
    } while (take(&r, ','));
    if (!take(&r, '}')) return 0;
  }
  space(&r);
  return r.at == r.end;
}

#endif
