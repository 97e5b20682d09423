// dependency-cycles: analyze-graph of Parseltongue's world. Finds the strongly connected components of the graph, which are its
// cycles taken together (R. Tarjan, Depth-first search and linear graph algorithms, 1972), without recursion.

#include "graph.h"

#define ANALYZE_GRAPH "parseltongue:plugin/parseltongue-plugin@0.1.0#analyze-graph"

struct strings {
  struct string *items;
  u32 length;
};

struct result {
  struct strings findings;
  float confidence;
  struct strings recommendations;
};

/** `cabi_realloc`: how the host places the arguments. Nothing in this interface is aligned to more than 4, a block to 8. */
EXPORT("cabi_realloc") u32 reallocate(u32 old, u32 old_size, u32 alignment, u32 size) {
  if (size == 0) return alignment;
  u32 block = heap_take(size);
  if (block == 0) __builtin_trap();
  memcpy((void *)block, (void *)old, old_size < size ? old_size : size);
  return block;
}

/** What belongs to one call, arguments, working memory and answer alike, is freed when the host has read the answer. */
EXPORT("cabi_post_" ANALYZE_GRAPH) void after(u32 result) {
  (void)result;
  heap_next = heap_live = 0;
}

struct search {
  const struct graph *graph;
  /** Order of discovery from 1 on, and the least such number reachable; `low` is NONE for a node whose component is complete. */
  u32 *index, *low, found;
  /** Nodes of components that are not complete; nodes being visited, with the next edge of each. */
  u32 *open, open_length;
  u32 *path, *edge, path_length;
  /** Component of each node, in order of completion, and how many there are. */
  u32 *component, components;
};

static struct search new_search(const struct graph *graph) {
  u32 n = graph->nodes + 1;
  struct search s = {graph, numbers(n), numbers(n), 0, numbers(n), 0, numbers(n), numbers(n), 0, numbers(n), 0};
  for (u32 i = 0; i < n; i++) s.index[i] = 0;
  return s;
}

static void enter(struct search *s, u32 node) {
  s->index[node] = s->low[node] = ++s->found;
  s->open[s->open_length++] = node;
  s->edge[s->path_length] = s->graph->first[node];
  s->path[s->path_length++] = node;
}

static void leave(struct search *s) {
  u32 node = s->path[--s->path_length];
  if (s->path_length > 0) {
    u32 parent = s->path[s->path_length - 1];
    if (s->low[node] < s->low[parent]) s->low[parent] = s->low[node];
  }
  if (s->low[node] != s->index[node]) return;
  u32 last;
  do {
    last = s->open[--s->open_length];
    s->component[last] = s->components;
    s->low[last] = NONE;
  } while (last != node);
  s->components += 1;
}

static void visit(struct search *s, u32 start) {
  enter(s, start);
  while (s->path_length > 0) {
    u32 node = s->path[s->path_length - 1];
    if (s->edge[s->path_length - 1] == s->graph->first[node + 1]) {
      leave(s);
      continue;
    }
    u32 to = s->graph->targets[s->edge[s->path_length - 1]++];
    if (s->index[to] == 0) enter(s, to);
    else if (s->low[to] != NONE && s->index[to] < s->low[node]) s->low[node] = s->index[to];
  }
}

/** A text that grows at the end of the memory; it must be finished before anything else is allocated. */
struct writer {
  u8 *at;
  u32 length, capacity;
};

static void put(struct writer *w, const u8 *bytes, u32 length) {
  if (length > w->capacity - w->length) __builtin_trap();
  memcpy(w->at + w->length, bytes, length);
  w->length += length;
}

static void put_text(struct writer *w, const char *text) {
  u32 length = 0;
  while (text[length] != 0) length++;
  put(w, (const u8 *)text, length);
}

static void put_number(struct writer *w, u32 number) {
  u8 digits[10];
  u32 at = sizeof digits;
  do {
    digits[--at] = (u8)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  put(w, digits + at, sizeof digits - at);
}

static struct writer new_writer(u32 capacity) {
  struct writer w = {(u8 *)heap_take(capacity), 0, capacity};
  if (w.at == 0) __builtin_trap();
  return w;
}

static void add(struct strings *strings, const struct writer *w) {
  strings->items[strings->length++] = (struct string){w->at, w->length};
}

/** Edges between nodes of one component, repeated ones once; edges of a node to itself are not counted for more than one node. */
struct shape {
  u32 nodes, edges, loops, text;
};

static struct shape *shapes_of(const struct graph *graph, const struct search *s) {
  struct shape *shapes = (struct shape *)numbers((s->components + 1) * 4);
  u32 *seen = numbers(graph->nodes + 1);
  for (u32 i = 0; i < s->components; i++) shapes[i] = (struct shape){0, 0, 0, 0};
  for (u32 i = 0; i < graph->nodes; i++) seen[i] = NONE;
  for (u32 i = 0; i < graph->nodes; i++) {
    struct shape *shape = &shapes[s->component[i]];
    shape->nodes += 1;
    shape->text += graph->ids[i].length + 2;
    for (u32 k = graph->first[i]; k < graph->first[i + 1]; k++) {
      u32 to = graph->targets[k];
      if (s->component[to] != s->component[i] || seen[to] == i) continue;
      seen[to] = i;
      if (to == i) shape->loops += 1;
      else shape->edges += 1;
    }
  }
  return shapes;
}

static int is_cycle(const struct shape *shape) { return shape->nodes > 1 || shape->loops > 0; }

static void put_members(struct writer *w, const struct graph *graph, const u32 *next, u32 first) {
  for (u32 node = first; node != NONE; node = next[node]) {
    if (node != first) put_text(w, ", ");
    put(w, graph->ids[node].bytes, graph->ids[node].length);
  }
}

static void report(struct result *result, const struct graph *graph, const struct search *s) {
  struct shape *shapes = shapes_of(graph, s);
  // The nodes of each component as a list in the order given.
  u32 *head = numbers(s->components + 1), *next = numbers(graph->nodes + 1);
  for (u32 i = 0; i < s->components; i++) head[i] = NONE;
  for (u32 i = graph->nodes; i-- > 0;) {
    next[i] = head[s->component[i]];
    head[s->component[i]] = i;
  }
  result->findings.items = (struct string *)numbers((s->components + 1) * 2);
  result->recommendations.items = (struct string *)numbers((s->components + 1) * 2);
  for (u32 i = 0; i < graph->nodes; i++) {
    const struct shape *shape = &shapes[s->component[i]];
    if (head[s->component[i]] != i || !is_cycle(shape)) continue;
    struct writer finding = new_writer(shape->text + 64);
    put_number(&finding, shape->nodes);
    put_text(&finding, shape->nodes == 1 ? " node in a cycle with itself: " : " nodes in cycles: ");
    put_members(&finding, graph, next, i);
    add(&result->findings, &finding);
    if (shape->nodes < 2 || shape->edges != shape->nodes || shape->loops > 0) continue;
    struct writer advice = new_writer(shape->text + 96);
    put_text(&advice, "one cycle without branches; removing any one of its edges ends it: ");
    put_members(&advice, graph, next, i);
    add(&result->recommendations, &advice);
  }
}

EXPORT(ANALYZE_GRAPH) const struct result *analyze_graph(const struct node *nodes, u32 length) {
  struct graph graph = graph_of(nodes, length);
  struct search search = new_search(&graph);
  for (u32 i = 0; i < graph.nodes; i++)
    if (search.index[i] == 0) visit(&search, i);
  struct result *result = (struct result *)numbers(sizeof(struct result) / 4);
  *result = (struct result){{0, 0}, 1, {0, 0}};
  if (graph.edges > 0) result->confidence = (float)graph.resolved / (float)graph.edges;
  report(result, &graph, &search);
  return result;
}
