/* Reads the files of the workspace with stdio and dirent and finds lines that are too long. Declares read:workspace. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))
static char answer[512];

EXPORT(alloc) void *lend(int32_t size) { return malloc(size); }
EXPORT(dealloc) void take_back(void *block, int32_t size) { (void)size; free(block); }
EXPORT(library_name) const char *name(void) { return "\"line_length\""; }

EXPORT(library_call) const char *call(const char *function, const char *args, const char *workspace) {
  (void)args, (void)workspace;
  snprintf(answer, sizeof answer, "{\"error\":\"there is no function %.100s\"}", function);
  return answer;
}

static int longest_line(const char *path) {
  FILE *file = fopen(path, "r");
  int longest = 0, length = 0, character;
  if (!file) return -1;
  while ((character = fgetc(file)) != EOF) {
    length = character == '\n' ? 0 : length + 1;
    if (length > longest) longest = length;
  }
  fclose(file);
  return longest;
}

EXPORT(library_check) const char *check(const char *function, const char *args, const char *workspace) {
  (void)function;
  int allowed = atoi(args + strcspn(args, "0123456789"));
  char folder[256] = "", path[512];
  sscanf(workspace, "\"%255[^\"]", folder);
  DIR *entries = opendir(folder);
  if (!entries) return "{\"status\":\"error\",\"message\":\"the workspace cannot be read\"}";
  for (struct dirent *entry; (entry = readdir(entries));) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (longest_line(path) <= allowed) continue;
    snprintf(answer, sizeof answer, "{\"status\":\"fail\",\"message\":\"%.200s has a line that is too long\"}", entry->d_name);
    closedir(entries);
    return answer;
  }
  closedir(entries);
  return "{\"status\":\"pass\"}";
}
