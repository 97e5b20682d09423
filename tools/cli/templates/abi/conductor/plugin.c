// Moves a note by a number of semitones. `execute` gets the mapping's parameters as JSON and hands JSON back.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

__attribute__((import_module("conductor"), import_name("set_result"))) void set_result(const char *text, int32_t length);

EXPORT(alloc) void *lend(int32_t size) { return malloc(size > 0 ? size : 1); }
EXPORT(dealloc) void take_back(void *block, int32_t size) { (void)size, free(block); }
EXPORT(init) void start(void) {}

static int32_t answer(int32_t status, const char *text) {
  set_result(text, strlen(text));
  return status;
}

// The whole number behind a key; 0 for "is not there". Enough for flat parameters; take a JSON library for more.
static int number_after(const char *text, const char *key, long long *number) {
  const char *at = strstr(text, key);
  char *end;
  if (!at) return 0;
  at += strlen(key);
  at += strspn(at, " \t\r\n");
  if (*at++ != ':') return 0;
  *number = strtoll(at, &end, 10);
  return end != at;
}

EXPORT(execute) int32_t execute(const char *params, int32_t length) {
  char *text = malloc(length + 1), moved[40];
  long long note, semitones = 0;
  if (!text) return answer(1, "{\"error\":\"no memory\"}");
  memcpy(text, params, length);
  text[length] = 0;
  int found = number_after(text, "\"note\"", &note);
  number_after(text, "\"semitones\"", &semitones);
  free(text);
  if (!found) return answer(1, "{\"error\":\"there is no note\"}");
  // Each alone, so that their sum cannot overflow.
  if (note < 0 || note > 127 || semitones < -note || semitones > 127 - note)
    return answer(1, "{\"error\":\"the note would leave 0 to 127\"}");
  snprintf(moved, sizeof moved, "{\"note\":%lld}", note + semitones);
  return answer(0, moved);
}
