/* The largest sample of every channel, printed with a decimal point. Reads the data it is given, writes its result. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FROM_HOST(name) __attribute__((import_module("ddalab"), import_name(#name)))
FROM_HOST(channel_count) int32_t channel_count(void);
FROM_HOST(channel_length) int32_t channel_length(int32_t channel);
FROM_HOST(channel_read) int32_t channel_read(int32_t channel, int32_t first, int32_t count, double *into);
FROM_HOST(result_write) int32_t result_write(const char *text, int32_t length);
FROM_HOST(log) void host_log(int32_t level, const char *text, int32_t length);

__attribute__((export_name("alloc"))) void *lend(int32_t size) { return malloc(size); }

__attribute__((export_name("analyze"))) int32_t analyze(const char *options, int32_t length) {
  (void)options, (void)length;
  char text[1024] = "[";
  for (int32_t channel = 0; channel < channel_count(); channel++) {
    int32_t count = channel_length(channel);
    double *samples = malloc(count * sizeof *samples), peak = 0;
    if (!samples || channel_read(channel, 0, count, samples) != count) {
      const char *problem = "a channel could not be read";
      host_log(3, problem, strlen(problem));
      free(samples);
      return 1;
    }
    for (int32_t i = 0; i < count; i++) peak = fmax(peak, fabs(samples[i]));
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%.3f", channel ? "," : "", peak);
    free(samples);
  }
  strncat(text, "]", sizeof text - strlen(text) - 1);
  return result_write(text, strlen(text));
}
