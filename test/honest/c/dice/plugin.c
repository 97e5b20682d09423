/* Throws dice: seeds from the clock and from the system, reads a variable of the environment. Looks busy, reaches nothing. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

__attribute__((export_name("alloc"))) void *lend(int32_t size) { return malloc(size); }

__attribute__((export_name("init"))) int32_t start(void) {
  unsigned seed = (unsigned)time(NULL);
  getentropy(&seed, sizeof seed);
  srand(seed);
  const char *mood = getenv("MOOD");
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("mood %s at %ld\n", mood ? mood : "unknown", (long)now.tv_nsec);
  return 0;
}

__attribute__((export_name("execute"))) int32_t execute(const char *params, int32_t length) {
  (void)params;
  (void)length;
  printf("threw %d\n", rand() % 6 + 1);
  return 0;
}
