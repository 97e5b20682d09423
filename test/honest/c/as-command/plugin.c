/* Built as a WASI command, as people do who forget -mexec-model=reactor: it has a main that the host never calls. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((export_name("alloc"))) void *lend(int32_t size) { return malloc(size); }
__attribute__((export_name("init"))) void start(void) {}
__attribute__((export_name("execute"))) int32_t execute(const char *params, int32_t length) {
  if (length < 2 || params[0] != '{') {
    fprintf(stderr, "not an object: %.*s\n", (int)length, params);
    return 1;
  }
  return 0;
}

int main(int count, char **arguments) {
  printf("%d arguments, the first is %s\n", count, count > 0 ? arguments[0] : "missing");
  return EXIT_SUCCESS;
}
