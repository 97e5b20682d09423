// A library with one function, count, and one check, all_different, over a list of texts. Arguments and answers are JSON.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

// The text lent to the host until the next call.
static char *answer;

EXPORT(alloc) void *lend(int32_t size) { return malloc(size > 0 ? size : 1); }
EXPORT(dealloc) void take_back(void *block, int32_t size) { (void)size, free(block); }
EXPORT(library_name) const char *name(void) { return "\"__IDENTIFIER__\""; }

// The next text of a JSON value: its first byte, past the quote, and its length, escapes and all. NULL at the end.
static const char *next_text(const char **at, size_t *length) {
  const char *start = strchr(*at, '"');
  if (!start) return NULL;
  const char *end = ++start;
  while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
  *length = end - start;
  *at = *end ? end + 1 : end;
  return start;
}

EXPORT(library_call) const char *call(const char *function, const char *args, const char *workspace) {
  (void)workspace;
  size_t length, count = 0;
  if (strcmp(function, "\"count\"")) return "{\"error\":\"there is no such function\"}";
  while (next_text(&args, &length)) count++;
  free(answer);
  answer = malloc(64);
  if (answer) sprintf(answer, "{\"ok\":%zu}", count);
  return answer;
}

EXPORT(library_check) const char *check(const char *function, const char *args, const char *workspace) {
  (void)workspace;
  const char *text, *other;
  size_t length, other_length;
  if (strcmp(function, "\"all_different\"")) return "{\"status\":\"error\",\"message\":\"there is no such check\"}";
  while ((text = next_text(&args, &length))) {
    for (const char *rest = args; (other = next_text(&rest, &other_length));) {
      if (length != other_length || memcmp(text, other, length)) continue;
      free(answer);
      answer = malloc(length + 64);
      // The text is put into JSON as it was taken from it.
      if (answer) sprintf(answer, "{\"status\":\"fail\",\"message\":\"%.*s occurs twice\"}", (int)length, text);
      return answer;
    }
  }
  return "{\"status\":\"pass\"}";
}
