/* Lets a note through when it is loud enough. malloc, puts and snprintf of wasi-libc. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((import_module("conductor"), import_name("set_result"))) void set_result(const char *text, int32_t length);

__attribute__((export_name("alloc"))) void *lend(int32_t size) { return malloc(size); }
__attribute__((export_name("dealloc"))) void take_back(void *block, int32_t size) { (void)size; free(block); }
__attribute__((export_name("init"))) int32_t start(void) { puts("velocity gate ready"); return 0; }

static long number_after(const char *text, const char *key, long otherwise) {
  const char *found = strstr(text, key);
  return found ? strtol(found + strlen(key), NULL, 10) : otherwise;
}

__attribute__((export_name("execute"))) int32_t execute(const char *params, int32_t length) {
  char *text = malloc(length + 1);
  if (!text) abort();
  memcpy(text, params, length);
  text[length] = 0;
  long velocity = number_after(text, "\"velocity\":", 0), least = number_after(text, "\"least\":", 64);
  char answer[64];
  int used = snprintf(answer, sizeof answer, "{\"velocity\":%ld}", velocity >= least ? velocity : 0);
  set_result(answer, used);
  free(text);
  return 0;
}
