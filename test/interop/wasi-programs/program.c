// Input, arguments, files, a folder, environment, time, exit status: what wasi-libc asks of WASI.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  char line[100];
  if (fgets(line, sizeof line, stdin)) printf("in %s", line);
  for (int i = 1; i < argc; i++) printf("arg %s\n", argv[i]);
  FILE *file = fopen("/notes.txt", "r");
  if (file) {
    while (fgets(line, sizeof line, file)) printf("file %s\n", line);
    fclose(file);
  } else printf("no file\n");
  DIR *folder = opendir("/");
  for (struct dirent *entry; folder && (entry = readdir(folder));) printf("entry %s\n", entry->d_name);
  file = fopen("/out.txt", "w+");
  if (file) {
    fputs("written", file);
    rewind(file);
    if (fgets(line, sizeof line, file)) printf("%s\n", line);
    fclose(file);
  } else printf("no writing\n");
  printf("env %s\n", getenv("HOME") ? "yes" : "no");
  printf("time %lld\n", (long long)time(0));
  fprintf(stderr, "bye\n");
  return 7;
}
