/* Counts the nodes of a graph: a component without WASI. Memory comes from one block that each call empties. */
#include <stddef.h>
#include <stdint.h>

#define PLUGIN "parseltongue:plugin/parseltongue-plugin@0.1.0#analyze-graph"

struct text { char *at; size_t length; };
struct list { void *at; size_t length; };
struct node { struct text id, type; struct list metadata; };
struct result { struct list findings; float confidence; struct list recommendations; };

__attribute__((import_module("parseltongue:plugin/host-log@0.1.0"), import_name("log")))
void host_log(int32_t level, const char *message, size_t length);

static unsigned char block[1 << 20] __attribute__((aligned(16)));
static size_t used;

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  size_t start = (used + alignment - 1) & ~(alignment - 1);
  if (size > sizeof block || start > sizeof block - size) __builtin_trap();
  used = start + size;
  for (size_t i = 0; i < old_size && i < size; i++) block[start + i] = ((unsigned char *)old)[i];
  return block + start;
}

static struct result result;
static struct text finding;
static char words[32];

__attribute__((export_name(PLUGIN))) struct result *analyze_graph(struct node *nodes, size_t length) {
  (void)nodes;
  size_t at = sizeof words, rest = length;
  do words[--at] = '0' + rest % 10; while (rest /= 10);
  finding = (struct text){words + at, sizeof words - at};
  result = (struct result){{&finding, 1}, 1, {NULL, 0}};
  host_log(1, "counted", 7);
  return &result;
}

__attribute__((export_name("cabi_post_" PLUGIN))) void done(struct result *given) {
  (void)given;
  used = 0;
}
